"""A job of a day: whom it concerns is found beside whatever is being written, what it does is done in chunks (R5.9, R8.1)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select

from bot.storage.bulk import all_ids
from bot.storage.tx import Tx
from bot.storage.work import Ids

Found = Select[tuple[int]] | None
"""A column of ids; None: nobody, today."""


@dataclass(frozen=True)
class Job:
    """`does` looks again, in its own transaction, at the ids that `concerned` found; doing it twice changes nothing."""

    name: str
    concerned: Callable[[Tx, int, date], Found]
    does: Callable[[Tx, Ids, int, date], object]

    def ids(self, tx: Tx, municipality: int, today: date, after: int = 0) -> Ids:
        """Whom it concerns."""
        found = self.concerned(tx, municipality, today)
        if found is None:
            return ()
        [column] = found.selected_columns
        return all_ids(tx, found.where(column > after))

    def __call__(self, tx: Tx, municipality: int, today: date) -> None:
        """The whole job at once, for a town where that is quickly done."""
        if ids := self.ids(tx, municipality, today):
            self.does(tx, ids, municipality, today)


Conditions = Sequence[Any] | None
"""What rows must meet; None: none today."""
