"""A person's saved searches: saved once, listed with today's names, paused, removed. What is new for them: saved_search_digest.py."""

from typing import Any

from sqlalchemy import delete, select

from bot.dialogs.codec import decode, encode
from bot.domain.catalogue import Filters
from bot.domain.messages import Actor, Command, Fact, NotYours, Query
from bot.domain.messages import person as reader
from bot.domain.saved_search import (
    MOST,
    MySavedSearches,
    PauseSearch,
    RemoveSearch,
    SavedAlready,
    SavedSearch,
    SaveSearch,
    SearchPaused,
    SearchRemoved,
    SearchSaved,
    TooManySearches,
    kept,
)
from bot.storage.schema import district, person, program, saved_search
from bot.storage.tx import Doer, Reader, Tx

ROWS = (
    select(saved_search, district.c.name.label("place"), program.c.name.label("program_name"))
    .outerjoin(district, district.c.id == saved_search.c.district)
    .outerjoin(program, program.c.id == saved_search.c.program)
    .order_by(saved_search.c.id)
)


def filters_of(tx: Tx, stored: str) -> Filters:
    """As they were saved."""
    return tx.memory.lasting(("filters", stored), stored, lambda: decode(Filters, stored, tx.keys))


def my_saved_searches(tx: Tx, query: MySavedSearches, me: Actor) -> tuple[SavedSearch, ...]:
    """The oldest first."""
    return tuple(
        SavedSearch(
            row.id,
            filters_of(tx, row.filters),
            row.place or "",
            row.program or 0,
            row.program_name or "",
            row.paused,
        )
        for row in tx.rows(ROWS.where(saved_search.c.person == me.person))
    )


def watched(tx: Tx, number: int, me: Actor) -> int:
    """The asker's saved search that tells of a program's news; 0 where none does."""
    mine = saved_search.c.person == me.person, saved_search.c.program == number, ~saved_search.c.paused
    return tx.value(select(saved_search.c.id).where(*mine)) or 0


def save_search(tx: Tx, command: SaveSearch, me: Actor) -> Fact:
    """The person is locked: two taps at once save one search, and nobody has more than MOST."""
    if me.role != "person" or (command.program and _name(tx, command.program) is None):
        return NotYours()
    tx.sql(select(person.c.id).where(person.c.id == me.person).with_for_update())
    filters = kept(command.filters)
    mine = my_saved_searches(tx, MySavedSearches(), me)
    if any((one.program, one.filters) == (command.program, filters) for one in mine):
        return SavedAlready()
    if len(mine) >= MOST:
        return TooManySearches()
    made = tx.insert(
        saved_search,
        person=me.person,
        program=command.program or None,
        filters=encode(filters, tx.keys),
        district=filters.district,
        age=filters.age,
        direction=filters.direction.value if filters.direction else "",
        created_at=tx.now,
    )
    return SearchSaved(made, without_balance=filters != command.filters)


def _name(tx: Tx, number: int) -> str | None:
    found: str | None = tx.value(select(program.c.name).where(program.c.id == number))
    return found


def pause_search(tx: Tx, command: PauseSearch, me: Actor) -> Fact:
    """One of mine; what was new meanwhile is not told afterwards."""
    mine = saved_search.c.id == command.search, saved_search.c.person == me.person
    changed = tx.sql(saved_search.update().where(*mine).values(paused=command.paused)).rowcount
    return SearchPaused(command.search, command.paused) if changed else NotYours()


def remove_search(tx: Tx, command: RemoveSearch, me: Actor) -> Fact:
    """One of mine."""
    mine = saved_search.c.id == command.search, saved_search.c.person == me.person
    return SearchRemoved(command.search) if tx.sql(delete(saved_search).where(*mine)).rowcount else NotYours()


def same_searches(tx: Tx, newcomer: int, owner: int) -> None:
    """Two people become one: what both have saved stays as the owner has it."""
    mine = {(one.program, one.filters) for one in my_saved_searches(tx, MySavedSearches(), reader(owner, 0))}
    theirs = my_saved_searches(tx, MySavedSearches(), reader(newcomer, 0))
    twice = [one.id for one in theirs if (one.program, one.filters) in mine]
    tx.sql(delete(saved_search).where(saved_search.c.id.in_(twice)))


READERS: dict[type[Query[Any]], Reader] = {MySavedSearches: my_saved_searches}
DOERS: dict[type[Command], Doer] = {
    SaveSearch: save_search,
    PauseSearch: pause_search,
    RemoveSearch: remove_search,
}
