"""A sheet → rows of what it tells, and what is wrong with the others: a bad row never loses a good one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.registry import reasons
from bot.registry.line import Line, Note, RowError
from bot.registry.reading import Sheet
from bot.registry.reasons import Unclear

R = TypeVar("R")


@dataclass(frozen=True)
class Reading(Generic[R]):
    """What a file tells; every line that cannot be taken; what was left out of lines that are."""

    rows: tuple[R, ...] = ()
    errors: tuple[RowError, ...] = ()
    notes: tuple[Note, ...] = ()


def rows(opened: Callable[[], Sheet], row: Callable[[Line], R | None]) -> Reading[R]:
    """`row` makes one of a line, and blames the line for what is wrong; a line with errors is not used.

    Raises nothing: what `opened` cannot read is an error of row 0.
    """
    try:
        sheet = opened()
    except Unclear as unclear:
        return Reading(errors=(RowError(0, "", unclear.reason, unclear.value),))
    header = sheet.header + 1
    notes = [Note(header, column, reasons.UNKNOWN_COLUMN, column) for column in sheet.heading.unknown]
    notes += [Note(header, column, reasons.REPEATED_COLUMN, column) for column in sheet.heading.repeated]
    if missing := sheet.heading.missing():
        errors = [RowError(header, column, reasons.MISSING_COLUMN, column) for column in missing]
        return Reading((), tuple(errors), tuple(notes))
    found, errors = [], []
    for number, cells in enumerate(sheet.table[sheet.header + 1 :], start=sheet.header + 2):
        if not any(str(cell).strip() for cell in cells):
            continue
        line = Line(number, cells, sheet.heading)
        its = row(line)
        if its is not None and not line.errors:
            found.append(its)
        errors += line.errors
        notes += line.notes
    if not found and not errors:
        errors.append(RowError(0, "", reasons.NO_ROWS))
    return Reading(tuple(found), tuple(errors), tuple(notes))
