"""A region switches to Kruzhok in the middle of a period: certificates come with what is left on them, once (R3.3)."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.domain import ledger as book
from bot.domain.certificate import CertificateLinked, LinkCertificate, LinkingCodeIssued
from bot.domain.certificate_staff import ChangeGroup, IssueLinkingCode
from bot.domain.ledger import Why
from bot.domain.money import Money
from bot.domain.period import SetNominal
from bot.domain.privacy import DeleteMe
from bot.registry import reasons
from bot.registry.certificate_template import BLANK
from bot.registry.certificates import parse
from bot.storage import schema
from bot.storage.accounts import balance
from bot.storage.audit import audit
from bot.storage.calendar import Calendar
from bot.storage.certificate_import import Outcome, put
from tests.storage.registries import another_town, one, rows, statements
from tests.storage.town import Town


def line(number: int, **fields: Any) -> dict[str, Any]:
    usual = {
        "number": f"5101{number:06}",
        "child": f"Примерова Вер{chr(1071 + number)}",
        "birth_date": date(2017, 3, 14),
    }
    return {**usual, "sex": "ж", "kind": "ПФ", "nominal": "12 000", "balance": "8 792,06", **fields}


def brings(town: Town, *lines: dict[str, Any], dry: bool = False, shown: int = 0) -> Outcome:
    reading = parse("остатки.xlsx", BLANK.workbook(lines))
    assert not reading.errors
    return town.run(lambda tx: put(tx, town.municipality, reading.rows, dry=dry, shown=shown))


def left(town: Town, number: int) -> Money:
    return town.run(lambda tx: balance(tx, book.certificate(number, town.period)))


def lives(town: Town) -> None:
    assert town.runner.run(Calendar(town.desk).live())


def test_a_certificate_enters_with_its_child_and_its_balance(town: Town) -> None:
    done = brings(
        town, line(1, district="leninsky", contact="8 (8152) 00-00-17"), line(2, kind="учёта", balance="", nominal="")
    )
    assert (done.report["added"], done.report["kopecks"], done.errors) == (2, 879_206, [])
    funded, accounting = rows(town, schema.certificate)
    assert (funded.number, funded.kind, funded.state, funded.conversion) == ("5101000001", "funded", "active", 1)
    assert (funded.valid_until, funded.opened_in) == (date(2035, 3, 14), town.period)
    assert (accounting.kind, accounting.conversion, accounting.opened_in) == ("accounting", 0, None)
    child = one(town, schema.child, id=funded.child)
    assert (child.surname, child.sex, child.district, child.contact) == (
        "Примерова",
        "f",
        town.district,
        "+78152000017",
    )
    [opening] = rows(town, schema.transfer)
    assert (opening.key, opening.why, opening.kopecks) == (f"open:{funded.id}:{town.period}", Why.OPENING, 879_206)
    assert left(town, funded.id) == Money(8792_06)
    assert town.run(audit) == [] and town.notices() == []


def test_a_preview_counts_and_writes_nothing(town: Town) -> None:
    done = brings(town, line(1), dry=True)
    assert (done.report["added"], rows(town, schema.certificate), rows(town, schema.child)) == (1, [], [])


def test_the_same_file_again_moves_nothing(town: Town) -> None:
    brings(town, line(1), line(2, balance="0"))
    before = [rows(town, table) for table in (schema.certificate, schema.child, schema.transfer, schema.account)]
    assert brings(town, line(1), line(2, balance="0")).report == {"same": 2}
    assert [
        rows(town, table) for table in (schema.certificate, schema.child, schema.transfer, schema.account)
    ] == before


def test_a_balance_taken_over_stands_for_the_grant_even_where_nothing_was_left(town: Town) -> None:
    """R3.4: the nominal does not come on top of it; the next period is granted as everybody's is."""
    brings(town, line(1), line(2, balance="0"))
    lives(town)
    assert [row.why for row in rows(town, schema.transfer)] == [Why.OPENING]
    other = town.adds(schema.certificate_group, municipality=town.municipality, code="orphan", name="Orphans")
    town.does(SetNominal(other, town.period, Money(12_000_00), None, None), town.operator)
    _some, spent = (row.id for row in rows(town, schema.certificate))
    town.does(ChangeGroup(spent, other), town.operator)
    assert left(town, spent) == Money(0)
    next_period = town.adds(
        schema.funding_period, municipality=town.municipality, name="27", start=date(2027, 6, 1), stop=date(2028, 5, 31), state="open"
    )  # fmt: skip
    for group in (town.everyone, other):
        town.does(SetNominal(group, next_period, Money(5_000_00), None, None), town.operator)
    lives(town)
    assert [(row.why, row.kopecks) for row in rows(town, schema.transfer)[1:]] == [(Why.GRANT, 500_000)] * 2
    assert town.run(audit) == []


def test_what_a_clerk_has_corrected_is_corrected_here_and_told_before(town: Town) -> None:
    brings(town, line(1))
    again = line(1, child="Примерова-Образцова Вера", contact="vera@primer.example")
    told = brings(town, again, dry=True, shown=5).changes
    assert [(change.column, change.before, change.after) for change in told] == [
        ("Ребёнок", "Примерова", "Примерова-Образцова"),
        ("Контакт родителя", "", "vera@primer.example"),
    ]
    assert brings(town, again).report == {"changed": 1}
    assert one(town, schema.child).folded_name == "примерова-образцова вера"


def test_what_only_people_may_decide_is_refused_with_its_row(town: Town) -> None:
    another_town(town)
    brings(town, line(1), line(2), line(3))
    town.run(
        lambda tx: tx.sql(
            schema.certificate.update().where(schema.certificate.c.number == "5101000003").values(municipality=2)
        )
    )
    cases = [
        (line(1, balance="8 792,07"), reasons.OTHER_BALANCE, "8792,06"),
        (line(1, birth_date=date(2016, 3, 14)), reasons.OTHER_CHILD, "5101000001"),
        (line(2, kind="учёта", balance=""), reasons.OTHERWISE_HERE, "funded"),
        (line(3), reasons.OTHER_MUNICIPALITYS, "5101000003"),
        (line(9, child=line(1)["child"]), reasons.CHILD_HAS_ONE, ""),
        (line(9, category="Космонавты"), reasons.UNKNOWN_CATEGORY, "Космонавты"),
        (line(9, district="Атлантида"), reasons.UNKNOWN_DISTRICT, "Атлантида"),
        (line(9, birth_date=date(2008, 9, 1)), reasons.NOT_OF_AGE, "01.09.2008"),
        (line(9, birth_date=date(2023, 9, 1)), reasons.NOT_OF_AGE, "01.09.2023"),
    ]
    before = [rows(town, table) for table in (schema.certificate, schema.child, schema.transfer)]
    for wrong, reason, value in cases:
        done = brings(town, wrong)
        assert [(error.row, error.reason, error.value) for error in done.errors] == [(2, reason, value)]
    assert [rows(town, table) for table in (schema.certificate, schema.child, schema.transfer)] == before


def test_a_file_does_not_bring_back_what_a_family_has_deleted(town: Town) -> None:
    """R9.2: the year of birth is left, which is the birthday of whoever was born on the 1st of January."""
    born = date(2017, 1, 1)
    brings(town, line(1, birth_date=born))
    child, mother = one(town, schema.child).id, town.person()
    town.adds(schema.guardianship, person=mother, child=child, rights="full", since=town.now)
    town.does(DeleteMe(), mother)
    assert [error.reason for error in brings(town, line(1, birth_date=born)).errors] == [reasons.OTHER_CHILD]
    assert one(town, schema.child, id=child).surname is None


def test_money_needs_an_open_period(town: Town) -> None:
    town.comes(date(2027, 7, 1))
    assert [error.reason for error in brings(town, line(1)).errors] == [reasons.NO_PERIOD]


def test_a_parent_links_it_by_number_birth_date_and_code(town: Town) -> None:
    """R2.11."""
    brings(town, line(1))
    issued = town.does(IssueLinkingCode("5101000001"), town.operator)
    assert isinstance(issued, LinkingCodeIssued)
    linked = town.does(LinkCertificate("5101000001", date(2017, 3, 14), issued.code), town.person())
    assert isinstance(linked, CertificateLinked)


def test_a_chunk_takes_the_same_statements_for_few_and_for_many(town: Town) -> None:
    def taken(first: int, count: int) -> int:
        lines = [line(number) for number in range(first, first + count)]
        return statements(town, lambda: brings(town, *lines))

    brings(town, line(30))  # the budget's account is made once
    assert taken(1, 1) == taken(2, 20)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_is_looked_for_in_every_child_or_transfer(town: Town) -> None:
    plans: set[str] = set()

    def explain(_connection: Any, cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            plans.update(row[3] for row in cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    event.listen(Engine, "before_cursor_execute", explain)
    try:
        brings(town, line(1), line(2))
    finally:
        event.remove(Engine, "before_cursor_execute", explain)
    assert any("child" in plan for plan in plans)
    assert not {f"SCAN {table}" for table in ("child", "certificate", "account", "transfer")} & plans
