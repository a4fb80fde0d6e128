"""A certificate's life in the database (R2.4–R2.13): decisions, visit, money, queue, freezing, linking, the calendar."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.certificate import (
    ApplicationAccepted,
    ApplicationRejected,
    BecameAccounting,
    BecameFunded,
    Card,
    CertificateFrozen,
    CertificateIssued,
    CertificateKind,
    CertificateLinked,
    CertificateRevoked,
    CertificateState,
    CertificateUnfrozen,
    ConvertCertificate,
    GroupChanged,
    LinkBlocked,
    LinkCertificate,
    LinkingCodeIssued,
    LinkRefused,
    QueuedForFunded,
    ReadCertificate,
    Rejection,
    Revocation,
)
from bot.domain.certificate_staff import (
    AcceptApplication,
    AddCategory,
    AlreadyQueued,
    AlreadyThatKind,
    CategoryAdded,
    CategoryExists,
    ChangeGroup,
    ConfirmVisit,
    ConversionByRequestOnly,
    DecisionsSuspended,
    FindCertificate,
    Freeze,
    IssueLinkingCode,
    ListAttackedNumbers,
    ListQueue,
    NoCertificateVacancy,
    NotInThatState,
    OpenRequestInTheWay,
    RejectApplication,
    Revoke,
    RunningEnrollmentInTheWay,
    TooEarlyToUnfreeze,
    Unfreeze,
)
from bot.domain.ledger import certificate as purse
from bot.domain.messages import Fact, NotYours, operator, provider
from bot.domain.money import Money
from bot.storage import schema
from bot.storage.about import names_behind
from bot.storage.certificate_clock import daily
from bot.storage.desk import Desk
from bot.storage.ledger import balance
from bot.storage.world import WORLD
from tests.storage.town import Town

FUNDED, ACCOUNTING = CertificateKind.FUNDED, CertificateKind.ACCOUNTING
BORN = date(2017, 3, 14)


def family(town: Town, kopecks: int = 0, **values: Any) -> tuple[int, int, int]:
    """A guardian, a child and its active certificate."""
    maria = town.person()
    child = town.child(maria)
    values = {"valid_until": date(2035, 3, 14), **values}
    return maria, child, town.certificate(child, kopecks=kopecks, **values)


def application(town: Town, **values: Any) -> tuple[int, int]:
    """A guardian with an application that waits for the decision."""
    maria, _child, certificate = family(town)
    submitted = {"state": "submitted", "number": None, "applicant": maria, "decide_by": date(2026, 9, 4), **values}
    changed(town, certificate, **submitted)
    return maria, certificate


def changed(town: Town, certificate: int, **values: Any) -> None:
    """The row as the test needs it."""
    table = schema.certificate
    town.run(lambda tx: tx.sql(table.update().where(table.c.id == certificate).values(**values)))


def row(town: Town, certificate: int) -> Any:
    """The row as it is."""
    table = schema.certificate
    return town.run(lambda tx: tx.sql(select(table).where(table.c.id == certificate)).one())


def has(town: Town, certificate: int) -> Money:
    """What is on it in the town's period."""
    return town.run(lambda tx: balance(tx, purse(certificate, town.period)))


def lives(town: Town, day: date) -> None:
    """The calendar comes to a day."""
    town.comes(day)
    town.run(lambda tx: daily(tx, town.municipality, tx.today(town.municipality)))


def limits(town: Town, certificates: int | None, total: int | None = None) -> None:
    """How many funded certificates there are."""
    table = schema.nominal
    town.run(lambda tx: tx.sql(table.update().values(certificates=certificates, sum=total)))


def learns(town: Town, child: int, certificate: int, state: str) -> int:
    """An enrollment in some state, without money."""
    group = town.group()
    module = town.run(lambda tx: tx.value(select(schema.group.c.module).where(schema.group.c.id == group)))
    days = {"start": date(2026, 9, 1), "stop": date(2027, 5, 31), "concluded_on": date(2026, 9, 1)}
    money = {"price": 0, "first": 0, "other": 0, "parent_first": 0, "parent_other": 0, "months": 9}
    return town.adds(
        schema.enrollment,
        child=child,
        certificate=certificate,
        group=group,
        module=module,
        period=town.period,
        state=state,
        by="guardian",
        created_at=town.now,
        changed_at=town.now,
        **days,
        **money,
    )


# --- the decision and the visit ---------------------------------------------------------------------------------------


def test_an_accepted_application_waits_for_the_visit_and_becomes_a_certificate(town: Town):
    maria, certificate = application(town)
    child = row(town, certificate).child
    accepted = town.does(AcceptApplication(certificate), town.operator)
    assert accepted == ApplicationAccepted(child, certificate, date(2026, 10, 1))
    assert town.does(ConfirmVisit(certificate, category_proved=False), town.operator) == CertificateIssued(
        child, certificate
    )
    card = town.asks(ReadCertificate(child), maria)
    assert isinstance(card, Card)
    assert (card.state, card.kind, len(card.number), card.number[:4]) == (
        CertificateState.ACTIVE,
        ACCOUNTING,
        10,
        "5101",
    )
    assert [kind for who, kind, _values in town.notices() if who == maria] == [
        "ApplicationAccepted",
        "CertificateIssued",
    ]


def test_without_an_identity_check_it_is_active_at_once(town: Town):
    town.policy(identity_check="none")
    _maria, certificate = application(town)
    assert isinstance(town.does(AcceptApplication(certificate), town.operator), CertificateIssued)


def test_the_category_counts_once_its_proof_is_seen(town: Town):
    added = town.does(AddCategory(town.municipality, "orphan", "Orphans"), town.operator)
    assert isinstance(added, CategoryAdded)
    assert town.does(AddCategory(town.municipality, "orphan", "Orphans"), town.operator) == CategoryExists()
    for proved, group in ((True, added.group), (False, town.everyone)):
        _maria, certificate = application(town, wanted_group=added.group)
        town.does(AcceptApplication(certificate), town.operator)
        town.does(ConfirmVisit(certificate, category_proved=proved), town.operator)
        assert (row(town, certificate).certificate_group, row(town, certificate).wanted_group) == (group, None)


def test_nothing_is_decided_in_a_blackout(town: Town):
    town.policy(blackout={"start": "2026-08-20", "stop": "2026-09-10"})
    _maria, certificate = application(town)
    for command in (AcceptApplication(certificate), RejectApplication(certificate, Rejection.OTHER)):
        assert town.does(command, town.operator) == DecisionsSuspended(date(2026, 9, 10))
    town.comes(date(2026, 9, 11))
    assert isinstance(town.does(AcceptApplication(certificate), town.operator), ApplicationAccepted)


def test_a_rejection_carries_its_reason(town: Town):
    maria, certificate = application(town)
    child = row(town, certificate).child
    town.does(RejectApplication(certificate, Rejection.WRONG_DATA, "See the house number."), town.operator)
    card = town.asks(ReadCertificate(child), maria)
    assert card is not None
    assert (card.state, card.reason, card.words) == (CertificateState.REJECTED, "wrong_data", "See the house number.")
    ((who, _kind, values),) = town.notices("ApplicationRejected")
    assert (who, values["reason"]) == (maria, "wrong_data")
    assert "house" not in str(values)
    fact = ApplicationRejected(child, certificate, Rejection.WRONG_DATA)
    (about,) = town.run(lambda tx: names_behind(tx, [fact]))
    assert about.words == "See the house number.", "it is looked up when the notice is sent"


def test_originals_not_shown_in_time_reject_the_application_with_the_way_back(town: Town):
    _maria, certificate = application(town)
    town.does(AcceptApplication(certificate), town.operator)
    lives(town, date(2026, 10, 1))
    assert row(town, certificate).state == "awaiting_visit"
    lives(town, date(2026, 10, 2))
    assert (row(town, certificate).state, row(town, certificate).reason) == ("rejected", "no_visit")
    lives(town, date(2026, 10, 3))
    assert len(town.notices("ApplicationRejected")) == 1


def test_a_decision_is_made_once_and_only_by_its_own_operator(town: Town):
    maria, certificate = application(town)
    for stranger in (operator(town.municipality + 1), provider(town.provider), town.actor(maria)):
        assert town.does(AcceptApplication(certificate), stranger) == NotYours()
    town.does(AcceptApplication(certificate), town.operator)
    assert town.does(AcceptApplication(certificate), town.operator) == NotInThatState(CertificateState.AWAITING_VISIT)
    town.does(ConfirmVisit(certificate, False), town.operator)
    assert town.does(ConfirmVisit(certificate, False), town.operator) == NotInThatState(CertificateState.ACTIVE)


# --- money and the queue ----------------------------------------------------------------------------------------------


def test_a_parent_asks_for_money_and_the_nominal_is_granted(town: Town):
    maria, child, certificate = family(town)
    card = town.asks(ReadCertificate(child), maria)
    assert card is not None
    assert card.may_convert
    assert town.does(ConvertCertificate(certificate, FUNDED), maria) == BecameFunded(child, certificate)
    assert has(town, certificate) == Money(1_200_000)
    assert [kind for _who, kind, _values in town.notices()] == ["Granted"]  # the rest was seen on the screen
    assert town.does(ConvertCertificate(certificate, FUNDED), maria) == AlreadyThatKind(FUNDED)
    assert has(town, certificate) == Money(1_200_000)


def test_without_a_vacancy_there_is_a_first_come_queue_and_its_head_is_converted(town: Town):
    limits(town, 1)
    _first, _child, funded = family(town, kopecks=1_200_000)
    (maria, anna, second), (ivan, boris, third) = family(town), family(town)
    assert town.does(ConvertCertificate(second, FUNDED), maria) == QueuedForFunded(anna, second, 1)
    assert town.does(ConvertCertificate(third, FUNDED), ivan) == QueuedForFunded(boris, third, 2)
    assert town.does(ConvertCertificate(second, FUNDED), maria) == AlreadyQueued(1)
    assert [seen.place for seen in town.asks(ListQueue(town.municipality), town.operator)] == [1, 2]
    town.does(ConvertCertificate(funded, ACCOUNTING), town.operator)
    assert (row(town, second).kind, row(town, third).kind) == ("funded", "accounting")
    assert has(town, second) == Money(1_200_000)
    card = town.asks(ReadCertificate(boris), ivan)
    assert card is not None
    assert card.place == 1
    told = {kind: who for who, kind, _values in town.notices() if kind in ("BecameFunded", "QueueMoved")}
    assert told == {"BecameFunded": maria, "QueueMoved": ivan}


def test_of_two_who_want_the_last_vacancy_exactly_one_gets_it(town: Town):
    limits(town, 1)
    other = Desk(town.engine, WORLD, town.desk.keys, lambda: town.now)
    (maria, _a, first), (ivan, _b, second) = family(town), family(town)

    async def at_once() -> list[Fact]:
        return await asyncio.gather(
            town.desk.do(ConvertCertificate(first, FUNDED), town.actor(maria)),
            other.do(ConvertCertificate(second, FUNDED), town.actor(ivan)),
        )

    assert {type(fact) for fact in town.runner.run(at_once())} == {BecameFunded, QueuedForFunded}


def test_the_sum_of_nominals_is_limited_too(town: Town):
    limits(town, None, 2_399_999)
    maria, _child, first = family(town)
    assert isinstance(town.does(ConvertCertificate(first, FUNDED), maria), BecameFunded)
    ivan, _other, second = family(town)
    assert isinstance(town.does(ConvertCertificate(second, FUNDED), ivan), QueuedForFunded)
    limits(town, None, 2_400_000)
    lives(town, date(2026, 9, 2))
    assert row(town, second).kind == "funded"


@pytest.mark.parametrize(
    "change", [{"state": "frozen", "frozen_on": date(2026, 9, 1)}, {"valid_until": date(2026, 9, 1)}]
)
def test_a_head_that_is_frozen_or_of_age_is_skipped(town: Town, change: dict[str, Any]):
    limits(town, 0)
    (maria, _a, first), (ivan, _b, second) = family(town), family(town)
    town.does(ConvertCertificate(first, FUNDED), maria)
    town.does(ConvertCertificate(second, FUNDED), ivan)
    changed(town, first, **change)
    limits(town, 1)
    lives(town, date(2026, 9, 2))
    assert (row(town, first).kind, row(town, second).kind) == ("accounting", "funded")


def test_a_head_with_an_open_request_is_skipped_and_keeps_its_place(town: Town):
    limits(town, 0)
    (maria, anna, first), (ivan, _b, second) = family(town), family(town)
    town.does(ConvertCertificate(first, FUNDED), maria)
    town.does(ConvertCertificate(second, FUNDED), ivan)
    learns(town, anna, first, "requested")
    limits(town, 1)
    lives(town, date(2026, 9, 2))
    assert (row(town, second).kind, row(town, first).queue_place) == ("funded", 1)


def test_an_open_request_blocks_a_conversion(town: Town):
    maria, child, certificate = family(town)
    learns(town, child, certificate, "requested")
    assert town.does(ConvertCertificate(certificate, FUNDED), maria) == OpenRequestInTheWay(1)


def test_where_conversion_is_automatic_the_parent_has_no_button(town: Town):
    town.policy(conversion="automatic")
    maria, child, certificate = family(town)
    card = town.asks(ReadCertificate(child), maria)
    assert card is not None
    assert (card.may_convert, card.conversion) == (False, "automatic")
    assert town.does(ConvertCertificate(certificate, FUNDED), maria) == ConversionByRequestOnly()
    assert isinstance(town.does(ConvertCertificate(certificate, FUNDED), town.operator), BecameFunded)


def test_where_conversion_is_automatic_the_parent_joins_the_queue_as_long_as_no_money_is_free(town: Town):
    """R2.4: the first request is refused then, and that is its next step."""
    town.policy(conversion="automatic")
    limits(town, 0)
    maria, child, certificate = family(town)
    card = town.asks(ReadCertificate(child), maria)
    assert card is not None and card.may_convert
    assert town.does(ConvertCertificate(certificate, FUNDED), maria) == QueuedForFunded(child, certificate, 1)
    card = town.asks(ReadCertificate(child), maria)
    assert card is not None and (card.may_convert, card.place) == (False, 1)
    limits(town, 1)
    lives(town, date(2026, 9, 2))
    assert row(town, certificate).kind == "funded"


def test_only_who_decides_for_the_child_converts(town: Town):
    _maria, child, certificate = family(town)
    grandmother = town.person()
    town.adds(schema.guardianship, person=grandmother, child=child, rights="read", since=town.now)
    for stranger in (grandmother, town.person()):
        assert town.does(ConvertCertificate(certificate, FUNDED), stranger) == NotYours()
    card = town.asks(ReadCertificate(child), grandmother)
    assert card is not None
    assert not card.may_convert
    assert town.asks(ReadCertificate(child), town.person()) is None


def test_a_parent_cannot_give_the_money_back_by_a_forged_wish(town: Town):
    maria, _child, certificate = family(town, kopecks=1_200_000)
    assert town.does(ConvertCertificate(certificate, ACCOUNTING), maria) == NotYours()


def test_converting_there_and_back_and_there_again_grants_anew(town: Town):
    _maria, child, certificate = family(town)
    for _time in range(2):
        assert town.does(ConvertCertificate(certificate, FUNDED), town.operator) == BecameFunded(child, certificate)
        assert has(town, certificate) == Money(1_200_000)
        back = town.does(ConvertCertificate(certificate, ACCOUNTING), town.operator)
        assert back == BecameAccounting(child, certificate, unused=False)
        assert has(town, certificate) == Money(0)


def test_a_change_of_category_moves_the_balance_by_the_difference(town: Town):
    _maria, child, certificate = family(town, kopecks=1_200_000)
    orphans = town.adds(schema.certificate_group, municipality=town.municipality, code="orphan", name="Orphans")
    assert town.does(ChangeGroup(certificate, orphans), town.operator) == NoCertificateVacancy()
    town.adds(schema.nominal, certificate_group=orphans, period=town.period, kopecks=2_000_000)
    assert town.does(ChangeGroup(certificate, orphans), town.operator) == GroupChanged(child, certificate)
    assert has(town, certificate) == Money(2_000_000)
    assert town.does(ChangeGroup(certificate, 999), town.operator) == NotYours()


# --- freezing and revoking --------------------------------------------------------------------------------------------


def test_a_frozen_certificate_gives_its_money_back_until_the_next_period(town: Town):
    _maria, child, certificate = family(town, kopecks=1_200_000)
    assert town.does(Freeze(certificate), town.operator) == CertificateFrozen(child, certificate)
    assert has(town, certificate) == Money(0)
    assert town.does(Unfreeze(certificate), town.operator) == TooEarlyToUnfreeze(None)
    year = town.adds(
        schema.funding_period,
        municipality=town.municipality,
        name="2027/28",
        start=date(2027, 9, 1),
        stop=date(2028, 5, 31),
        state="open",
    )
    assert town.does(Unfreeze(certificate), town.operator) == TooEarlyToUnfreeze(date(2027, 9, 1))
    table = schema.funding_period
    town.run(lambda tx: tx.sql(table.update().where(table.c.id == town.period).values(state="closed")))
    town.comes(date(2027, 9, 1))
    assert town.does(Unfreeze(certificate), town.operator) == NoCertificateVacancy()  # no nominal yet
    town.adds(schema.nominal, certificate_group=town.everyone, period=year, kopecks=1_300_000)
    assert town.does(Unfreeze(certificate), town.operator) == CertificateUnfrozen(child, certificate)
    assert town.run(lambda tx: balance(tx, purse(certificate, year))) == Money(1_300_000)


def test_a_running_enrollment_blocks_a_freeze(town: Town):
    _maria, child, certificate = family(town, kopecks=1_200_000)
    learns(town, child, certificate, "active")
    assert town.does(Freeze(certificate), town.operator) == RunningEnrollmentInTheWay(1)
    assert row(town, certificate).state == "active"


def test_open_requests_are_refused_before_a_freeze(town: Town):
    _maria, child, certificate = family(town, kopecks=1_200_000)
    request = learns(town, child, certificate, "requested")
    town.does(Freeze(certificate), town.operator)
    table = schema.enrollment
    state = town.run(lambda tx: tx.value(select(table.c.state).where(table.c.id == request)))
    assert (state, has(town, certificate)) == ("refused", Money(0))


def test_a_freeze_makes_room_for_the_queue(town: Town):
    limits(town, 1)
    _first, _child, funded = family(town, kopecks=1_200_000)
    maria, _other, second = family(town)
    town.does(ConvertCertificate(second, FUNDED), maria)
    town.does(Freeze(funded), town.operator)
    assert row(town, second).kind == "funded"


def test_a_revoked_certificate_gives_its_money_back_when_the_last_club_has_ended(town: Town):
    _maria, child, certificate = family(town, kopecks=1_200_000)
    running = learns(town, child, certificate, "active")
    revoked = town.does(Revoke(certificate, Revocation.MOVED_AWAY), town.operator)
    assert revoked == CertificateRevoked(child, certificate, Revocation.MOVED_AWAY)
    table = schema.enrollment
    assert town.run(lambda tx: tx.value(select(table.c.ends_on).where(table.c.id == running))) == date(2026, 9, 30)
    assert has(town, certificate) == Money(1_200_000)
    town.run(lambda tx: tx.sql(table.update().where(table.c.id == running).values(state="terminated")))
    lives(town, date(2026, 10, 1))
    assert has(town, certificate) == Money(0)
    assert town.does(Revoke(certificate, Revocation.OTHER), town.operator) == NotInThatState(CertificateState.REVOKED)


# --- the calendar -----------------------------------------------------------------------------------------------------


def test_at_eighteen_a_certificate_closes(town: Town):
    _maria, _child, certificate = family(town, kopecks=1_200_000, valid_until=date(2026, 10, 5))
    lives(town, date(2026, 10, 4))
    assert row(town, certificate).state == "active"
    lives(town, date(2026, 10, 5))
    lives(town, date(2026, 10, 6))
    assert (row(town, certificate).state, has(town, certificate)) == ("closed_age", Money(0))
    assert len(town.notices("CertificateClosed")) == 1


def test_what_runs_at_eighteen_lives_to_its_end(town: Town):
    _maria, child, certificate = family(town, kopecks=1_200_000, valid_until=date(2026, 10, 5))
    running = learns(town, child, certificate, "active")
    lives(town, date(2026, 10, 5))
    table = schema.enrollment
    kept = town.run(lambda tx: tx.sql(select(table).where(table.c.id == running)).one())
    assert (kept.state, kept.ends_on) == ("active", None)


def test_an_unused_certificate_is_warned_and_then_becomes_accounting(town: Town):
    town.policy(unused_days=30)
    _maria, _child, certificate = family(town, kopecks=1_200_000, used_on=date(2026, 9, 1))
    lives(town, date(2026, 9, 23))
    assert town.notices("UnusedSoon") == []
    lives(town, date(2026, 9, 24))
    ((_who, _kind, values),) = town.notices("UnusedSoon")
    assert values["on"] == "2026-10-01"
    lives(town, date(2026, 9, 30))
    assert row(town, certificate).kind == "funded"
    lives(town, date(2026, 10, 1))
    assert (row(town, certificate).kind, has(town, certificate)) == ("accounting", Money(0))
    assert len(town.notices("UnusedSoon")) == 1


@pytest.mark.parametrize("state", ["requested", "waitlisted", "offered", "active"])
def test_a_waiting_request_or_offer_counts_as_use(town: Town, state: str):
    town.policy(unused_days=30)
    _maria, child, certificate = family(town, kopecks=1_200_000, used_on=date(2026, 9, 1))
    learns(town, child, certificate, state)
    lives(town, date(2026, 12, 1))
    assert (row(town, certificate).kind, town.notices("UnusedSoon")) == ("funded", [])


def test_nobody_loses_money_without_a_week_s_warning(town: Town):
    _maria, _child, certificate = family(town, kopecks=1_200_000, used_on=date(2026, 9, 1))
    town.policy(unused_days=30)  # set long after the last use
    lives(town, date(2026, 12, 1))
    ((_who, _kind, values),) = town.notices("UnusedSoon")
    assert (values["on"], row(town, certificate).kind) == ("2026-12-08", "funded")
    lives(town, date(2026, 12, 8))
    assert row(town, certificate).kind == "accounting"


# --- linking ----------------------------------------------------------------------------------------------------------


def code_for(town: Town, certificate: int) -> tuple[str, str]:
    """The number and a fresh code."""
    number = row(town, certificate).number
    issued = town.does(IssueLinkingCode(number), town.operator)
    assert isinstance(issued, LinkingCodeIssued)
    return number, issued.code


def test_an_existing_certificate_is_linked_by_number_birth_date_and_code(town: Town):
    maria, child, certificate = family(town)
    number, code = code_for(town, certificate)
    ivan = town.person()
    assert town.does(LinkCertificate(number, BORN, code), ivan) == CertificateLinked(child, certificate)
    card = town.asks(ReadCertificate(child), ivan)
    assert card is not None
    assert card.rights == "full"
    assert [who for who, _kind, _values in town.notices("CertificateLinked")] == [maria]
    assert isinstance(town.does(LinkCertificate(number, BORN, code), town.person()), LinkRefused)  # used up


@pytest.mark.parametrize("wrong", ["number", "birth date", "code", "late"])
def test_whatever_is_wrong_the_answer_is_the_same(town: Town, wrong: str):
    _maria, _child, certificate = family(town)
    number, code = code_for(town, certificate)
    if wrong == "late":
        town.passes(days=8)
    tried = LinkCertificate(
        "5101999999" if wrong == "number" else number,
        date(2017, 3, 15) if wrong == "birth date" else BORN,
        "ABCEHKMP" if wrong == "code" else code,
    )
    assert town.does(tried, town.person()) == LinkRefused(left=4)


def test_a_new_code_ends_the_earlier_one(town: Town):
    _maria, _child, certificate = family(town)
    number, old = code_for(town, certificate)
    _number, new = code_for(town, certificate)
    ivan = town.person()
    assert isinstance(town.does(LinkCertificate(number, BORN, old), ivan), LinkRefused)
    assert isinstance(town.does(LinkCertificate(number, BORN, new), ivan), CertificateLinked)


def test_five_wrong_tries_block_for_an_hour_even_with_the_right_code(town: Town):
    _maria, child, certificate = family(town)
    number, code = code_for(town, certificate)
    ivan = town.person()
    answers = [town.does(LinkCertificate(number, BORN, "ABCEHKMP"), ivan) for _try in range(5)]
    until = datetime(2026, 9, 1, 10, tzinfo=UTC)
    assert answers == [LinkRefused(4), LinkRefused(3), LinkRefused(2), LinkRefused(1), LinkBlocked(until)]
    assert town.does(LinkCertificate(number, BORN, code), ivan) == LinkBlocked(until)
    other = town.person()
    assert isinstance(town.does(LinkCertificate(number, BORN, "ABCEHKMP"), other), LinkRefused)
    town.passes(hours=1)
    assert town.does(LinkCertificate(number, BORN, code), ivan) == CertificateLinked(child, certificate)


def test_twenty_wrong_tries_on_a_number_alert_the_operator(town: Town):
    _maria, _child, certificate = family(town)
    number = row(town, certificate).number
    for _chat in range(4):
        attacker = town.person()
        assert town.asks(ListAttackedNumbers(town.municipality), town.operator) == ()
        for _try in range(5):
            town.does(LinkCertificate(number, BORN, "ABCEHKMP"), attacker)
    assert town.asks(ListAttackedNumbers(town.municipality), town.operator) == ((number, 20),)
    town.passes(days=1)
    assert town.asks(ListAttackedNumbers(town.municipality), town.operator) == ()


def test_a_provider_issues_a_code_only_for_a_child_that_learns_there(town: Town):
    _maria, child, certificate = family(town)
    number = row(town, certificate).number
    club = provider(town.provider)
    assert town.does(IssueLinkingCode(number), club) == NotYours()
    learns(town, child, certificate, "active")
    assert isinstance(town.does(IssueLinkingCode(number), club), LinkingCodeIssued)
    assert town.does(IssueLinkingCode(number), operator(town.municipality + 1)) == NotYours()


def test_a_code_is_not_at_rest_in_clear_and_not_in_the_outbox(town: Town):
    _maria, _child, certificate = family(town)
    _number, code = code_for(town, certificate)
    kept = town.run(lambda tx: tx.rows(select(schema.link_code)))
    assert code not in str(kept)
    assert code not in str(town.notices())


def test_an_operator_finds_a_certificate_by_number_or_id(town: Town):
    _maria, _child, certificate = family(town)
    number = row(town, certificate).number
    for word in (number, str(certificate)):
        seen = town.asks(FindCertificate(town.municipality, word), town.operator)
        assert seen is not None
        assert (seen.certificate, seen.number) == (certificate, number)
    for word in ("x", "", "0000000000", "9" * 40):
        assert town.asks(FindCertificate(town.municipality, word), town.operator) is None


def test_numbers_are_never_used_twice(town: Town):
    numbers = set()
    for _time in range(3):
        _maria, certificate = application(town)
        town.does(AcceptApplication(certificate), town.operator)

        def always_the_same_first(tx: Any, which: int = certificate) -> Fact:
            chance = iter(["00", *(f"{n:x}" for n in range(1, 9))])
            tx.token = lambda size: next(chance)
            fact: Fact = tx.do(ConfirmVisit(which, False), town.operator)
            return fact

        town.run(always_the_same_first)
        numbers.add(row(town, certificate).number)
    assert numbers == {"5101000000", "5101000001", "5101000002"}
