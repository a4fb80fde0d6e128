"""A parent asks for a place, sees what it costs and what comes of it; and decides about what it has (R4, R5, R6)."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from cryptography.fernet import Fernet

from bot.dialogs.codec import decode, encode
from bot.dialogs.core import State
from bot.dialogs.enrollment import ChooseChildFor, ReadEnrollment, ShowEnrollments
from bot.dialogs.enrollment_actions import LeaveClub
from bot.dialogs.enrollment_request import AgreeToPay, ConfirmRequest, SeeRefusal
from bot.domain import enrollment_facts as facts
from bot.domain import enrollment_refusals as refusals
from bot.domain import gate_refusals as gate
from bot.domain.calendar import Span
from bot.domain.certificate import CertificateKind, CertificateState
from bot.domain.clashes import Clash, Course
from bot.domain.enrollment import (
    ApproveRequest,
    ConcludeOffer,
    ConfirmClaim,
    DenyClaim,
    EndEnrollment,
    EnrollmentState,
    OpenDispute,
    RequestEnrollment,
    SwitchGroup,
    WithdrawRequest,
)
from bot.domain.enrollment_seen import (
    EnrollmentLine,
    EnrollmentSeen,
    GroupOpen,
    GroupsOf,
    GroupsToSwitch,
    MonthPlanned,
    MyEnrollments,
    Offered,
    OneEnrollment,
    Switched,
    WeighRequest,
    WeighSwitch,
)
from bot.domain.family import ChildSeen, MyChildren, Rights
from bot.domain.forecast import Leaving
from bot.domain.lessons import Lesson
from bot.domain.messages import Command, Query, Refusal
from bot.domain.money import ZERO, Money
from bot.domain.pricing import Installments, quote
from bot.storage.keys import Keys
from tests.story import Story

S = EnrollmentState
ANNA = ChildSeen(
    1, "Anna", "Petrova", date(2009, 3, 14), Rights.FULL, CertificateState.ACTIVE, 7, CertificateKind.FUNDED
)
IVAN = replace(ANNA, id=2, first_name="Ivan")
GROUP = GroupOpen(
    4,
    "Year 1",
    "Group 1",
    Span(date(2017, 9, 1), date(2017, 12, 31)),
    (Lesson(1, time(15), time(16)), Lesson(5, time(15), time(16))),
    "Lenin street, 1",
    3,
    True,
)
OTHER = replace(GROUP, id=5, name="Group 2", free=0)
R46 = quote(
    Money(879_206), None, Money(1_000_000), date(2017, 9, 4), date(2017, 12, 31), date(2017, 9, 4), date(2017, 12, 31)
)
R47 = quote(
    Money(261_429), None, Money(234_133), date(2017, 9, 1), date(2017, 12, 31), date(2017, 9, 1), date(2017, 12, 31)
)
OFFERED = Offered(
    child=1,
    child_name="Anna",
    program=3,
    program_name="Robots",
    provider="House of Arts",
    group=GROUP,
    start=date(2017, 9, 4),
    stop=date(2017, 12, 31),
    earliest=date(2017, 9, 1),
    quote=R46,
    left=Money(120_794),
    free_of_charge=False,
    needs_yes=False,
    answer_days=5,
    pay_day=10,
)
SHORT = replace(OFFERED, start=date(2017, 9, 1), quote=R47, left=ZERO)
WISH = RequestEnrollment(1, 4, date(2017, 9, 4), R46)
SENT = facts.Requested(1, 50, Money(879_206), Money(120_794), date(2017, 9, 8))
CARD = EnrollmentSeen(
    id=50,
    child=1,
    child_name="Anna",
    program=3,
    program_name="Robots",
    provider="House of Arts",
    provider_phone="+78150000000",
    group=GROUP,
    state=S.REQUESTED,
    rights="full",
    by="guardian",
    start=date(2017, 9, 4),
    stop=date(2017, 12, 31),
    until=date(2017, 9, 8),
    ends_on=None,
    ended_by="",
    reason="",
    overdue=False,
    needs_yes=False,
    disputed=False,
    certificate=R46.certificate,
    parent=R46.parent,
    months=tuple(MonthPlanned(month, part, ZERO) for month, part in R46.certificate.plan(date(2017, 9, 4))),
    held=Money(879_206),
    begun=False,
    pay_day=10,
    may_rate=False,
    other_groups=0,
)
ACTIVE = replace(
    CARD,
    state=S.ACTIVE,
    begun=True,
    until=None,
    held=Money(679_722),
    leaving=Leaving(50, "Robots", date(2017, 9, 30), ZERO, Money(679_722), Money(800_516), date(2018, 5, 31)),
    months=(replace(CARD.months[0], charged=Money(199_484)), *CARD.months[1:]),
)
WORLD: dict[Query[Any] | Command, Any] = {
    MyChildren(): (ANNA,),
    GroupsOf(3): (GROUP,),
    WeighRequest(1, 4): OFFERED,
    WeighRequest(1, 4, date(2017, 9, 4)): OFFERED,
    WISH: SENT,
    OneEnrollment(50): CARD,
}


def parent_at(card: EnrollmentSeen) -> Story:
    """A parent who has opened an enrollment's card."""
    return Story(ReadEnrollment(card.id), {OneEnrollment(card.id): card})


# --- the request ------------------------------------------------------------------------------------------------------


def test_with_one_child_and_one_group_the_first_screen_is_the_price_and_the_terms() -> None:
    parent = Story(ChooseChildFor(3), WORLD)
    parent.sees("Anna: Robots", "House of Arts", "Year 1, Group 1", "Mon, Fri 15:00–16:00", "Lenin street, 1")
    parent.sees("September 4, 2017 to December 31, 2017", "3 free places")
    parent.sees("The certificate pays: ₽8,792.06")
    parent.sees("₽1,994.84 for the first month, ₽2,265.74 for each of the 3 months after it")
    parent.sees("You pay nothing yourself", "On the certificate after that: ₽1,207.94", "answers within 5 days")


def test_money_that_comes_with_the_first_request_is_named_before_it_is_sent() -> None:
    """R2.3."""
    first = replace(OFFERED, granted=Money(1_000_000))
    parent = Story(ChooseChildFor(3), {**WORLD, **{query: first for query, seen in WORLD.items() if seen is OFFERED}})
    parent.sees("With this request the certificate gets ₽10,000.", "On the certificate after that: ₽1,207.94")


def test_sending_shows_the_card_with_what_is_held_and_what_is_left_and_there_is_no_way_back() -> None:
    parent = Story(ChooseChildFor(3), WORLD)
    parent.taps("Send the request")
    parent.sees(
        "The request is sent!",
        "answers the request by September 8, 2017",
        "₽8,792.06 is set aside; ₽1,207.94 is left",
    )
    assert parent.state == ReadEnrollment(50)
    parent.does_not_see("Back")
    parent.sees("Find a club")
    assert parent.asked.count(WISH) == 1


def test_the_familys_own_part_is_confirmed_apart_month_by_month() -> None:
    wish = RequestEnrollment(1, 4, date(2017, 9, 1), R47, pays=True)
    world = {**WORLD, WeighRequest(1, 4): SHORT, WeighRequest(1, 4, date(2017, 9, 1)): SHORT, wish: SENT}
    parent = Story(ChooseChildFor(3), world)
    parent.sees(
        "The certificate pays: ₽2,341.33",
        "₽575.74 for the first month, ₽588.53 for each of the 3 months after it",
    )
    parent.sees("You pay the provider yourself: ₽272.96", "₽67.13 for the first month, ₽68.61 for each")
    parent.does_not_see("Send the request", "There is more on the certificate")
    parent.taps("Continue")
    parent.sees("The certificate does not cover all of it", "₽272.96", "directly")
    parent.taps("I agree")
    parent.sees("The request is sent!")


def test_why_a_family_pays_while_money_is_left_is_said() -> None:
    """R4.3: the normative."""
    left = replace(SHORT, left=Money(100))
    Story(ChooseChildFor(3), {**WORLD, WeighRequest(1, 4, date(2017, 9, 1)): left, WeighRequest(1, 4): left}).sees(
        "There is more on the certificate, but for this club"
    )


def test_a_price_that_changes_meanwhile_is_shown_anew_and_nothing_is_sent() -> None:
    cheaper = replace(OFFERED, quote=R47, left=ZERO)
    world = {**WORLD, WISH: gate.DifferentNow(R47)}
    parent = Story(ChooseChildFor(3), world)
    parent.world[WeighRequest(1, 4, date(2017, 9, 4))] = cheaper
    parent.taps("Send the request")
    parent.sees("The price or the balance has changed", "₽2,341.33", "Continue")


def test_the_own_part_that_changes_meanwhile_leads_back_to_the_price() -> None:
    wish = RequestEnrollment(1, 4, date(2017, 9, 1), R47, pays=True)
    changed = replace(OFFERED, start=date(2017, 9, 1))
    world = {
        **WORLD,
        WeighRequest(1, 4): SHORT,
        WeighRequest(1, 4, date(2017, 9, 1)): SHORT,
        wish: gate.DifferentNow(R46),
    }
    parent = Story(ChooseChildFor(3), world)
    parent.taps("Continue")
    parent.world[WeighRequest(1, 4, date(2017, 9, 1))] = changed
    parent.taps("I agree")
    parent.sees("The price or the balance has changed", "₽8,792.06", "Send the request")


def test_several_children_and_groups_are_chosen_from() -> None:
    world = {**WORLD, MyChildren(): (ANNA, IVAN), GroupsOf(3): (OTHER, GROUP)}
    parent = Story(ChooseChildFor(3), world)
    parent.sees("Who would like to go there?", "Anna", "Ivan")
    parent.taps("Anna")
    parent.sees("Which group?", "no free places", "3 free places")
    parent.taps("Group 1")
    parent.sees("Anna: Robots")
    parent.taps("Back")
    parent.sees("Which group?")


def test_a_grandmother_may_look_but_not_ask_and_a_stranger_is_led_to_the_certificate() -> None:
    Story(ChooseChildFor(3), {MyChildren(): (replace(ANNA, rights=Rights.READ),)}).sees("the child's parents decide")
    newcomer = Story(ChooseChildFor(3), {MyChildren(): ()})
    newcomer.sees("I do not know your children yet", "To the certificate")


def test_another_start_date_is_a_lesson_to_tap_or_a_day_to_type() -> None:
    later = replace(OFFERED, start=date(2017, 9, 15))
    parent = Story(ChooseChildFor(3), {**WORLD, WeighRequest(1, 4, date(2017, 9, 15)): later})
    parent.taps("Another start date")
    parent.sees("September 1, 2017", "September 8, 2017", "write a day")
    parent.types("soon")
    parent.sees("I am not sure which day that is")
    parent.types("15.09.2017")
    parent.sees("Lessons from September 15, 2017")
    parent.taps("Another start date")
    parent.types("15 сентября")
    parent.sees("Lessons from September 15, 2017")
    parent.taps("Another start date")
    parent.types("15.13")
    parent.sees("There is no such day in the calendar.")
    parent.taps("September 15")
    parent.sees("Lessons from September 15, 2017")


def test_an_unfinished_request_is_continued_from_home() -> None:
    from bot.domain.home import HomeNews, News

    parent = Story(ChooseChildFor(3), {**WORLD, HomeNews(): News()})
    parent.taps("Menu")
    parent.taps("Continue the request")
    parent.sees("Anna: Robots", "Send the request")


# --- what clashes -----------------------------------------------------------------------------------------------------

CHESS = Course(1, GROUP.days, (Lesson(5, time(15, 30), time(16, 30)),), 2, "Mira street, 2", "Anna", "Chess", 51)
ON_FRIDAY = Clash(GROUP.timetable[1], CHESS.lessons[0], CHESS, date(2017, 9, 8), 30)
SWIMMING = replace(CHESS, child=2, child_name="Ivan", program="Swimming", enrollment=52)
ANYWAY = replace(WISH, all_the_same=True)


def test_a_clash_is_seen_before_the_request_and_only_words_that_say_so_send_it() -> None:
    clashing = replace(OFFERED, clashes=(ON_FRIDAY,))
    world = {**WORLD, WeighRequest(1, 4): clashing, WeighRequest(1, 4, date(2017, 9, 4)): clashing, ANYWAY: SENT}
    parent = Story(ChooseChildFor(3), world)
    parent.sees("the lessons clash with others of the same child", "Fri 15:00–16:00", "«Chess», 15:30–16:30")
    parent.does_not_see("Send the request")
    parent.taps("Send all the same")
    parent.sees("The request is sent!")


def test_a_way_that_is_too_long_is_a_clash_too() -> None:
    later = Clash(GROUP.timetable[1], Lesson(5, time(16, 10), time(17), "odd"), CHESS, date(2017, 9, 8), 30)
    world = {**WORLD, WeighRequest(1, 4): replace(OFFERED, clashes=(later,))}
    world[WeighRequest(1, 4, date(2017, 9, 4))] = world[WeighRequest(1, 4)]
    parent = Story(ChooseChildFor(3), world)
    parent.sees("Fri 15:00–16:00 (odd weeks)", "«Chess» is 16:10–17:00 elsewhere", "about 30 minutes")


def test_a_clash_that_came_up_meanwhile_is_shown_and_nothing_is_sent() -> None:
    parent = Story(ChooseChildFor(3), {**WORLD, WISH: gate.LessonsClash((51,))})
    parent.world[WeighRequest(1, 4, date(2017, 9, 4))] = replace(OFFERED, clashes=(ON_FRIDAY,))
    parent.taps("Send the request")
    parent.sees("has other lessons at that time", "«Chess»", "Send all the same")


def test_the_own_part_is_agreed_to_with_the_clash_in_mind() -> None:
    clashing = replace(SHORT, clashes=(ON_FRIDAY,))
    wish = RequestEnrollment(1, 4, date(2017, 9, 1), R47, pays=True, all_the_same=True)
    world = {**WORLD, WeighRequest(1, 4): clashing, WeighRequest(1, 4, date(2017, 9, 1)): clashing, wish: SENT}
    parent = Story(ChooseChildFor(3), world)
    parent.taps("Continue all the same")
    parent.taps("I agree")
    parent.sees("The request is sent!")


def test_brothers_and_sisters_only_warn() -> None:
    torn = (replace(ON_FRIDAY, course=SWIMMING),) * 6
    world = {**WORLD, WeighRequest(1, 4): replace(OFFERED, torn=torn)}
    world[WeighRequest(1, 4, date(2017, 9, 4))] = world[WeighRequest(1, 4)]
    parent = Story(ChooseChildFor(3), world)
    parent.sees("If one adult brings both children", "Ivan at «Swimming», 15:30–16:30", "and 2 more")
    parent.taps("Send the request")
    parent.sees("The request is sent!")


def test_a_switch_shows_both_groups_and_the_money_that_stays_before_it_is_done() -> None:
    switched = Switched("Robots", GROUP, OTHER, Money(679_722))
    card = replace(ACTIVE, other_groups=1)
    world = {OneEnrollment(50): card, GroupsToSwitch(50): (OTHER,), WeighSwitch(50, 5): switched}
    parent = Story(ReadEnrollment(50), {**world, SwitchGroup(50, 5): facts.GroupSwitched(1, 50, 5)})
    parent.taps("Another group")
    parent.sees("The price and what is set aside stay", "Group 2")
    parent.taps("Group 2")
    parent.sees("Switch the group in «Robots»?", "Year 1, Group 1", "Year 1, Group 2", "No money moves: ₽6,797.22 stay")
    parent.taps("Yes, switch")
    parent.sees("Done: the child is in the other group now.", "Lessons go on")


def test_a_switch_into_a_clash_says_so() -> None:
    clashing = Switched("Robots", GROUP, OTHER, ZERO, (ON_FRIDAY,))
    card = replace(ACTIVE, other_groups=1)
    world = {OneEnrollment(50): card, WeighSwitch(50, 5): clashing, GroupsToSwitch(50): (OTHER,)}
    parent = Story(ReadEnrollment(50), {**world, SwitchGroup(50, 5, True): gate.LessonsClash((51,))})
    parent.taps("Another group")
    parent.taps("Group 2")
    parent.sees("«Chess»", "Switch all the same")
    parent.types("yes please")
    parent.sees("Please choose one of the buttons.")
    parent.world[WeighSwitch(50, 5)] = None
    parent.taps("Switch all the same")
    parent.sees("Meanwhile this has changed")


REFUSALS: tuple[tuple[Refusal, str, str], ...] = (
    (gate.NoCertificate(1), "no certificate yet", "Apply for a certificate"),
    (gate.CertificateNotActive(1, "submitted"), "still being decided", "The certificate"),
    (gate.CertificateNotActive(1, "awaiting_visit"), "shown the originals", "The certificate"),
    (gate.CertificateNotActive(1, "rejected"), "was rejected", "The certificate"),
    (gate.CertificateNotActive(1, "frozen"), "is frozen", "The certificate"),
    (gate.CertificateNotActive(1, "revoked"), "was revoked", "The certificate"),
    (gate.CertificateNotActive(1, "closed_age"), "adult", "The certificate"),
    (gate.TurnsEighteen(date(2017, 9, 1)), "18th birthday", "Ask the municipality"),
    (gate.MovedAway(1), "another municipality", "Ask the municipality"),
    (gate.ProviderInactive(3), "takes no children", "Find another club"),
    (gate.NoAgreement(3), "no agreement", "Find another club"),
    (gate.GroupClosed(4), "takes nobody now", "Other groups"),
    (gate.StartsTooEarly(date(2017, 9, 1)), "cannot be earlier than September 1, 2017", "Another start date"),
    (gate.OutsideGroupDates(date(2017, 9, 1), date(2017, 12, 31)), "Choose a day between", "Another start date"),
    (
        gate.TooYoungForProgram(10, 12, date(2018, 3, 14)),
        "ages 10–12. The child will be old enough",
        "Find another club",
    ),
    (gate.TooOldForProgram(5, 7), "ages 5–7, the child is older", "Find another club"),
    (gate.AlreadyEnrolled(50, 3, S.REQUESTED), "asked for a place here already", "Open it"),
    (gate.AlreadyEnrolled(50, 3, S.ACTIVE), "already on these days", "Open it"),
    (gate.AlreadyEnrolled(50, 3, S.WAITLISTED), "in the waiting list of this group already", "Open it"),
    (gate.OverLimit(2), "at most 2 clubs", "My clubs"),
    (gate.NoFreeSeat(4), "no free place", "Join the waiting list"),
    (gate.PriceUnknown(3), "not stated the price", "Find another club"),
    (gate.NotOnCertificate(3), "does not pay for this program", "Find another club"),
    (gate.NeedsFunded(1), "carries no money", "The certificate"),
    (gate.NeedsFunded(1, queued=True), "families wait for one in a queue", "The certificate"),
    (gate.PeriodNotOpen(date(2018, 1, 9)), "No money has been given for January 9, 2018", "Another start date"),
    (gate.NoMoney(1, Money(90_000)), "would cost ₽900", "Money"),
    (gate.NotEnoughMoney(Money(100)), "short by ₽1", "Show the price"),
    (gate.LessonsClash((50,)), "has other lessons at that time", "Look at the lessons"),
)


@pytest.mark.parametrize(("refusal", "reason", "step"), REFUSALS)
def test_each_refusal_has_its_own_sentence_and_a_next_step(refusal: Refusal, reason: str, step: str) -> None:
    parent = Story(ChooseChildFor(3), {**WORLD, WeighRequest(1, 4): refusal, GroupsOf(3): (GROUP,)})
    parent.world[GroupsOf(3)] = (GROUP, OTHER)
    parent = Story(SeeRefusal(3, 1, 4, refusal), parent.world)
    parent.sees(reason, step)


def test_no_refusal_of_the_gate_is_left_without_words() -> None:
    named = {type(refusal) for refusal, _reason, _step in REFUSALS} | {gate.DifferentNow}
    assert named == {kind for kind in Refusal.__subclasses__() if kind.__module__ == gate.__name__}


def test_a_seat_that_was_taken_meanwhile_is_told_where_it_is_asked_for() -> None:
    parent = Story(ChooseChildFor(3), {**WORLD, WISH: gate.NoFreeSeat(4)})
    parent.taps("Send the request")
    parent.sees("There is no free place in this group just now")
    parent.does_not_see("Other groups")


def test_a_child_is_told_that_a_parent_says_yes_first() -> None:
    mine = replace(OFFERED, needs_yes=True)
    world = {
        **WORLD,
        WeighRequest(1, 4): mine,
        WeighRequest(1, 4, mine.start): mine,
        WISH: replace(SENT, needs_yes=True),
    }
    child = Story(ChooseChildFor(3), world)
    child.sees("a parent says yes first")
    child.taps("Send the request")
    child.sees("Your parents have been asked")


# --- what the family has ----------------------------------------------------------------------------------------------


def test_the_list_shows_each_club_with_its_state_in_short() -> None:
    line = EnrollmentLine(50, "Anna", "Robots", S.ACCEPTED, CARD.start, CARD.stop, None)
    other = EnrollmentLine(51, "Ivan", "Chess", S.ACTIVE, CARD.start, CARD.stop, date(2017, 9, 30))
    parent = Story(ShowEnrollments(), {MyEnrollments(): (line, other), OneEnrollment(50): CARD})
    parent.sees("1. Robots (Anna): the club takes you", "2. Chess (Ivan): ends on September 30, 2017")
    parent.taps("1. Robots")
    parent.sees("Anna: Robots")


def test_a_family_without_clubs_is_shown_where_to_find_one() -> None:
    Story(ShowEnrollments(), {MyEnrollments(): ()}).sees("No clubs yet", "Find a club")


def test_many_clubs_come_in_pages() -> None:
    many = tuple(EnrollmentLine(n, "Anna", f"Club {n}", S.COMPLETED, None, None, None) for n in range(1, 9))
    parent = Story(ShowEnrollments(), {MyEnrollments(): many})
    parent.does_not_see("Club 7")
    parent.taps("›")
    parent.sees("7. Club 7", "8. Club 8")


def test_a_request_is_taken_back_after_its_consequences_were_shown() -> None:
    parent = parent_at(CARD)
    parent.sees("The club answers the request by September 8, 2017", "September 2017: the certificate pays ₽1,994.84")
    parent.taps("Take the request back")
    parent.sees("Give the place in «Robots» back?", "₽8,792.06 returns")
    parent.world[WithdrawRequest(50)] = facts.RequestWithdrawn(1, 50, "guardian", "", Money(879_206), Money(1_000_000))
    parent.world[OneEnrollment(50)] = replace(CARD, state=S.WITHDRAWN, held=ZERO)
    parent.taps("Yes, give it back")
    parent.sees("The place is given back.", "₽8,792.06 returned to the certificate; now ₽10,000 is left on it")
    assert parent.state == ReadEnrollment(50)


def test_an_offer_is_accepted_with_its_price_before_ones_eyes() -> None:
    parent = parent_at(replace(CARD, state=S.ACCEPTED))
    parent.taps("Accept the offer")
    parent.sees("By accepting you conclude the contract", "The first month, ₽1,994.84, is paid on September 4, 2017")
    parent.world[ConcludeOffer(50)] = facts.Concluded(1, 50, date(2017, 9, 4))
    parent.taps("I accept")
    parent.sees("The contract is concluded")


def test_leaving_shows_what_returns_and_what_does_not_before_it_is_pressed() -> None:
    parent = parent_at(ACTIVE)
    parent.taps("Leave the club")
    parent.sees("The last day is September 30, 2017", "Returns to the certificate at once: ₽6,797.22")
    parent.sees("Does not return, because these months have begun: ₽1,994.84", "cannot be undone")
    parent.sees("Free on the certificate then: ₽8,005.16", "not used by May 31, 2018 burns", "What fits instead")
    given = facts.NoticeGiven(1, 50, "guardian", "", date(2017, 9, 30), Money(679_722), Money(800_516))
    parent.world[EndEnrollment(50, date(2017, 9, 30))] = given
    parent.taps("Yes, leave")
    parent.sees("The last day is September 30, 2017", "₽6,797.22 returned")


def test_a_last_day_that_moved_at_midnight_is_shown_anew() -> None:
    parent = parent_at(ACTIVE)
    parent.taps("Leave the club")
    parent.world[EndEnrollment(50, date(2017, 9, 30))] = refusals.LastDayMoved(date(2017, 10, 31))
    later = Leaving(50, "Robots", date(2017, 10, 31), Money(226_574), Money(453_148), ZERO, None)
    parent.world[OneEnrollment(50)] = replace(ACTIVE, leaving=later)
    parent.taps("Yes, leave")
    parent.sees("Meanwhile this has changed", "The last day is October 31, 2017", "₽4,531.48")
    parent.sees("The month that has begun is paid first: ₽2,265.74", "these months have begun: ₽4,260.58")


def test_a_claim_is_answered_yes_or_this_was_not_us() -> None:
    claim = replace(CARD, state=S.CLAIMED, by="provider", parent=R47.parent)
    parent = parent_at(claim)
    parent.sees("The club says that you enrolled there in person", "Yes, it was us", "This was not us")
    parent.sees("The certificate pays: ₽8,792.06", "You pay the provider yourself: ₽272.96")
    parent.world[ConfirmClaim(50)] = facts.ClaimConfirmed(1, 50, date(2017, 9, 20))
    parent.taps("Yes, it was us")
    parent.sees("Now accept the club's offer, by September 20, 2017")
    parent = parent_at(claim)
    parent.taps("This was not us")
    parent.sees("₽8,792.06 returns to the certificate at once")
    parent.world[DenyClaim(50)] = facts.ClaimDenied(1, 50, Money(879_206), Money(1_000_000))
    parent.taps("Yes, this was not us")
    parent.sees("Thank you for telling us")


def test_what_was_charged_can_be_questioned() -> None:
    parent = parent_at(ACTIVE)
    parent.taps("This was not us")
    parent.sees("The municipality will look into it")
    parent.world[OpenDispute(50)] = facts.DisputeOpened(1, 50)
    parent.world[OneEnrollment(50)] = replace(ACTIVE, disputed=True)
    parent.taps("Yes, this was not us")
    parent.sees("I will write when it is decided", "meanwhile nothing is charged")
    parent.does_not_see("This was not us\n")


def test_a_guardian_says_yes_to_a_childs_wish_and_a_grandparent_only_reads() -> None:
    wish = replace(CARD, needs_yes=True)
    parent = parent_at(wish)
    parent.sees("The child asks to enrol", "No, take it back")
    parent.world[ApproveRequest(50)] = facts.RequestApproved(1, 50, date(2017, 9, 9))
    parent.taps("Yes, ask the club")
    parent.sees("The request went to the club, which answers by September 9, 2017")
    reader = parent_at(replace(wish, rights="read"))
    reader.does_not_see("Yes, ask the club", "No, take it back")
    child = parent_at(replace(wish, rights="self"))
    child.sees("Take the request back")
    child.does_not_see("Yes, ask the club")


def test_a_decision_that_came_too_late_says_so_and_shows_what_is_now() -> None:
    parent = parent_at(CARD)
    parent.taps("Take the request back")
    parent.world[WithdrawRequest(50)] = refusals.NotNow(50, S.REFUSED)
    parent.world[OneEnrollment(50)] = replace(CARD, state=S.REFUSED, reason="no teacher")
    parent.taps("Yes, give it back")
    parent.sees("Meanwhile this has changed", "The request was refused", "Reason: no teacher")


def test_a_strangers_enrollment_is_not_there() -> None:
    Story(ReadEnrollment(9), {OneEnrollment(9): None}).sees("This is not available")


def test_an_ended_club_can_be_rated() -> None:
    parent_at(replace(CARD, state=S.COMPLETED, may_rate=True, held=ZERO)).sees(
        "The program is over", "Rate the program"
    )


@pytest.mark.parametrize("refusal", [refusal for refusal, _reason, _step in REFUSALS])
def test_every_screen_survives_a_restart(refusal: Refusal) -> None:
    keys = Keys("test", [Fernet.generate_key().decode()])
    for state in (
        ConfirmRequest(3, 1, 4, date(2017, 9, 4), R46),
        ConfirmRequest(3, 1, 4),
        AgreeToPay(3, 1, 4, date(2017, 9, 4), R47),
        SeeRefusal(3, 1, 4, refusal, date(2017, 9, 4)),
        LeaveClub(50, date(2017, 9, 30)),
        ReadEnrollment(50),
    ):
        assert decode(State, encode(state, keys), keys) == state


def test_a_free_club_speaks_of_no_money() -> None:
    free = Installments(ZERO, ZERO, 4)
    months = tuple(MonthPlanned(month, ZERO, ZERO) for month, _part in free.plan(date(2017, 9, 4)))
    parent = parent_at(replace(CARD, certificate=free, parent=free, months=months, held=ZERO))
    parent.sees("It is free")
    parent.does_not_see("By months", "Set aside")
