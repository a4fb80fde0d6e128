"""`make texts`: find every sentence that the code says, and keep the Russian catalog in step with it; `--check` only looks.

English is the language of the code, so only `ru` has a catalog. A sentence that is no longer said leaves it; a new one enters
untranslated, and the check refuses it until somebody has written it in Russian.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOG = ROOT / "locales" / "ru" / "LC_MESSAGES" / "messages.po"
HEADER = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: ru\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"

"""
KEYWORDS = {"_": (1,), "n_": (1, 2), "N_": (1,)}
PLACEHOLDER = re.compile(r"\{(\w*)\}")


def said() -> Catalog:
    """Every sentence in the code, with the files that say it."""
    found = Catalog(charset="utf-8")
    methods = [("**.py", "python"), ("office/templates/**.html", "jinja2")]
    for file, _line, msgid, comments, _context in extract_from_dir(
        str(ROOT / "bot"), methods, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    ):
        found.add(msgid, locations=[(f"bot/{file}", 0)], auto_comments=comments)
    return found


def known() -> Catalog:
    """The translations that exist."""
    with CATALOG.open("rb") as source:
        return read_po(source, locale="ru")


def updated() -> Catalog:
    """What is said, with the translations that exist."""
    translated, fresh = known(), Catalog(locale="ru", charset="utf-8", fuzzy=False)
    for message in sorted((m for m in said() if m.id), key=lambda m: (sorted(m.locations), str(m.id))):
        old = translated.get(message.id)
        fresh.add(
            message.id,
            old.string if old else "",
            locations=sorted({(file, None) for file, _line in message.locations}),  # type: ignore[misc]  # no line numbers
            auto_comments=message.auto_comments,
        )
    return fresh


def complaints(catalog: Catalog) -> Iterator[str]:
    """What is missing, fuzzy, or has other placeholders than the sentence it translates."""
    for message in catalog:
        if not message.id:
            continue
        name = message.id if isinstance(message.id, str) else message.id[0]
        if message.fuzzy:
            yield f"fuzzy: {name!r}"
        forms = message.string if isinstance(message.string, (list, tuple)) else [message.string]
        if not forms or not all(forms) or (not isinstance(message.id, str) and len(forms) != 3):
            yield f"not translated: {name!r}"
            continue
        yield from (f"placeholders differ: {name!r} → {form!r}" for form in forms if not _fits(message, form))


def _fits(message: Message, form: str) -> bool:
    """The same placeholders; only a plural form may do without its number («one club»)."""
    if isinstance(message.id, str):
        return _holes(form) == _holes(message.id)
    return _holes(message.id[1]) - {"count"} <= _holes(form) <= _holes(message.id[1])


def _holes(sentence: str) -> set[str]:
    return set(PLACEHOLDER.findall(sentence))


def main() -> int:
    """Exit code 1 if the catalog is not complete, or with `--check` not in step."""
    fresh = updated()
    found = list(complaints(fresh))
    if "--check" in sys.argv:
        stored = {message.id for message in known() if message.id}
        wanted = {message.id for message in fresh if message.id}
        found += [f"no longer said: {name!r}" for name in sorted(map(str, stored - wanted))]
    else:
        with CATALOG.open("wb") as target:
            target.write(HEADER.encode())
            write_po(target, fresh, width=120, omit_header=True)
    print(*found, f"{len(fresh)} sentences, {len(found)} to mend.", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
