"""A parent asks what fits the rest of the certificate, and goes from a set to a club's card and its request."""

from dataclasses import replace
from datetime import date, time

from bot.dialogs.catalogue import BrowsePrograms
from bot.dialogs.certificate_card import ShowCertificate
from bot.dialogs.doors import open_door
from bot.dialogs.fitting import ChooseWhoseRest, ReadSet, ShowSets
from bot.domain.calendar import Span
from bot.domain.catalogue import (
    Direction,
    Filters,
    FindPrograms,
    Found,
    GroupLine,
    OneProgram,
    ProgramCard,
    ProgramLine,
    Registry,
)
from bot.domain.certificate import Card as CertificateCard
from bot.domain.certificate import CertificateKind, CertificateState, ReadCertificate
from bot.domain.clashes import Course
from bot.domain.enrollment_seen import GroupsOf, WeighRequest
from bot.domain.family import ChildSeen, MyChildren, Rights
from bot.domain.fitting import Candidate, ClubSet, SetsFor, SetsSeen
from bot.domain.gate_refusals import NoFreeSeat
from bot.domain.home import OtherChannels
from bot.domain.lessons import Lesson
from bot.domain.money import ZERO, Money
from tests.samples import sample
from tests.story import CONSENTED, Story

ANNA = ChildSeen(7, "Anna", "Petrova", date(2017, 3, 14), Rights.FULL)
BORIS = replace(ANNA, id=8, first_name="Boris")
REST = Span(date(2026, 12, 1), date(2027, 5, 31))
MONDAYS = Course(7, REST, (Lesson(1, time(15), time(16)),), 1, "Lenin street, 1")
CHESS = Candidate(3, "Chess", "House of Arts", 30, Direction.SPORT, "Chess", MONDAYS, Money(500_000), ZERO, True, 450)
DANCE = replace(CHESS, program=4, program_name="Dance", group=40, cost=Money(10_000), own=Money(29), torn=True)
BOTH = ClubSet((CHESS, DANCE), Money(500_000), Money(110_000))
ALONE = ClubSet((CHESS,), Money(500_000), Money(110_000))
SEEN = SetsSeen(7, "Anna", Span(date(2026, 9, 1), date(2027, 5, 31)), Money(610_000), (BOTH, ALONE))
CARD = ProgramCard(
    3, "Chess", "", "", Direction.SPORT, Registry.CERTIFIED, 7, 12, False, True, "House of Arts", "", "", True, True, "",
    None, None, 0,
    (GroupLine(30, "Group 1", "", REST, MONDAYS.lessons, "", "Lenin street, 1", "", 10, 2, True, Money(500_000)),),
)  # fmt: skip


def test_a_set_leads_to_its_clubs_and_a_club_to_its_request_with_the_child_and_the_group_known() -> None:
    parent = Story(ShowSets(7), {SetsFor(7): SEEN, OneProgram(3): CARD})
    parent.sees("Anna: ₽6,100 are free.", "What is not spent by May 31, 2027 burns.")
    parent.sees(
        "1. ₽5,000, ₽1,100 would be left, and you pay ₽0.29 yourself",
        "«Chess»: Mon 15:00–16:00",
        "1. Chess + Dance",
        "2. Chess",
    )
    parent.taps("1. Chess + Dance")
    parent.sees("Together: ₽5,000. On the certificate ₽1,100 would be left.", "«Chess», House of Arts")
    parent.sees(
        "You would pay ₽0.29", "Lessons: December 1, 2026 – May 31, 2027", "If one adult brings several children"
    )
    parent.taps("Chess")
    parent.sees("House of Arts", "Enrol")
    parent.world |= {WeighRequest(7, 30): NoFreeSeat(30), GroupsOf(3): ()}
    parent.taps("Enrol")
    parent.sees("no free place in this group")


def test_money_that_is_not_there_yet_is_said_to_come_with_the_first_request() -> None:
    parent = Story(ShowSets(7), {SetsFor(7): replace(SEEN, first=True)})
    parent.sees("Anna: ₽6,100 come with the first request for a paid club.", "1. Chess + Dance")
    parent.does_not_see("burns")


def test_free_clubs_are_said_once_to_be_free() -> None:
    free = ClubSet((replace(CHESS, cost=ZERO),), ZERO, Money(610_000))
    parent = Story(ShowSets(7), {SetsFor(7): replace(SEEN, sets=(free,))})
    parent.sees("No paid club fits, but free ones do", "1.\n• «Chess»")
    parent.taps("1. Chess")
    parent.sees("Together, and free:")
    parent.does_not_see("nothing is paid")


def test_what_changed_meanwhile_shows_what_fits_now() -> None:
    parent = Story(ShowSets(7), {SetsFor(7): SEEN})
    parent.taps("2. Chess")
    parent.world[SetsFor(7)] = replace(SEEN, sets=())
    parent.sends("sticker")
    parent.sees("Meanwhile something has changed", "No club fits now", "Find a club")


def test_without_money_the_next_step_is_named() -> None:
    reasons = {
        "no_certificate": "no certificate yet",
        "accounting": "no money",
        "queued": "families wait for one in a queue",
        "pending": "not issued",
        "no_money": "free",
    }
    for why, words in reasons.items():
        nothing = SetsSeen(7, "Anna", None, ZERO, why=why)
        Story(ShowSets(7), {SetsFor(7): nothing}).sees("Anna:", words, "Certificate", "Find a club")
    Story(ShowSets(7), {SetsFor(7): None}).sees("I cannot find this among your children")


def test_after_a_search_only_what_it_found_is_looked_at_and_all_clubs_are_one_tap_away() -> None:
    filters = Filters(words="chess")
    line = ProgramLine(3, "Chess", "House of Arts", Registry.CERTIFIED, 7, 12, Money(500_000), False, 2)
    world = {FindPrograms(filters): Found(1, 0, 1, (line,)), MyChildren(): (ANNA,)}
    nothing = replace(SEEN, sets=())
    parent = Story(BrowsePrograms(filters), {**world, SetsFor(7, filters=filters): nothing, SetsFor(7): SEEN})
    parent.taps("Fits the rest")
    parent.sees("None of the clubs that were found fits", "Look among all clubs")
    parent.taps("Look among all clubs")
    parent.sees("1. Chess + Dance")
    free = replace(filters, price="free")
    Story(BrowsePrograms(free), {FindPrograms(free): Found(1, 0, 1, (line,))}).does_not_see("Fits the rest")


def test_with_several_children_it_is_asked_whose_certificate_pays_unless_only_one_can() -> None:
    filters = Filters(age=9)
    parent = Story(ChooseWhoseRest(filters), {MyChildren(): (ANNA, BORIS), SetsFor(8, filters=filters): SEEN})
    parent.types("both")
    parent.sees("Please choose one of the buttons.")
    parent.taps("Boris")
    parent.sees("1. Chess + Dance", "Look among all clubs")
    Story(ChooseWhoseRest(filters), {MyChildren(): ()}).sees("do not know your children yet")
    paid = replace(BORIS, certificate_state=CertificateState.ACTIVE)
    parent = Story(ChooseWhoseRest(filters), {MyChildren(): (ANNA, paid), SetsFor(8, filters=filters): SEEN})
    parent.sees("1. Chess + Dance")


def test_the_certificates_card_and_a_door_lead_there() -> None:
    funded = replace(sample(CertificateCard), child=7, state=CertificateState.ACTIVE, kind=CertificateKind.FUNDED)
    parent = Story(ShowCertificate(7), {ReadCertificate(7): funded, SetsFor(7): SEEN})
    parent.taps("What fits the rest")
    parent.sees("₽6,100 are free")
    assert open_door("fits_7") == ShowSets(7)
    assert open_door("fits:7:50") == ShowSets(7, 50)
    assert open_door("fits:") is open_door("fits:x") is open_door("fits:7:x") is None


def test_on_an_impersonal_channel_it_is_shown_elsewhere() -> None:
    for state in (ShowSets(7), ReadSet(7, (30,)), ChooseWhoseRest(Filters())):
        parent = Story(state, {OtherChannels(): ()}, reader=replace(CONSENTED, impersonal=True))
        parent.sees("may not show or ask anything about a child")
