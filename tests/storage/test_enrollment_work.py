"""What the staff sees: a roster with phones only of those whom the provider has taken, a search, a file, a price before a claim."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.application import FullName, folded_name
from bot.domain.calendar import Month
from bot.domain.enrollment import CancelLessons, EnrollmentState
from bot.domain.enrollment_facts import LessonsCancelled
from bot.domain.enrollment_refusals import UnknownCertificate
from bot.domain.enrollment_work import Claimable, FindEnrollments, OneForStaff, RosterOf, WeighClaim
from bot.domain.messages import Actor, NotYours, operator
from bot.domain.messages import provider as provider_of
from bot.domain.money import Money
from bot.storage import schema
from tests.storage.families import Family, provider
from tests.storage.town import Town

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
START = date(2026, 9, 1)


def family(town: Town, name: str, phone: str) -> Family:
    made = Family(town, surname=name, first_name="Anna", folded_name=folded_name(FullName(name, "Anna")))
    town.run(lambda tx: tx.sql(schema.person.update().where(schema.person.c.id == made.guardian).values(phone=phone)))
    return made


def test_a_roster_shows_a_phone_only_of_those_whom_the_provider_has_taken(town: Town) -> None:
    group = town.group()
    taken, asks = family(town, "Orlova", "+79210000001"), family(town, "Belova", "+79210000002")
    taken.learns(group, START)
    asks.asks_for(group, START)
    roster = town.asks(RosterOf(group), provider(town))
    assert roster is not None
    assert [(each.child_name.split()[0], each.phone) for each in roster.learners] == [
        ("Belova", ""),
        ("Orlova", "+79210000001"),
    ]
    other = provider_of(town.adds(schema.provider, municipality=town.municipality, name="Other", kind="private"))
    assert town.asks(RosterOf(group), other) is None


def test_a_search_finds_by_name_by_number_and_by_state_among_its_own(town: Town) -> None:
    group = town.group()
    first, second = family(town, "Orlova", ""), family(town, "Belova", "")
    made, other = first.learns(group, START), second.asks_for(group, START)
    number = town.run(
        lambda tx: tx.value(select(schema.certificate.c.number).where(schema.certificate.c.id == second.certificate))
    )

    def found(me: Actor | None = None, **asked: Any) -> list[int]:
        return [each.id for each in town.asks(FindEnrollments(**asked), me or provider(town))]

    assert found(words="ORLOVA anna") == [made]
    assert found(words=number[:8]) == [other, made] and found(words=number) == [other]
    assert found(state=EnrollmentState.REQUESTED) == [other] and found(skip=1, most=1) == [made]
    assert found(me=operator(town.municipality + 1)) == []


def test_a_file_tells_money_and_days_and_a_lesson_is_cancelled_for_one_child(town: Town) -> None:
    group = town.group(price=900_000)
    first, second = Family(town), Family(town)
    made, other = first.learns(group, START), second.learns(group, START)
    town.comes(date(2026, 9, 20))
    fact = town.does(CancelLessons(group, (date(2026, 9, 8),), enrollment=made), provider(town))
    assert isinstance(fact, LessonsCancelled) and fact.children == 1
    seen, untouched = (town.asks(OneForStaff(each), provider(town)) for each in (made, other))
    assert seen is not None and untouched is not None
    assert (seen.months[0].month, seen.months[0].refunded) == (Month(2026, 9), fact.amount)
    assert untouched.months[0].refunded == Money(0) and untouched.last_day == date(2026, 9, 30)
    assert town.asks(OneForStaff(made), operator(town.municipality + 1)) is None


def test_the_price_is_seen_before_a_family_is_entered_in_person(town: Town) -> None:
    group, poor = town.group(price=900_000), Family(town, 450_000)
    number = town.run(
        lambda tx: tx.value(select(schema.certificate.c.number).where(schema.certificate.c.id == poor.certificate))
    )
    seen = town.asks(WeighClaim(number, group, START), provider(town))
    assert isinstance(seen, Claimable)
    assert (seen.quote.certificate.total, seen.quote.parent.total) == (Money(450_000), Money(450_000))
    assert town.asks(WeighClaim("0000000000", group), provider(town)) == UnknownCertificate("0000000000")
    assert town.asks(WeighClaim(number, group), operator(town.municipality + 1)) == NotYours()
