"""A city's registry: what parents write finds what they mean (the lines of bench/queries.csv), and lists of most of it are in order to the end."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest
from sqlalchemy import select

from bench import copies, registry, search
from bench.recall import queries, right
from bot.domain.catalogue import A_PAGE, COUNTED_TO, Direction, Filters, FindPrograms
from bot.domain.messages import person
from bot.storage import schema
from bot.storage.database import open_database
from bot.storage.desk import Desk
from bot.storage.keys import Keys
from bot.storage.tx import Tx
from bot.storage.world import WORLD

T = TypeVar("T")
Look = Callable[[Callable[[Tx], T]], T]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Look[T]:
    """Reads the city's database."""
    url = f"sqlite:///{tmp_path_factory.mktemp('city') / 'city.db'}"

    async def look(work: Callable[[Tx], T]) -> T:
        engine = open_database(url)
        desk = Desk(engine, WORLD, Keys(search.KEYS["SECRET_KEY"], [search.KEYS["DATA_KEYS"]]))
        try:
            return await desk.look(work)
        finally:
            await engine.dispose()

    asyncio.run(copies.build_city(url))
    return lambda work: asyncio.run(look(work))


def test_the_right_program_is_among_the_first_five(city: Look[dict[str, float]]) -> None:
    lines, rows = queries(), list(registry.rows())
    answers = {each.line: right(each, rows) for each in lines}
    assert len(lines) >= 150 and all(answers.values()), "a line that nothing could answer proves nothing"
    found = city(lambda tx: search.found(tx, queries(), answers, rounds=1))
    assert found["as written"] >= 95 and found["a slip in each word"] >= 90


@pytest.mark.parametrize(
    "filters",
    [Filters(), Filters(age=8), Filters(price="free", age=12), Filters(direction=Direction.ART), Filters(days=(6, 7))],
)
def test_a_list_of_most_of_a_city_is_in_order_to_its_end_and_says_how_long_it_is_or_that_it_is_longer(
    city: Look[None], filters: Filters
) -> None:
    def look(tx: Tx) -> None:
        wanted = in_order(tx, filters)
        last = (len(wanted) - 1) // A_PAGE
        for page in (0, 1, last // 2, last - 1, last):
            found = tx.read(FindPrograms(filters, page), person(1, 1))
            counted = page * A_PAGE + COUNTED_TO
            assert [line.id for line in found.lines] == wanted[page * A_PAGE : (page + 1) * A_PAGE], page
            assert (found.total, found.more) == (min(len(wanted), counted), len(wanted) > counted), page
        assert tx.read(FindPrograms(filters, last + 9), person(1, 1)) == found, "there is no page after the last"

    city(look)


def in_order(tx: Tx, asked: Filters) -> list[int]:
    """All programs that match, sorted here."""
    best: dict[int, int] = {}
    for row in tx.rows(select(schema.shelf)):
        if (
            (not asked.age or row.age_min <= asked.age <= row.age_max)
            and (not asked.price or row.price == 0)
            and (not asked.direction or row.direction == asked.direction.value)
            and (not asked.days or (row.weekdays and not row.weekdays & sum(1 << day for day in {1, 2, 3, 4, 5})))
        ):
            points = row.standing_for_age if asked.age else row.standing
            best[row.program] = max(best.get(row.program, 0), points)
    return sorted(best, key=lambda program: (-best[program], program))
