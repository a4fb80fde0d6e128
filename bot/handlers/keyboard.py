"""A message fitted to a messenger: texts in pieces, buttons in rows that it takes.

The buttons stand under the last piece of text. Where a messenger takes fewer buttons than a screen has (VK: ten), those that are spare
are left out, and if that is not enough the rest follows in a message of its own that says «…»: so every answer can be tapped, and the
order stays as the dialog wrote it. A standing keyboard would not do: it stays when the question is long gone. A row whose labels a
phone would cut is broken while there are rows left. Files come last.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.dialogs.message import Key, Message
from bot.handlers.channel import Limits, shortened, split

Row = tuple[Key, ...]
MORE = "…"


def parts(message: Message, limits: Limits) -> tuple[Message, ...]:
    """The messages that say what `message` says, in order; one, nearly always."""
    if _fits(message, limits):
        return (message,)
    texts = split(message.text, limits)
    boards = tuple(_boards(_wanted(message.rows, limits), limits)) or ((),)
    files = tuple(
        Message("", document=document, picture=picture, language=message.language)
        for document, picture in ((message.document, None), (None, message.picture))
        if document or picture
    )
    plain = replace(message, document=None, picture=None) if files else message
    return (
        *(replace(plain, text=text, rows=(), wants="choice") for text in texts[:-1]),
        replace(plain, text=texts[-1] or MORE, rows=boards[0]),
        *(replace(plain, text=MORE, rows=board, wants="choice") for board in boards[1:]),
        *files,
    )


def _fits(message: Message, limits: Limits) -> bool:
    """Whether it can go out as it is."""
    text, rows = message.text, message.rows
    return (
        text.strip() == text != ""
        and limits.length(text) <= limits.text
        and message.document is None
        and message.picture is None
        and len(rows) <= limits.rows
        and sum(map(len, rows)) <= limits.buttons
        and all(len(row) == 1 or (len(row) <= limits.per_row and _width(row) <= limits.readable) for row in rows)
        and all(len(key.label) <= limits.label for row in rows for key in row)
    )


def _wanted(rows: Sequence[Row], limits: Limits) -> Sequence[Row]:
    """All rows, or those that are not spare where there are too many buttons."""
    if sum(map(len, rows)) <= limits.buttons:
        return rows
    kept = (tuple(key for key in row if not key.spare) for row in rows)
    return [row for row in kept if row]


def _boards(rows: Sequence[Row], limits: Limits) -> Iterator[tuple[Row, ...]]:
    """Keyboards that hold all keys: broken where one is full, each folded into the rows that fit."""
    board: list[Row] = []
    for row in (piece for whole in rows for piece in _pieces(whole, limits)):
        if sum(map(len, board)) + len(row) > limits.buttons:
            yield folded(opened(board, limits), limits)
            board = []
        board.append(row)
    if board:
        yield folded(opened(board, limits), limits)


def _pieces(row: Row, limits: Limits) -> Iterator[Row]:
    """A row in pieces of the allowed width, its labels cut to what is shown."""
    keys = tuple(
        key if len(key.label) <= limits.label else replace(key, label=shortened(key.label, limits.label)) for key in row
    )
    for start in range(0, len(keys), limits.per_row):
        yield keys[start : start + limits.per_row]


def opened(rows: Sequence[Row], limits: Limits) -> Sequence[Row]:
    """Rows that a phone would cut are broken, the widest first, while there are rows left."""
    rows = list(rows)
    while len(rows) < limits.rows and (wide := [row for row in rows if len(row) > 1 and _width(row) > limits.readable]):
        place = rows.index(max(wide, key=_width))
        half = (len(rows[place]) + 1) // 2
        rows[place : place + 1] = [rows[place][:half], rows[place][half:]]
    return rows


def folded(rows: Sequence[Row], limits: Limits) -> tuple[Row, ...]:
    """Fewer rows: neighbours share one until all fit, those first that stay readable and then those that are fewest. Order stays."""
    rows = list(rows)
    while len(rows) > limits.rows:
        pairs = [place for place in range(len(rows) - 1) if len(rows[place]) + len(rows[place + 1]) <= limits.per_row]
        place = min(pairs, key=lambda place: _crowd((*rows[place], *rows[place + 1]), limits))
        rows[place : place + 2] = [(*rows[place], *rows[place + 1])]
    return tuple(rows)


def _crowd(row: Row, limits: Limits) -> tuple[bool, int, int]:
    """How little one likes a row."""
    return _width(row) > limits.readable, len(row), _width(row)


def _width(row: Row) -> int:
    """All keys of a row are as wide as the widest."""
    return len(row) * max(len(key.label) for key in row)
