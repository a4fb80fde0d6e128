"""Waiting lists (R6.11): in order, one seat one offer, a day to answer, nobody overtakes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain import enrollment_facts as facts
from bot.domain import enrollment_refusals as refusals
from bot.domain import gate_refusals as gate
from bot.domain.enrollment import ClaimEnrollment, EnrollmentState, RequestEnrollment, SwitchGroup, WithdrawRequest
from bot.domain.enrollment_seen import MyEnrollments, Offered, OneEnrollment, WeighRequest
from bot.domain.messages import Fact, NotYours
from bot.domain.money import ZERO, Money
from bot.domain.waiting import (
    LeaveWaitingList,
    LeftWaitingList,
    ListWaiting,
    OfferIsOver,
    PlaceNotTaken,
    PlaceSkipped,
    SeatIsFree,
    SkipPlace,
    StrikeFromList,
    TakePlace,
    ToWaitFor,
    WaitForPlace,
    Waitlisted,
    WeighWaiting,
)
from bot.storage import schema
from bot.storage.audit import audit
from bot.storage.waiting_queue import daily, minutely
from tests.storage.families import Family, held, provider, state, taken
from tests.storage.money import lives
from tests.storage.test_enrollment_races import at_once, kinds
from tests.storage.town import Town

S = EnrollmentState


@pytest.fixture(autouse=True)
def the_books_agree(town: Town) -> Iterator[None]:
    """After every test the audit has nothing to say."""
    yield
    assert town.run(audit) == []


def minute(town: Town) -> None:
    """The minute's job, twice: the second time it finds nothing more."""
    town.run(minutely)
    told = len(town.notices())
    town.run(minutely)
    assert len(town.notices()) == told


def full(town: Town, seats: int = 1, **values: Any) -> tuple[int, list[tuple[Family, int]]]:
    """A group all of whose seats are requested; by whom, and the requests."""
    group = town.group(seats=seats, **values)
    families = [Family(town) for _seat in range(seats)]
    return group, [(family, family.asks_for(group, pays=True)) for family in families]


def waits(family: Family, group: int) -> int:
    fact = family.town.does(WaitForPlace(family.child, group), family.guardian)
    assert isinstance(fact, Waitlisted), fact
    return fact.enrollment


def frees(seat: tuple[Family, int]) -> None:
    family, enrollment = seat
    assert isinstance(family.town.does(WithdrawRequest(enrollment), family.guardian), facts.RequestWithdrawn)


def takes(family: Family, enrollment: int, group: int, pays: bool = False) -> Fact:
    seen = family.town.asks(WeighRequest(family.child, group, offer=enrollment), family.guardian)
    assert isinstance(seen, Offered), seen
    return family.town.does(TakePlace(enrollment, seen.start, seen.quote, pays, all_the_same=True), family.guardian)


def until(town: Town, enrollment: int) -> datetime:
    table = schema.enrollment
    found: datetime = town.run(lambda tx: tx.value(select(table.c.offer_until).where(table.c.id == enrollment)))
    return found


def test_a_freed_seat_is_offered_in_order_and_taken_as_a_request(town: Town) -> None:
    group, [seat] = full(town)
    first, second = Family(town), Family(town)
    places = [waits(first, group), waits(second, group)]
    assert [line.place for line in town.asks(ListWaiting(), town.operator)] == [1, 2]
    frees(seat)
    minute(town)
    assert [state(town, place) for place in places] == [S.OFFERED, S.WAITLISTED]
    assert taken(town, group) == 1, "an offer takes the seat (R6.1)"
    (told,) = town.notices("PlaceOffered")
    assert told[0] == first.guardian
    assert until(town, places[0]) == town.now + timedelta(hours=24)
    seen = town.asks(OneEnrollment(places[1]), second.guardian)
    assert seen is not None and seen.place == 1
    fact = takes(first, places[0], group)
    assert isinstance(fact, facts.Requested) and fact.enrollment == places[0]
    assert fact.amount == held(town, places[0]) and first.left == Money(1_200_000) - fact.amount
    assert state(town, places[0]) == S.REQUESTED and taken(town, group) == 1
    assert until(town, places[0]) is None


def test_joining_asks_for_everything_but_a_seat_and_money(town: Town) -> None:
    group, [seat] = full(town, ages=(7, 12))
    poor, old = Family(town, 0), Family(town, born=date(2012, 3, 14))
    waits(poor, group)
    assert town.does(WaitForPlace(old.child, group), old.guardian) == gate.TooOldForProgram(7, 12)
    assert isinstance(town.does(WaitForPlace(poor.child, group), poor.guardian), gate.AlreadyEnrolled)
    assert isinstance(town.does(WaitForPlace(seat[0].child, group), seat[0].guardian), gate.AlreadyEnrolled)
    assert town.does(WaitForPlace(poor.child, group), old.guardian) == NotYours()
    frozen = Family(town)
    town.run(
        lambda tx: tx.sql(
            schema.certificate.update().where(schema.certificate.c.id == frozen.certificate).values(state="frozen")
        )
    )
    assert town.does(WaitForPlace(frozen.child, group), frozen.guardian) == gate.CertificateNotActive(
        frozen.child, "frozen"
    )


def test_where_a_seat_is_free_there_is_nothing_to_wait_for(town: Town) -> None:
    family, group = Family(town), town.group(seats=1)
    assert isinstance(town.asks(WeighWaiting(family.child, group), family.guardian), SeatIsFree)
    assert isinstance(town.does(WaitForPlace(family.child, group), family.guardian), SeatIsFree)


def test_before_joining_a_family_sees_how_many_wait(town: Town) -> None:
    group, _seats = full(town)
    waits(Family(town), group)
    family = Family(town)
    seen = town.asks(WeighWaiting(family.child, group), family.guardian)
    assert isinstance(seen, ToWaitFor) and (seen.ahead, seen.hours) == (1, 24)
    assert town.asks(WeighWaiting(family.child, group), Family(town).guardian) == NotYours()


def test_a_newcomer_does_not_overtake_the_list_even_before_the_minute_has_come(town: Town) -> None:
    group, [seat] = full(town)
    newcomer, first = Family(town), Family(town)
    place = waits(first, group)
    frees(seat)
    assert newcomer.requests(group) == gate.NoFreeSeat(group)
    assert state(town, place) == S.OFFERED and len(town.notices("PlaceOffered")) == 1


def test_neither_a_switch_nor_a_claim_overtakes_the_list(town: Town) -> None:
    group, [seat] = full(town)
    module = town.run(lambda tx: tx.value(select(schema.group.c.module).where(schema.group.c.id == group)))
    beside = town.adds(
        schema.group, module=module, district=town.district, external_id="g2", name="Group 2",
        start=date(2026, 9, 1), stop=date(2027, 5, 31), seats=5,
    )  # fmt: skip
    neighbour, in_person = Family(town), Family(town)
    learns = neighbour.learns(beside)
    place = waits(Family(town), group)
    frees(seat)
    assert town.does(SwitchGroup(learns, group), neighbour.guardian) == gate.NoFreeSeat(group)
    number = town.run(
        lambda tx: tx.value(select(schema.certificate.c.number).where(schema.certificate.c.id == in_person.certificate))
    )
    claim = ClaimEnrollment(number, group, date(2026, 9, 3))
    assert town.does(claim, provider(town)) == gate.NoFreeSeat(group)
    assert state(town, place) == S.OFFERED


def test_an_offer_that_is_not_answered_lapses_and_the_next_family_is_asked(town: Town) -> None:
    group, [seat] = full(town)
    first, second = Family(town), Family(town)
    places = [waits(first, group), waits(second, group)]
    frees(seat)
    minute(town)
    town.passes(hours=23, minutes=59)
    minute(town)
    assert state(town, places[0]) == S.OFFERED
    town.passes(minutes=1)
    wish = town.asks(WeighRequest(first.child, group, offer=places[0]), first.guardian)
    assert isinstance(wish, Offered)
    assert town.does(TakePlace(places[0], wish.start, wish.quote), first.guardian) == OfferIsOver(places[0])
    minute(town)
    assert [state(town, place) for place in places] == [S.LAPSED, S.OFFERED]
    assert [who for who, _kind, _values in town.notices("PlaceLapsed")] == [first.guardian]
    assert taken(town, group) == 1
    waits(first, group)  # whoever missed it may stand in the list again, at its end
    assert len(town.asks(ListWaiting(group), town.operator)) == 2


def test_an_offer_made_at_night_counts_from_the_morning(town: Town) -> None:
    group, [seat] = full(town)
    place = waits(Family(town), group)
    town.now = datetime(2026, 9, 2, 20, 0, tzinfo=UTC)  # 23:00 in Moscow
    frees(seat)
    minute(town)
    assert until(town, place) == datetime(2026, 9, 4, 6, 0, tzinfo=UTC)
    (told,) = town.notices("PlaceOffered")
    assert told[2]["until"] == "2026-09-04T09:00:00+03:00"
    table = schema.outbox
    sent = town.run(lambda tx: tx.value(select(table.c.not_before).where(table.c.kind == "PlaceOffered")))
    assert sent == datetime(2026, 9, 3, 6, 0, tzinfo=UTC)


def test_a_place_may_be_skipped_once_and_the_seat_goes_on(town: Town) -> None:
    group, [seat] = full(town)
    first, second = Family(town), Family(town)
    places = [waits(first, group), waits(second, group)]
    frees(seat)
    minute(town)
    assert town.does(SkipPlace(places[0]), first.guardian) == PlaceSkipped(first.child, places[0], 1)
    minute(town)
    assert [state(town, place) for place in places] == [S.WAITLISTED, S.OFFERED]
    town.passes(hours=1)
    assert isinstance(town.does(LeaveWaitingList(places[1]), second.guardian), LeftWaitingList)
    minute(town)
    assert state(town, places[0]) == S.OFFERED, "the next seat that frees is offered again"
    answer = town.does(SkipPlace(places[0]), first.guardian)
    assert isinstance(answer, LeftWaitingList) and state(town, places[0]) == S.LEFT
    assert taken(town, group) == 0


def test_the_seat_that_was_skipped_is_anybodys_where_nobody_else_waits(town: Town) -> None:
    group, [seat] = full(town)
    first, newcomer = Family(town), Family(town)
    place = waits(first, group)
    frees(seat)
    minute(town)
    town.does(SkipPlace(place), first.guardian)
    minute(town)
    assert state(town, place) == S.WAITLISTED, "it is not offered the same seat again"
    assert isinstance(newcomer.requests(group), facts.Requested)


def test_without_money_the_reason_is_named_and_the_place_is_kept_once(town: Town) -> None:
    group, seats = full(town, seats=2)
    family, next_family = Family(town), Family(town)
    place, other = waits(family, group), waits(next_family, group)
    frees(seats[0])
    minute(town)
    wish = town.asks(WeighRequest(family.child, group, offer=place), family.guardian)
    assert isinstance(wish, Offered)
    family.asks_for(town.group(price=1_200_000, name="Chess"), date(2026, 9, 1))
    assert family.left == ZERO
    refusal = gate.NoMoney(family.child, wish.quote.price)
    answer = town.does(TakePlace(place, wish.start, wish.quote), family.guardian)
    assert answer == PlaceNotTaken(family.child, place, refusal, kept=True)
    assert state(town, place) == S.WAITLISTED
    minute(town)
    assert state(town, other) == S.OFFERED, "the seat went on"
    town.passes(minutes=5)
    frees(seats[1])
    minute(town)
    again = town.does(TakePlace(place, wish.start, wish.quote), family.guardian)
    assert again == PlaceNotTaken(family.child, place, refusal, kept=False)
    assert state(town, place) == S.LEFT and taken(town, group) == 1


def test_what_another_look_mends_costs_nothing(town: Town) -> None:
    group, [seat] = full(town, price=1_500_000)
    family = Family(town)
    place = waits(family, group)
    frees(seat)
    minute(town)
    assert isinstance(takes(family, place, group), gate.NotEnoughMoney)
    town.run(lambda tx: tx.sql(schema.module.update().values(price=1_600_000)))
    wish = town.asks(WeighRequest(family.child, group, offer=place), family.guardian)
    assert isinstance(wish, Offered)
    town.run(lambda tx: tx.sql(schema.module.update().values(price=1_700_000)))
    dearer = town.does(TakePlace(place, wish.start, wish.quote, pays=True), family.guardian)
    assert isinstance(dearer, gate.DifferentNow) and state(town, place) == S.OFFERED
    assert isinstance(takes(family, place, group, pays=True), facts.Requested)


def test_a_childs_own_place_is_taken_with_a_guardians_yes(town: Town) -> None:
    group, [seat] = full(town, ages=(7, 17))
    family = Family(town, born=date(2011, 3, 14))
    teenager = town.person()
    town.adds(schema.guardianship, person=teenager, child=family.child, rights="self", since=town.now)
    joined = town.does(WaitForPlace(family.child, group), teenager)
    assert isinstance(joined, Waitlisted)
    frees(seat)
    minute(town)
    wish = town.asks(WeighRequest(family.child, group, offer=joined.enrollment), teenager)
    assert isinstance(wish, Offered)
    fact = town.does(TakePlace(joined.enrollment, wish.start, wish.quote), teenager)
    assert isinstance(fact, facts.Requested) and fact.needs_yes


def test_a_head_that_cannot_come_is_passed_over_and_keeps_its_place(town: Town) -> None:
    group, [seat] = full(town)
    frozen, second = Family(town), Family(town)
    places = [waits(frozen, group), waits(second, group)]
    table = schema.certificate
    set_state = table.update().where(table.c.id == frozen.certificate)
    town.run(lambda tx: tx.sql(set_state.values(state="frozen")))
    frees(seat)
    minute(town)
    assert [state(town, place) for place in places] == [S.WAITLISTED, S.OFFERED]
    town.run(lambda tx: tx.sql(set_state.values(state="active")))
    town.passes(hours=25)
    minute(town)
    assert state(town, places[0]) == S.OFFERED


def test_an_import_that_raises_the_seats_offers_them(town: Town) -> None:
    group, _seats = full(town)
    places = [waits(Family(town), group) for _each in range(3)]
    town.run(lambda tx: tx.sql(schema.group.update().values(seats=3)))
    minute(town)
    assert [state(town, place) for place in places] == [S.OFFERED, S.OFFERED, S.WAITLISTED]
    assert taken(town, group) == 3


def test_nobody_waits_for_what_is_over(town: Town) -> None:
    group, _seats = full(town, stop=date(2026, 10, 10))
    family = Family(town)
    place = waits(family, group)
    town.run(lambda tx: daily(tx, town.municipality, date(2026, 10, 9)))
    assert state(town, place) == S.WAITLISTED
    town.comes(date(2026, 10, 10))
    town.run(lambda tx: daily(tx, town.municipality, date(2026, 10, 10)))
    assert state(town, place) == S.LEFT
    (told,) = town.notices("LeftWaitingList")
    assert told[2]["reason"] == "group_over"


def test_leaving_and_being_struck_off_close_the_gap(town: Town) -> None:
    group, _seats = full(town)
    families = [Family(town) for _each in range(3)]
    places = [waits(family, group) for family in families]
    assert town.does(LeaveWaitingList(places[0]), families[1].guardian) == NotYours()
    town.does(LeaveWaitingList(places[0]), families[0].guardian)
    assert town.does(StrikeFromList(places[1], "moved"), families[1].guardian) == NotYours()
    town.does(StrikeFromList(places[1], "moved"), provider(town))
    seen = town.asks(OneEnrollment(places[2]), families[2].guardian)
    assert seen is not None and seen.place == 1
    assert town.does(LeaveWaitingList(places[0]), families[0].guardian) == refusals.NotNow(places[0], S.LEFT)
    (line,) = town.asks(MyEnrollments(), families[2].guardian)
    assert line.state == S.WAITLISTED


def test_the_calendar_offers_each_minute(town: Town) -> None:
    group, [seat] = full(town)
    place = waits(Family(town), group)
    frees(seat)
    lives(town)
    assert state(town, place) == S.OFFERED


@pytest.mark.parametrize("_round", range(3))
def test_one_seat_is_never_offered_and_sold_twice(town: Town, database_url: str, _round: int) -> None:
    group, [seat] = full(town)
    waiting, newcomers = Family(town), [Family(town) for _each in range(3)]
    place = waits(waiting, group)
    seen = [(each, WeighRequest(each.child, group, date(2026, 9, 3))) for each in newcomers]
    frees(seat)
    wishes = []
    for family, query in seen:
        offered = town.asks(query, family.guardian)
        assert isinstance(offered, Offered)
        wishes.append((RequestEnrollment(family.child, group, offered.start, offered.quote), family.guardian))
    told = at_once(town, database_url, *wishes)
    assert kinds(told) == ["NoFreeSeat"] * 3
    assert state(town, place) == S.OFFERED and taken(town, group) == 1
    assert len(town.notices("PlaceOffered")) == 1


def test_an_offer_is_taken_once_though_it_is_tapped_many_times(town: Town, database_url: str) -> None:
    group, [seat] = full(town)
    family = Family(town)
    place = waits(family, group)
    frees(seat)
    minute(town)
    wish = town.asks(WeighRequest(family.child, group, offer=place), family.guardian)
    assert isinstance(wish, Offered)
    taking = TakePlace(place, wish.start, wish.quote)
    told = at_once(town, database_url, *[(taking, family.guardian)] * 3, (SkipPlace(place), family.guardian))
    assert len([fact for fact in told if isinstance(fact, facts.Requested | PlaceSkipped)]) == 1
    assert len([fact for fact in told if isinstance(fact, refusals.NotNow)]) == 3
    assert taken(town, group) == (state(town, place) == S.REQUESTED)


def test_two_guardians_who_join_at_once_stand_in_the_list_once(town: Town, database_url: str) -> None:
    group, _seats = full(town)
    family = Family(town)
    other = town.person()
    town.adds(schema.guardianship, person=other, child=family.child, rights="full", since=town.now)
    wish = WaitForPlace(family.child, group)
    told = at_once(town, database_url, (wish, family.guardian), (wish, other))
    assert kinds(told) == ["AlreadyEnrolled", "Waitlisted"]
