"""What is drawn is what the ledger says; and a card's code opens the number to a provider's staff alone, until it is revoked."""

from datetime import date

from bot.domain.card_code import LIFE, CardCodeMade, CardCodeRevoked, MakeCardCode, RevokeCardCode, ScannedCode
from bot.domain.ledger import Why
from bot.domain.messages import NotYours
from bot.domain.messages import provider as provider_of
from bot.domain.money import Money
from bot.domain.movements import Balance
from bot.domain.pictures import ChartOf, StatementOf, Step
from bot.domain.privacy import WithdrawConsent
from bot.storage import schema
from bot.storage.calendar_link import PUBLIC_URL
from tests.storage.families import Family
from tests.storage.registries import one, rows
from tests.storage.town import Town


def test_the_chart_steps_as_the_balance_does_and_ends_where_it_is(town: Town) -> None:
    family = Family(town, first_name="Anna")
    me, child = family.guardian, family.child
    chart = town.asks(ChartOf(child), me)
    assert chart is not None
    assert chart.steps == (Step(date(2026, 9, 1), Money(1_200_000)),)
    assert (chart.start, chart.until, chart.today) == (date(2026, 9, 1), date(2027, 5, 31), date(2026, 9, 1))
    town.passes(days=2)
    family.asks_for(town.group(price=900_000))
    chart, seen = town.asks(ChartOf(child), me), town.asks(Balance(child), me)
    assert chart is not None and seen is not None
    (period,) = seen.periods
    assert (chart.free, chart.held, chart.charged) == (period.available, period.held, period.charged)
    assert chart.steps[1:] == (Step(date(2026, 9, 3), period.available),)
    statement = town.asks(StatementOf(child), me)
    assert statement is not None
    assert [(line.why, line.program) for line in statement.lines] == [(Why.GRANT, ""), (Why.RESERVE, "Robots")]
    assert sum(line.amount.kopecks for line in statement.lines) == statement.free.kopecks
    assert (statement.name, statement.municipality) == ("Petrova Anna", "Murmansk")


def test_nobody_elses_money_is_drawn(town: Town) -> None:
    child = Family(town).child
    stranger = town.person()
    for query in (ChartOf(child), StatementOf(child)):
        assert town.asks(query, stranger) is None
        assert town.asks(query, provider_of(town.provider)) is None
    poor = Family(town, kopecks=0)
    assert town.asks(ChartOf(poor.child), poor.guardian) is None


# --- the card's code --------------------------------------------------------------------------------------------------


def code(town: Town, me: int, child: int) -> str:
    fact = town.does(MakeCardCode(child), me)
    assert isinstance(fact, CardCodeMade) and fact.link.startswith("https://kruzhok.example/office/card/")
    return fact.link.rpartition("/")[2]


def has_office(town: Town) -> None:
    address = {"name": PUBLIC_URL, "value": "https://kruzhok.example"}
    town.run(lambda tx: tx.sql(schema.setting.insert().values(**address)))


def test_a_code_opens_the_number_to_a_providers_staff_alone(town: Town) -> None:
    has_office(town)
    family = Family(town)
    me, child = family.guardian, family.child
    made, staff = code(town, me, child), provider_of(town.provider)
    assert town.asks(ScannedCode(made), staff) == one(town, schema.certificate, child=child).number
    assert town.asks(ScannedCode(made), town.operator) is None
    assert town.asks(ScannedCode(made), me) is None
    assert town.asks(ScannedCode(made[:-1] + "x"), staff) is town.asks(ScannedCode("я" * 999), staff) is None
    (row,) = rows(town, schema.card_code)
    assert made not in str(row), "the table keeps a print"


def test_a_code_ends_with_the_next_one_with_its_revocation_its_year_and_its_owners_rights(town: Town) -> None:
    has_office(town)
    family = Family(town)
    me, child = family.guardian, family.child
    other, staff = town.person(), provider_of(town.provider)
    town.adds(schema.guardianship, person=other, child=child, rights="full", since=town.now)
    first, theirs = code(town, me, child), code(town, other, child)
    second = code(town, me, child)

    def good(*codes: str) -> list[bool]:
        return [town.asks(ScannedCode(each), staff) is not None for each in codes]

    assert good(first, second, theirs) == [False, True, True]
    assert town.does(RevokeCardCode(child), me) == CardCodeRevoked(child)
    assert good(second, theirs) == [False, True]
    link = schema.guardianship.c.person == other
    town.run(lambda tx: tx.sql(schema.guardianship.update().where(link).values(rights="read")))
    assert good(theirs) == [False]
    third = code(town, me, child)
    town.passes(days=LIFE.days, seconds=1)
    assert good(third) == [False]
    last = code(town, me, child)
    town.does(WithdrawConsent("certificate"), me)
    assert good(last) == [False] and third not in str(rows(town, schema.card_code))


def test_a_code_is_made_for_an_active_certificate_of_ones_own_child(town: Town) -> None:
    family, other = Family(town), Family(town)
    assert town.does(MakeCardCode(family.child), other.guardian) == NotYours()
    assert town.does(RevokeCardCode(family.child), other.guardian) == NotYours()
    assert town.does(MakeCardCode(family.child), family.guardian) == CardCodeMade(family.child, ""), (
        "no office, no link"
    )
    town.run(lambda tx: tx.sql(schema.certificate.update().values(state="frozen")))
    assert town.does(MakeCardCode(family.child), family.guardian) == NotYours()
