"""R2.5, R2.12, R2.13: what the municipality decides about a certificate, and what it does to the money."""

from datetime import date

from sqlalchemy import select

from bot.domain.certificate import CertificateKind, ConvertCertificate, Revocation
from bot.domain.certificate_staff import ChangeGroup, Freeze, Revoke
from bot.domain.enrollment import CancelLessons, EndEnrollment, Reason, RequestEnrollment
from bot.domain.enrollment_seen import Offered, WeighRequest
from bot.domain.gate_refusals import NotEnoughMoney
from bot.domain.messages import person
from bot.domain.money import ZERO, Money
from bot.storage import schema
from bot.storage.audit import audit
from bot.storage.certificate_clock import daily
from tests.storage.families import Family, lives_day, provider, state
from tests.storage.town import Town

SEPTEMBER = date(2026, 9, 30)


def column(town: Town, certificate: int, name: str) -> object:
    table = schema.certificate
    return town.run(lambda tx: tx.value(select(table.c[name]).where(table.c.id == certificate)))


def poorer(town: Town, kopecks: int) -> int:
    group = town.adds(schema.certificate_group, municipality=town.municipality, code="less", name="Less")
    town.adds(schema.nominal, certificate_group=group, period=town.period, kopecks=kopecks)
    return group


def test_5_a_lower_category_takes_what_is_free_and_leaves_what_is_committed(town: Town) -> None:
    family = Family(town)
    family.asks_for(town.group(price=900_000), date(2026, 9, 1))
    town.does(ChangeGroup(family.certificate, poorer(town, 400_000)), town.operator)
    assert family.left == ZERO, "300 000 of the 800 000 that the categories differ by was free"
    assert [values["amount"] for _who, _kind, values in town.notices("Adjusted")] == [-300_000]


def test_5_to_a_lower_category_and_back_makes_nobody_richer(town: Town) -> None:
    family = Family(town)
    family.asks_for(town.group(price=900_000), date(2026, 9, 1))
    for group in (poorer(town, 400_000), town.everyone):
        town.does(ChangeGroup(family.certificate, group), town.operator)
    assert family.left == Money(300_000), "held 900 000 and free 300 000 make the nominal of 1 200 000"
    assert town.run(audit) == []


def ended_in_september(town: Town) -> tuple[Family, int]:
    """A family that had one club, charged in September, and leaves it; Tuesdays and Thursdays, nine lessons."""
    family = Family(town)
    group = town.group(price=273_000)
    running = family.learns(group, date(2026, 9, 1))
    town.does(EndEnrollment(running, SEPTEMBER), family.guardian)
    town.comes(date(2026, 10, 1))
    lives_day(town, date(2026, 10, 1))
    assert state(town, running) == "terminated"
    return family, group


def test_12_what_comes_back_to_a_frozen_certificate_goes_on_to_the_budget(town: Town) -> None:
    family, group = ended_in_september(town)
    town.does(Freeze(family.certificate), town.operator)
    town.does(CancelLessons(group, (date(2026, 9, 8),)), provider(town))
    assert family.left > ZERO
    town.run(lambda tx: daily(tx, town.municipality, date(2026, 10, 2)))
    assert family.left == ZERO
    assert [values["why"] for _who, _kind, values in town.notices("Withdrawn")] == ["freeze", "freeze"]
    assert town.run(audit) == []


def test_13_what_comes_back_after_a_conversion_goes_on_to_the_budget(town: Town) -> None:
    family, group = ended_in_september(town)
    town.does(ConvertCertificate(family.certificate, CertificateKind.ACCOUNTING), town.operator)
    town.does(CancelLessons(group, (date(2026, 9, 8), date(2026, 9, 10))), provider(town))
    town.run(lambda tx: daily(tx, town.municipality, date(2026, 10, 2)))
    assert family.left == ZERO
    town.does(ConvertCertificate(family.certificate, CertificateKind.FUNDED), town.operator)
    assert family.left == Money(1_200_000), "the nominal, and nothing beside it"
    assert town.run(audit) == []


def test_3_a_request_that_is_refused_all_the_same_converts_nobody(town: Town) -> None:
    town.policy(conversion="automatic")
    family = Family(town, kopecks=0)
    group = town.group(price=1_500_000)
    seen = town.asks(WeighRequest(family.child, group, date(2026, 9, 1)), family.guardian)
    assert isinstance(seen, Offered) and seen.quote.parent.total == Money(300_000)
    wish = RequestEnrollment(family.child, group, seen.start, seen.quote)
    assert town.does(wish, person(family.guardian)) == NotEnoughMoney(Money(300_000))
    assert (column(town, family.certificate, "kind"), family.left) == ("accounting", ZERO)
    assert town.notices("BecameFunded") == town.notices("Granted") == []


def test_7_a_revocation_ends_what_runs_with_the_month(town: Town) -> None:
    family = Family(town)
    running = family.learns(town.group(price=273_000), date(2026, 9, 1))
    town.does(Revoke(family.certificate, Revocation.ASKED), town.operator)
    [(_who, _kind, told)] = town.notices("NoticeGiven")
    assert (told["enrollment"], told["last"], told["reason"]) == (running, "2026-09-30", Reason.REVOCATION)
    town.comes(date(2026, 10, 1))
    lives_day(town, date(2026, 10, 1))
    town.run(lambda tx: daily(tx, town.municipality, date(2026, 10, 1)))
    assert family.left == ZERO and town.run(audit) == []
