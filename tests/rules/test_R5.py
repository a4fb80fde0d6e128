"""R5: disputes, months' starts and the border of a period, where no other test tells them."""

from datetime import date

from bot.domain.enrollment import (
    AcceptRequest,
    CancelLessons,
    DecideDispute,
    EndEnrollment,
    OpenDispute,
    RefuseRequest,
    RevokeOffer,
)
from bot.domain.messages import Fact
from bot.domain.money import ZERO, Money
from bot.storage import schema
from bot.storage.audit import audit
from tests.storage.families import Family, held, lives_day, paid, provider, state, taken
from tests.storage.money import charged, lives
from tests.storage.town import Town

START = date(2026, 9, 1)


def test_4_all_refunds_of_a_month_and_of_a_mistake_make_no_more_than_its_charge(town: Town) -> None:
    """273 000 over 273 days: 30 000 in September; four of nine lessons return 13 333, the decision the other 16 667."""
    family = Family(town)
    group = town.group(price=273_000)
    running = family.learns(group, START)
    [(_month, september)] = charged(town, running)
    town.does(CancelLessons(group, tuple(date(2026, 9, day) for day in (1, 3, 8, 10))), provider(town))
    assert paid(town) == Money(september - september * 4 // 9)
    town.does(OpenDispute(running), family.guardian)
    town.does(DecideDispute(running, True, "a mistake"), town.operator)
    assert (paid(town), family.left) == (ZERO, Money(1_200_000))
    town.does(CancelLessons(group, (date(2026, 9, 15),)), provider(town))
    assert (paid(town), family.left) == (ZERO, Money(1_200_000))
    assert town.run(audit) == []


def test_8_a_notice_in_a_dispute_returns_what_is_held_only_after_the_months_that_were_owed(town: Town) -> None:
    family = Family(town)
    running = family.learns(town.group(price=273_000), START)
    plan = [sum_ for _month, sum_ in charged(town, running)]
    town.does(OpenDispute(running), family.guardian)
    town.comes(date(2026, 10, 5))
    lives(town)
    town.does(EndEnrollment(running, date(2026, 10, 31)), family.guardian)
    assert held(town, running) == Money(273_000 - plan[0]), "a notice waits for the decision"
    town.comes(date(2026, 12, 3))
    lives(town)
    assert taken(town, 1) == 0, "the seat is free after the last day"
    town.does(DecideDispute(running, False, "they were there"), town.operator)
    assert [month for month, _sum in charged(town, running)] == ["2026-09", "2026-10"], "nothing after the last day"
    assert (held(town, running), state(town, running)) == (ZERO, "terminated")
    assert family.left + paid(town) == Money(1_200_000) and town.run(audit) == []


def test_9_a_request_is_refused_as_stale_only_at_a_months_start(town: Town) -> None:
    town.policy(backdating_days=120)
    family = Family(town)
    group = town.group()
    town.comes(date(2026, 11, 15))
    asked = family.asks_for(group, START)
    lives_day(town, date(2026, 11, 16))
    assert state(town, asked) == "requested"
    lives_day(town, date(2026, 12, 1))
    assert state(town, asked) == "refused" and family.left == Money(1_200_000)


def test_9_the_border_settles_every_kind_of_enrollment_at_once(town: Town) -> None:
    """Requested, accepted, learning, with a notice, in dispute, waiting: each to the kopeck, and the next period untouched."""
    coming = town.adds(
        schema.funding_period,
        municipality=town.municipality,
        name="2027/28",
        start=date(2027, 6, 1),
        stop=date(2028, 5, 31),
        state="planned",
    )
    town.adds(schema.nominal, certificate_group=town.everyone, period=coming, kopecks=1_300_000)
    town.comes(date(2027, 5, 10))
    lives(town)
    days = {"start": date(2027, 5, 1), "stop": date(2027, 5, 31)}
    families = {name: Family(town) for name in ("requested", "accepted", "learning", "leaving", "disputed")}
    groups = {name: town.group(price=310_000, **days) for name in families}  # type: ignore[arg-type]
    start, ids = date(2027, 5, 11), {}
    for name, family in families.items():
        asks = family.asks_for if name in ("requested", "accepted") else family.learns
        ids[name] = asks(groups[name], start)
    accept(town, ids["accepted"])
    town.comes(start)
    lives(town)
    town.does(EndEnrollment(ids["leaving"], days["stop"]), families["leaving"].guardian)
    town.does(OpenDispute(ids["disputed"]), families["disputed"].guardian)
    town.comes(date(2027, 6, 1))
    lives(town)
    assert {name: state(town, one) for name, one in ids.items()} == {
        "requested": "refused",
        "accepted": "refused",
        "learning": "completed",
        "leaving": "terminated",
        "disputed": "active",
    }
    assert paid(town) == Money(3 * 210_000), "21 of 31 days, once for each of three"
    assert all(family.left == ZERO for family in families.values())
    assert all(taken(town, group) == 0 for group in groups.values())
    town.does(DecideDispute(ids["disputed"], True, "never there"), town.operator)
    assert (paid(town), families["disputed"].left) == (Money(2 * 210_000), ZERO), "passed on (R3.6)"
    assert town.run(audit) == []


def accept(town: Town, enrollment: int) -> Fact:
    return town.does(AcceptRequest(enrollment), provider(town))


def test_6_whoever_ends_it_what_is_held_returns_once(town: Town) -> None:
    family = Family(town)
    group = town.group(price=273_000)
    refused = family.asks_for(group, START)
    town.does(RefuseRequest(refused, "full"), provider(town))
    town.does(RefuseRequest(refused, "full"), provider(town))
    revoked = family.asks_for(group, START)
    accept(town, revoked)
    town.does(RevokeOffer(revoked, "no teacher"), provider(town))
    assert family.left == Money(1_200_000) and taken(town, group) == 0
    assert [values["amount"] for _who, _kind, values in town.notices("Returned")] == [273_000, 273_000]
