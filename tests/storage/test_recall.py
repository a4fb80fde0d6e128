"""What parents write finds what they mean: the lines of bench/queries.csv in a city's registry, as written and with a slip in each word."""

import asyncio
from pathlib import Path

from bench import copies, registry, search
from bench.recall import queries, right
from bot.storage.database import open_database
from bot.storage.desk import Desk
from bot.storage.keys import Keys
from bot.storage.world import WORLD


def test_the_right_program_is_among_the_first_five(tmp_path: Path) -> None:
    lines, rows = queries(), list(registry.rows())
    answers = {each.line: right(each, rows) for each in lines}
    assert len(lines) >= 150 and all(answers.values()), "a line that nothing could answer proves nothing"
    found = asyncio.run(recall(f"sqlite:///{tmp_path / 'city.db'}", answers))
    assert found["as written"] >= 95 and found["a slip in each word"] >= 90


async def recall(url: str, answers: dict[str, set[str]]) -> dict[str, float]:
    await copies.build_city(url)
    engine = open_database(url)
    desk = Desk(engine, WORLD, Keys(search.KEYS["SECRET_KEY"], [search.KEYS["DATA_KEYS"]]))
    try:
        return await desk.look(lambda tx: search.found(tx, queries(), answers, rounds=1))
    finally:
        await engine.dispose()
