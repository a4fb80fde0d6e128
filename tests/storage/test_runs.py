"""The calendar of runs (R3.4, R3.5, R5.3, R5.9): each day once, in order, whatever happens in between."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain import ledger as book
from bot.domain.enrollment import EndEnrollment
from bot.domain.enrollment_facts import NoticeGiven
from bot.notifications.scheduler import Step
from bot.storage import calendar, schema, work
from bot.storage.audit import audit
from bot.storage.calendar import LEASE, Calendar
from bot.storage.leases import give, new_holder, take
from bot.storage.ledger import make_charges_due
from bot.storage.runs import RUNS
from bot.storage.tx import Tx
from tests.storage.money import charged, enrols, has, lives
from tests.storage.town import Town


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a few families already make several chunks."""
    for step, run in RUNS.items():
        monkeypatch.setitem(RUNS, step, replace(run, chunk=2))
    monkeypatch.setattr(work, "MOST", 2)
    monkeypatch.setattr(calendar, "ONE_BY_ONE", 2)


@pytest.fixture(autouse=True)
def the_books_agree(town: Town) -> Iterator[None]:
    """After every test the audit has nothing to say."""
    yield
    assert town.run(audit) == []


def families(town: Town, count: int) -> list[int]:
    """Enrollments of as many children, each with two guardians; sums differ."""
    return [
        enrols(town, town.certificate(town.child(town.person(), town.person())), first=90_001 + n, other=100_000 - n)
        for n in range(count)
    ]


class Undone(Exception):
    """Carries out of a transaction what it would have written."""


def written(tx: Tx) -> tuple[set[Any], set[Any]]:
    source, target = schema.account.alias(), schema.account.alias()
    moved = tx.rows(
        select(
            schema.transfer.c.key,
            schema.transfer.c.kopecks,
            schema.transfer.c.why,
            schema.transfer.c.about,
            schema.transfer.c.month,
            schema.transfer.c.at,
            source.c.kind,
            source.c.owner,
            source.c.balance,
            target.c.kind,
            target.c.owner,
            target.c.balance,
        )
        .join(source, source.c.id == schema.transfer.c.source)
        .join(target, target.c.id == schema.transfer.c.target)
    )
    told = [column for column in schema.outbox.c if column.name != "id"]
    return {tuple(row) for row in moved}, {tuple(row) for row in tx.rows(select(*told))}


def test_the_monthly_run_writes_row_for_row_what_single_commands_write(town: Town) -> None:
    enrollments = families(town, 7)
    town.adds(schema.dispute, enrollment=enrollments[3], about="enrollment", state="open", opened_at=town.now)
    values = {"planned": 9, "cancelled": 1, "cause": "frost", "at": town.now}
    town.adds(schema.cancelled_lessons, enrollment=enrollments[4], month="2026-11", **values)
    lives(town)
    town.comes(date(2026, 11, 1))

    def one_by_one(tx: Tx) -> None:
        for enrollment in enrollments:
            make_charges_due(tx, enrollment)
        tx.write()
        raise Undone(written(tx))

    with pytest.raises(Undone) as slow:
        town.run(one_by_one)
    town.runner.run(Calendar(town.desk).charge_month(date(2026, 11, 1)))
    transfers, notices = town.run(written)
    assert len([row for row in transfers if row[2] == "charge"]) == 6 * 3
    assert (transfers, notices) == slow.value.args[0]


def test_a_month_is_charged_at_the_start_of_the_1st_and_once(town: Town) -> None:
    [enrollment] = families(town, 1)
    for day in (1, 3, 4, 30):
        town.comes(date(2026, 9, day))
        lives(town)
    assert charged(town, enrollment) == [("2026-09", 90_001)]
    town.now = datetime(2026, 9, 30, 21, 0, tzinfo=UTC)  # 00:00 in Moscow
    lives(town)
    lives(town)
    assert charged(town, enrollment) == [("2026-09", 90_001), ("2026-10", 100_000)]
    assert len(town.notices("Charged")) == 4


def test_a_service_that_was_down_on_the_1st_lives_the_days_it_missed_in_order(town: Town) -> None:
    [enrollment] = families(town, 1)
    town.comes(date(2026, 9, 20))
    lives(town)
    town.comes(date(2026, 11, 3))
    lives(town)
    assert [month for month, _sum in charged(town, enrollment)] == ["2026-09", "2026-10", "2026-11"]
    days = [values["day"] for _who, _kind, values in town.notices("Charged")]
    assert days[::2] == ["2026-09-20", "2026-10-01", "2026-11-01"]
    assert (
        town.run(lambda tx: tx.value(select(schema.run.c.progress).where(schema.run.c.key.like("lived:%"))))
        == "2026-11-03"
    )


def test_notice_at_three_minutes_past_midnight_of_the_1st_is_charged_first(town: Town) -> None:
    mother = town.person()
    certificate = town.certificate(town.child(mother), kopecks=1_000_000)
    enrollment = enrols(town, certificate)
    town.comes(date(2026, 9, 10))
    lives(town)
    town.now = datetime(2026, 9, 30, 21, 3, tzinfo=UTC)
    fact = town.does(EndEnrollment(enrollment, date(2026, 10, 31)), mother)
    assert isinstance(fact, NoticeGiven) and fact.amount.kopecks == 200_000
    lives(town)
    assert charged(town, enrollment) == [("2026-09", 90_000), ("2026-10", 100_000)]
    assert has(town, book.certificate(certificate, town.period)) == 810_000


def test_a_run_that_breaks_in_the_middle_is_taken_up_where_it_stopped(town: Town) -> None:
    enrollments = families(town, 6)
    lives(town)
    town.comes(date(2026, 10, 1))

    def power_cut(step: str, day: date, count: int, total: int) -> None:
        if step == Step.CHARGE_MONTH and count >= 4:
            raise OSError("the plug was pulled")

    with pytest.raises(OSError, match="the plug"):
        town.runner.run(Calendar(town.desk, power_cut).live())
    assert [len(charged(town, enrollment)) for enrollment in enrollments] == [2, 2, 2, 2, 1, 1]
    town.passes(minutes=3)
    lives(town)
    for enrollment in enrollments:
        assert [month for month, _sum in charged(town, enrollment)] == ["2026-09", "2026-10"]


def test_what_a_day_brings_is_taken_up_where_it_stopped_too(town: Town) -> None:
    """Six clubs end on one day: two are told, then the plug is pulled."""
    enrollments = families(town, 6)
    town.comes(date(2026, 12, 31))
    lives(town)
    town.comes(date(2027, 1, 1))

    def power_cut(step: str, day: date, count: int, total: int) -> None:
        if step == "finish_ended":
            raise OSError("the plug was pulled")

    with pytest.raises(OSError, match="the plug"):
        town.runner.run(Calendar(town.desk, power_cut).live())
    assert states(town, enrollments) == ["completed"] * 2 + ["active"] * 4
    town.passes(minutes=3)
    lives(town)
    lives(town)
    assert states(town, enrollments) == ["completed"] * 6
    assert len(town.notices("ProgramEnded")) == len(town.notices("RatingAsked")) == 6 * 2


def states(town: Town, enrollments: list[int]) -> list[str]:
    found = select(schema.enrollment.c.state).where(schema.enrollment.c.id.in_(enrollments))
    return list(town.run(lambda tx: tx.sql(found.order_by(schema.enrollment.c.id)).scalars().all()))


def test_whoever_watches_a_run_is_told_how_many_are_done_and_of_how_many(town: Town) -> None:
    families(town, 5)
    lives(town)
    town.comes(date(2026, 10, 1))
    told: list[tuple[int, int]] = []

    def progress(step: str, day: date, count: int, total: int) -> None:
        told.extend([(count, total)] if step == Step.CHARGE_MONTH else [])

    assert town.runner.run(Calendar(town.desk, progress).live())
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_two_processes_do_not_live_the_same_day(town: Town) -> None:
    other = new_holder()
    assert town.run(lambda tx: take(tx, LEASE, other))
    assert not town.runner.run(Calendar(town.desk).live())
    town.run(lambda tx: give(tx, LEASE, other))
    lives(town)


def test_a_calendar_that_is_stopped_in_the_middle_gives_its_lease_back(town: Town) -> None:
    families(town, 6)
    town.comes(date(2026, 10, 1))
    chunks: list[str] = []

    async def story() -> None:
        def stops(step: str, *_about: object) -> None:
            chunks.append(step)
            living.cancel()

        living = asyncio.create_task(Calendar(town.desk, stops).live())
        with suppress(asyncio.CancelledError):
            await living

    town.runner.run(story())
    assert len(chunks) == 1, "it was in the middle of a run"
    assert town.run(lambda tx: tx.value(select(schema.lease.c.holder))) == ""
    lives(town)


def test_what_burns_is_said_30_14_and_3_days_before(town: Town) -> None:
    child = town.child(town.person())
    town.certificate(child, kopecks=70_000)
    town.comes(date(2027, 4, 20))
    lives(town)
    town.comes(date(2027, 5, 31))
    lives(town)
    told = [(values["days"], values["amount"]) for _who, _kind, values in town.notices("ExpiryWarned")]
    assert told == [(30, 70_000), (14, 70_000), (3, 70_000)]


def test_the_border_of_a_period_in_the_order_of_r5_9(town: Town) -> None:
    """A worked year's end: one child learned to the end, one never concluded, one disputes; the next period is granted."""
    nominal = {"kopecks": 1_500_000, "certificates": None, "sum": None}
    coming = town.adds(
        schema.funding_period,
        municipality=town.municipality,
        name="2027/28",
        start=date(2027, 6, 1),
        stop=date(2028, 5, 31),
        state="planned",
    )
    town.adds(schema.nominal, certificate_group=town.everyone, period=coming, **nominal)
    certificates = [town.certificate(town.child(town.person()), kopecks=1_000_000) for _each in range(3)]
    ends: dict[str, Any] = {"start": date(2027, 3, 4), "stop": date(2027, 5, 31), "price": 290_000, "months": 3}
    whole, never, disputed = (
        enrols(town, certificates[0], **ends, concluded_on=date(2027, 3, 1)),
        enrols(town, certificates[1], **ends, state="requested", concluded_on=None, until=date(2027, 6, 30)),
        enrols(town, certificates[2], **ends, concluded_on=date(2027, 3, 1)),
    )
    town.comes(date(2027, 4, 30))
    lives(town)
    town.adds(schema.dispute, enrollment=disputed, about="2027-04", state="open", opened_at=town.now)
    assert has(town, book.certificate(certificates[0], coming)) == 0
    town.comes(date(2027, 5, 2))
    lives(town)
    assert has(town, book.certificate(certificates[0], coming)) == 1_500_000, "opened and granted 30 days before"
    town.now = datetime(2027, 5, 31, 21, 0, tzinfo=UTC)
    lives(town)
    lives(town)

    def state(enrollment: int) -> str:
        return str(
            town.run(lambda tx: tx.value(select(schema.enrollment.c.state).where(schema.enrollment.c.id == enrollment)))
        )

    assert [state(each) for each in (whole, never, disputed)] == ["completed", "refused", "active"]
    assert [has(town, book.hold(each)) for each in (whole, never, disputed)] == [0, 0, 100_000]
    assert [has(town, book.certificate(each, town.period)) for each in certificates] == [0, 0, 0]
    assert [has(town, book.certificate(each, coming)) for each in certificates] == [1_500_000] * 3
    assert len(charged(town, whole)) == 3 and len(charged(town, disputed)) == 2
    expired = [values["amount"] for _who, _kind, values in town.notices("Withdrawn")]
    assert expired == [710_000, 1_000_000, 710_000]


def test_money_that_returns_over_the_border_passes_on_to_the_budget(town: Town) -> None:
    certificate = town.certificate(town.child(town.person()), kopecks=1_000_000)
    ends: dict[str, Any] = {"start": date(2027, 3, 4), "stop": date(2027, 5, 31), "price": 290_000, "months": 3}
    enrollment = enrols(town, certificate, **ends, concluded_on=date(2027, 3, 1))
    town.comes(date(2027, 4, 30))
    lives(town)
    dispute = town.adds(schema.dispute, enrollment=enrollment, about="enrollment", state="open", opened_at=town.now)
    town.comes(date(2027, 6, 1))
    lives(town)
    town.run(lambda tx: tx.sql(schema.dispute.update().where(schema.dispute.c.id == dispute).values(state="rejected")))
    town.comes(date(2027, 6, 2))
    lives(town)
    assert [month for month, _sum in charged(town, enrollment)] == ["2027-03", "2027-04", "2027-05"]
    assert has(town, book.hold(enrollment)) == 0
