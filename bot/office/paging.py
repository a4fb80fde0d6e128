"""A long list, a page at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from bot.domain.messages import Query
from bot.office.page import AT, Visit

T = TypeVar("T")
PAGE = 50
LAST_PAGE = 100_000


@dataclass(frozen=True)
class Part(Generic[T]):
    """A page of a list; `number` from 0. Pages are linked with what else was asked for."""

    lines: Sequence[T]
    number: int
    more: bool
    path: str
    asked: tuple[tuple[str, str], ...]

    def address(self, number: int) -> str:
        """Of another page of the same list."""
        return f"{AT}{self.path}?{urlencode((*self.asked, ('page', number)))}"


async def part(visit: Visit, path: str, query: Callable[[int, int], Query[Sequence[T]]]) -> Part[T]:
    """The page that was asked for (`?page=`) of a query that takes how many to skip and how many to give; one more tells of the next page."""
    number = min(visit.asked_number("page"), LAST_PAGE)
    found = await visit.read(query(number * PAGE, PAGE + 1))
    return Part(found[:PAGE], number, len(found) > PAGE, path, _asked(visit))


def sliced(visit: Visit, path: str, found: Sequence[T]) -> Part[T]:
    """The page that was asked for of what has been read already."""
    number = min(visit.asked_number("page"), LAST_PAGE)
    shown = found[number * PAGE : (number + 1) * PAGE]
    return Part(shown, number, len(found) > (number + 1) * PAGE, path, _asked(visit))


def _asked(visit: Visit) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in QueryParams(visit.address.query).items() if name != "page")
