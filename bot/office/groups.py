"""A group: its days, timetable, seats; its roster, to be printed; who waits for it."""

from collections.abc import Sequence
from datetime import time
from itertools import zip_longest
from typing import get_args

from starlette.responses import Response

from bot.dialogs.timetable import WEEKDAYS, in_words
from bot.domain.catalogue_staff import (
    AddGroup,
    ArchiveGroup,
    ChangeGroup,
    GroupWork,
    GroupWritten,
    OneTree,
    PlacesOf,
    ProgramTree,
    RestoreGroup,
)
from bot.domain.enrollment_work import RosterOf
from bot.domain.lessons import Lesson, Weeks
from bot.domain.messages import Command
from bot.domain.waiting import ListWaiting
from bot.i18n import Words, _
from bot.office.catalogue_words import told
from bot.office.enrollment_words import STATES
from bot.office.page import OPERATOR, PROVIDER, Visit, form, page
from bot.office.paging import sliced

STAFF = (PROVIDER, OPERATOR)
EMPTY_ROWS = 2
"""For lessons that are added; saved, there are as many again."""
WEEKS: dict[Weeks, Words] = {"every": _("every week"), "odd": _("odd weeks"), "even": _("even weeks")}
FIELDS = ("weekday", "from", "till", "weeks", "room")
NO_DAY = ("", "0")
"""Of a lesson that is left out."""


async def new(visit: Visit) -> Response:
    """A group of a module."""
    tree = visit.found(await visit.read(OneTree("module", visit.id("module"))))
    module = next(each for each in tree.modules if each.id == visit.id("module"))
    return await _shown(visit, tree, None, _("A new group"), f"/modules/{module.id}/groups")


async def add(visit: Visit) -> Response:
    """It can be found at once, if its program is in the catalogue."""
    tree = visit.found(await visit.read(OneTree("module", visit.id("module"))))
    wish = AddGroup(visit.id("module"), _written(visit))
    return await visit.does(wish, told, to=f"/programs/{tree.id}", again=new)


async def group(visit: Visit) -> Response:
    """As it is."""
    tree, its = await _mine(visit)
    return await _shown(visit, tree, its, its.written.name, f"/groups/{its.id}")


async def change(visit: Visit) -> Response:
    """Families of enrolled children are told of other hours, days or another address."""
    return await _does(visit, ChangeGroup(visit.id("group"), _written(visit)))


async def archive(visit: Visit) -> Response:
    return await _does(visit, ArchiveGroup(visit.id("group")))


async def restore(visit: Visit) -> Response:
    return await _does(visit, RestoreGroup(visit.id("group")))


async def roster(visit: Visit) -> Response:
    """Who is in it."""
    seen = visit.found(await visit.read(RosterOf(visit.id("group"))))
    return visit.page("roster.html", seen.name, roster=seen, timetable=in_words(seen.timetables.present), states=STATES)


async def waiting(visit: Visit) -> Response:
    """Who waits for a seat, group by group."""
    return visit.page(
        "waiting.html", _("Waiting lists"), found=sliced(visit, "/waiting", await visit.read(ListWaiting()))
    )


async def _does(visit: Visit, command: Command) -> Response:
    tree, _its = await _mine(visit)
    return await visit.does(command, told, to=f"/programs/{tree.id}", again=group)


async def _mine(visit: Visit) -> tuple[ProgramTree, GroupWork]:
    tree = visit.found(await visit.read(OneTree("group", visit.id("group"))))
    its = next(each for module in tree.modules for each in module.groups if each.id == visit.id("group"))
    return tree, its


async def _shown(visit: Visit, tree: ProgramTree, its: GroupWork | None, title: Words, to: str) -> Response:
    timetable = its.written.timetable if its is not None else ()
    stored = [
        (str(each.weekday), f"{each.start:%H:%M}", f"{each.stop:%H:%M}", each.weeks, each.place) for each in timetable
    ]
    rows: Sequence[tuple[str, ...]] = _rows(visit) if "weekday" in visit.said else stored
    return visit.page(
        "group.html",
        title,
        tree=tree,
        group=its,
        to=to,
        places=[(0, _("not told")), *await visit.read(PlacesOf())],
        rows=[*rows, *[("0", "", "", "every", "")] * EMPTY_ROWS],
        weekdays=[("0", "—"), *((str(day), words) for day, words in WEEKDAYS.items())],
        weeks=list(WEEKS.items()),
    )


def _written(visit: Visit) -> GroupWritten:
    entry = visit.entry
    return GroupWritten(
        entry.text("name", least=1),
        entry.day("start"),
        entry.day("stop"),
        entry.number("seats", 1, 1000),
        entry.number("district", most=2**62),
        entry.text("address"),
        entry.text("teacher"),
        entry.ticked("is_open"),
        _timetable(visit),
    )


def _rows(visit: Visit) -> list[tuple[str, ...]]:
    """The lessons as they were entered; rows in which nothing stands are none."""
    rows = zip_longest(*(visit.entry.all(name) for name in FIELDS), fillvalue="")
    return [row for row in rows if row[0] not in NO_DAY or row[1] or row[2] or row[4]]


def _timetable(visit: Visit) -> tuple[Lesson, ...]:
    lessons = []
    for weekday, start, stop, weeks, room in _rows(visit):
        if weekday in NO_DAY:
            continue
        try:
            if weeks not in get_args(Weeks) or len(room) > 100 or not room.isprintable():
                raise ValueError
            times = time.fromisoformat(start), time.fromisoformat(stop)
            lessons.append(Lesson(int(weekday), *times, weeks, room.strip()))  # type: ignore[arg-type]  # `weeks` is one of them
        except ValueError:
            visit.entry.wrong["timetable"] = _(
                "A lesson has a weekday, a beginning and an end, such as 15:00 and 16:30."
            )
    return tuple(lessons)


PAGES = (
    page("/modules/{module:int}/groups/new", new, *STAFF),
    form("/modules/{module:int}/groups", add, *STAFF),
    page("/groups/{group:int}", group, *STAFF),
    form("/groups/{group:int}", change, *STAFF),
    form("/groups/{group:int}/archive", archive, *STAFF),
    form("/groups/{group:int}/restore", restore, *STAFF),
    page("/groups/{group:int}/roster", roster, *STAFF),
    page("/waiting", waiting, PROVIDER),
)
