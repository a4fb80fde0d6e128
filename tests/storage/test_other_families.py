"""R1.3: what is one family's is nobody else's. Every question and every wish there is, about a family's ids, by those whose it is not.

A family has a certificate, a club with a charge and an event (the home of test_leaks). A parent of another family with a club of its own,
another municipality's operator and another provider ask and wish with its numbers: nothing of the family is in an answer, and no row of
its has changed. The family's own people ask the same and find everything, so the walk cannot pass by looking at nothing.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, NoResultFound

from bot.domain.messages import AboutChild, Actor, Command, Query, operator, person, provider
from bot.domain.money import Money
from bot.storage import schema
from bot.storage.tx import Tx
from bot.storage.world import WORLD
from tests.stored_states.samples import BORN, CHILD, GUARDIAN, PHONE, sample
from tests.test_leaks import Home

FAMILY, STRANGER = 1, 2
"""Persons; the stranger's child has the same number."""
OTHERS: tuple[Actor, ...] = (person(STRANGER, 1), operator(2, "elsewhere"), provider(2, "another"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = Home(f"sqlite:///{tmp_path_factory.mktemp('families') / 'home.db'}")
    home.runner.run(home.open.run(strangers_come))
    yield home
    home.close()


def strangers_come(tx: Tx) -> None:
    """A parent with a child and a certificate, a municipality and a provider that have nothing to do with the family."""
    town = tx.insert(
        schema.municipality, code="kola", name="Kola", zone="Europe/Moscow", number_prefix="5102", policy="{}"
    )
    tx.insert(schema.provider, municipality=town, name="Another house", kind="private")
    who = tx.insert(schema.person, municipality=1, language="ru", created_at=tx.now)
    assert who == STRANGER
    tx.insert(schema.chat, channel="web", address="stranger", person=who, linked_at=tx.now)
    tx.insert(schema.consent, person=who, purpose="certificate", version="1", hash="x", given_at=tx.now)
    about = {"surname": "Ким", "first_name": "Пётр", "folded_name": "ким петр", "birth_date": BORN.replace(year=2016)}
    child = tx.insert(schema.child, municipality=1, created_at=tx.now, **about)
    tx.insert(schema.guardianship, person=who, child=child, rights="full", since=tx.now)


def secrets(tx: Tx) -> frozenset[str]:
    """What only the family may read, as it stands in an answer: names, phone, number, birth date, and sums that no price list has."""
    number = tx.value(select(schema.certificate.c.number))
    sums = {row.kopecks for row in tx.rows(select(schema.transfer.c.kopecks))}
    sums |= {row.balance for row in tx.rows(select(schema.account.c.balance)) if row.balance > 0}
    sums -= {row.price for row in tx.rows(select(schema.module.c.price))}
    sums -= {row.kopecks for row in tx.rows(select(schema.nominal.c.kopecks))}
    words = {CHILD.surname, CHILD.first_name, GUARDIAN.first_name, PHONE, str(number), repr(BORN)}
    return frozenset(words | {repr(Money(kopecks)) for kopecks in sums})


def about_the_family(home: Home, kind: type[Any]) -> Any:
    """A question or a wish with the family's ids (its rows are the first of each table) and its certificate's number."""
    made = sample(kind)
    if hasattr(made, "number"):
        return replace(
            made, number=home.runner.run(home.open.look(lambda tx: tx.value(select(schema.certificate.c.number))))
        )
    return made


def answered(home: Home, asked: Query[Any], me: Actor) -> str:
    """The answer in full; what only a parent can ask finds no row for staff, which is an answer with nothing as well."""

    def read(tx: Tx) -> str:
        try:
            return repr(tx.read(asked, me))
        except NoResultFound:
            assert me.role != "person"
            return ""

    return home.tries(home.open, read)


def named(kind: type[Any]) -> str:
    return kind.__name__


@pytest.mark.parametrize("kind", WORLD.readers, ids=named)
def test_a_question_about_another_family_is_answered_with_nothing(home: Home, kind: type[Query[Any]]) -> None:
    asked = about_the_family(home, kind)
    for me in OTHERS:
        answer = answered(home, asked, me)
        assert not [word for word in home.tries(home.open, secrets) if word in answer], f"{asked} told {me}: {answer}"


def test_the_family_and_its_staff_find_all_of_it(home: Home) -> None:
    theirs = (person(FAMILY, 1), operator(1), provider(1))
    told = [answered(home, about_the_family(home, kind), me) for kind in WORLD.readers for me in theirs]
    missing = {word for word in home.tries(home.open, secrets) if not any(word in answer for answer in told)}
    assert not missing


def rows(tx: Tx) -> dict[str, set[str]]:
    """Every row of every table but the stranger's own."""
    found = {}
    for table in schema.metadata.sorted_tables:
        own = table.c.id if table.name in ("person", "child") else table.c.get("person")
        query = select(table) if own is None else select(table).where(own.is_distinct_from(STRANGER))
        found[table.name] = {repr(tuple(row)) for row in tx.rows(query)}
    return found


@pytest.mark.parametrize("kind", WORLD.doers, ids=named)
def test_a_wish_about_another_family_changes_nothing_of_it(home: Home, kind: type[Command]) -> None:
    wished = about_the_family(home, kind)

    def wish(tx: Tx, me: Actor) -> None:
        before = rows(tx)
        try:
            fact = tx.do(wished, me)
        except IntegrityError:
            assert me.role != "person", "only a parent can wish this"
            return
        tx.write()
        after = rows(tx)
        gone = {name: before[name] - after[name] for name in before if before[name] - after[name]}
        assert not gone, f"{wished} by {me} became {fact} and changed {gone}"
        assert not isinstance(fact, AboutChild), f"{wished} by {me} became {fact}"
        assert not after["outbox"] - before["outbox"], "the family is told nothing"

    for me in OTHERS:
        home.tries(home.open, lambda tx, me=me: wish(tx, me))  # type: ignore[misc]
