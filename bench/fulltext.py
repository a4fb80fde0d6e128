"""PostgreSQL's own text search over the same programs: a column of `russian` lexemes with weights and a GIN index, asked in the usual way.

It gets the filters that we have understood, and the words that are left: all of them, or, when no program has all, any of them. The trigrams of
pg_trgm would find typos; that extension does not come with the server that we test with, so they are not measured here.
"""

import time
from collections import defaultdict
from collections.abc import Sequence
from types import TracebackType

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bench.recall import Asked, share, slipped
from bot.domain.catalogue import Filters
from bot.domain.messages import Actor, person
from bot.domain.understanding import HearLine
from bot.storage.shelf import day_bit
from bot.storage.tx import Tx

MADE = (
    "CREATE TABLE fulltext AS SELECT p.id AS program, setweight(to_tsvector('russian', p.name), 'A') ||"
    " setweight(to_tsvector('russian', p.activity), 'B') || setweight(to_tsvector('russian', v.name), 'C') ||"
    " setweight(to_tsvector('russian', p.description), 'D') AS words, p.municipality FROM program p JOIN provider v ON v.id = p.provider",
    "CREATE INDEX fulltext_words ON fulltext USING gin (words)",
    "ALTER TABLE fulltext ADD PRIMARY KEY (program)",
    "VACUUM ANALYZE fulltext",
)
ASKED = (
    "SELECT p.external_id FROM fulltext f JOIN program p ON p.id = f.program JOIN shelf s ON s.program = f.program"
    ' JOIN "group" g ON g.id = s."group" WHERE f.words @@ {query} AND f.municipality = :mine {filters}'
    " GROUP BY p.id, f.words ORDER BY ts_rank(f.words, {query}) DESC, max(g.seats - g.taken) > 0 DESC, p.id LIMIT 5"
)
ALL = "plainto_tsquery('russian', :words)"
ANY = "replace(plainto_tsquery('russian', :words)::text, '&', '|')::tsquery"
ROUNDS = 3


class Fulltext:
    """The table exists while this is entered."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def __aenter__(self) -> "Fulltext":
        await self._do(*MADE)
        return self

    async def __aexit__(self, *raised: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self._do("DROP TABLE fulltext")

    async def _do(self, *statements: str) -> None:
        async with self._engine.connect() as connection:
            alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            for statement in statements:
                await alone.execute(text(statement))

    def measured(
        self, tx: Tx, lines: Sequence[Asked], answers: dict[str, set[str]], readers: Sequence[Actor]
    ) -> tuple[dict[str, float], dict[str, list[float]]]:
        """Recall as in `search._found`, and times by readers from everywhere."""
        found: dict[str, list[bool]] = defaultdict(list)
        times: list[float] = []
        for number, each in enumerate(lines):
            for kind, typed in (
                ("`russian`, as written", [each.line]),
                ("`russian`, a slip in each word", [slipped(each.line, turn) for turn in range(ROUNDS)]),
            ):
                for line in typed:
                    asked = tx.read(HearLine(line), person(1, 1)).filters
                    found[kind].append(bool(self._ask(tx, asked, 1) & answers[each.line]))
            began = time.perf_counter()
            self._ask(tx, asked, readers[number % len(readers)].municipality)
            times.append((time.perf_counter() - began) * 1000)
        return {kind: share(values) for kind, values in found.items()}, {"`russian`, words, filters": times}

    def _ask(self, tx: Tx, asked: Filters, mine: int) -> set[str]:
        given = {
            "words": asked.words,
            "mine": mine,
            "age": asked.age,
            "district": asked.district,
            "most": asked.most.kopecks,
            "after": asked.after,
            "other_days": sum(day_bit(day) for day in range(1, 8) if day not in asked.days),
        }
        filters = {
            "AND :age BETWEEN s.age_min AND s.age_max": asked.age,
            "AND s.district = :district": asked.district and mine == 1,
            "AND s.price = 0": asked.price == "free",
            "AND s.price <= :most": asked.most and not asked.monthly,
            "AND s.price * 30 <= :most * (s.stop - s.start + 1)": asked.most and asked.monthly,
            "AND s.starts >= :after": asked.after,
            "AND s.weekdays <> 0 AND s.weekdays & :other_days = 0": asked.days,
        }
        wanted = " ".join(condition for condition, is_asked in filters.items() if is_asked)
        for query in (ALL, ANY):
            rows = tx.rows(text(ASKED.format(query=query, filters=wanted)).bindparams(**_used(given, wanted)))
            if rows:
                return {row.external_id for row in rows}
        return set()


def _used(given: dict[str, object], wanted: str) -> dict[str, object]:
    return {name: value for name, value in given.items() if name in ("words", "mine") or f":{name}" in wanted}
