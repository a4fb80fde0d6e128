"""JSON → the sheet that a spreadsheet would have been: an answer of the pfdo.ru public API, or an exchange of «Навигатор».

What both get wrong is set right here or left for the cells' own parsers: numbers and booleans as strings, lists of one sent as the
one, `{}` for empty, instants where dates belong.
"""

from collections.abc import Mapping, Sequence

import orjson

from bot.registry import navigator, pfdo, reasons
from bot.registry.columns import REGISTRY
from bot.registry.form import Heading
from bot.registry.reading import Sheet
from bot.registry.reasons import Unclear

READERS = (pfdo, navigator)


def read(content: bytes, home: str) -> Sheet:
    """`home`: the municipality of those programs whose file does not tell it. Row 1 is the first group of the file.

    Raises Unclear for what is not JSON (too deep, NaN, another encoding) and for JSON of something else.
    """
    try:
        document = orjson.loads(_in_utf8(content))
    except (orjson.JSONDecodeError, RecursionError) as broken:
        raise Unclear(reasons.BROKEN_JSON, str(broken).partition(":")[0]) from broken
    reader = next((each for each in READERS if each.knows(document)), None)
    if reader is None:
        raise Unclear(reasons.UNKNOWN_JSON)
    unsaid = {"municipality": home, "settlement": home}
    groups = [unsaid | {key: value for key, value in group.items() if value} for group in reader.groups(document)]
    return _sheet(groups, reader.FIELDS)


def _in_utf8(content: bytes) -> bytes:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, "replace").encode()
    return content


def _sheet(groups: Sequence[Mapping[str, str]], fields: Mapping[str, str]) -> Sheet:
    """A field that no group has is missing in each of them; errors name the fields of the file."""
    keys = list(dict.fromkeys([*fields, *(key for group in groups for key in group)]))
    heading = Heading(REGISTRY, {key: index for index, key in enumerate(keys)}, fields)
    return Sheet([[group.get(key, "") for key in keys] for group in groups], -1, heading)
