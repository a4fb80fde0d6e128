"""What families read of the municipality: contacts, questions and answers, documents, in both languages, in an order; and its districts."""

from starlette.responses import Response

from bot.domain.municipality import AddDistrict, DistrictsOf, RenameDistrict
from bot.domain.published import AddText, ChangeText, ReadText, RemoveText, TextKind, TextsOf
from bot.i18n import _
from bot.office.page import OPERATOR, Visit, form, page
from bot.office.paging import sliced
from bot.office.place_words import told

KINDS = {
    TextKind.CONTACTS: _("Contacts"),
    TextKind.QUESTION: _("Questions and answers"),
    TextKind.DOCUMENT: _("Documents"),
}
LANGUAGES = {"ru": _("in Russian"), "en": _("in English")}
LONGEST_TITLE, LONGEST_BODY = 120, 6_000


async def texts(visit: Visit) -> Response:
    """By kind and language, in their order."""
    found = sliced(visit, "/place/texts", await visit.read(TextsOf(visit.me.municipality)))
    return visit.page("texts.html", _("Texts for families"), found=found, kinds=KINDS, languages=LANGUAGES)


async def new(visit: Visit) -> Response:
    """A text more."""
    known = {"kinds": list(KINDS.items()), "languages": list(LANGUAGES.items()), "it": None}
    return visit.page("text.html", _("A new text"), **known)


async def add(visit: Visit) -> Response:
    """Families read it at once."""
    kind, language = (
        visit.entry.choice("kind", TextKind),
        visit.entry.one_of("language", {"ru": "ru", "en": "en"}, "ru"),
    )
    command = AddText(visit.me.municipality, kind, language, *_written(visit))
    return await visit.does(command, told, "/place/texts", new)


async def one(visit: Visit) -> Response:
    """To be changed."""
    it = visit.found(await visit.read(ReadText(visit.id("text"))))
    return visit.page("text.html", it.title, it=it, kinds=KINDS, languages=LANGUAGES)


async def change(visit: Visit) -> Response:
    """Title, words, place in the list."""
    return await visit.does(ChangeText(visit.id("text"), *_written(visit)), told, "/place/texts", one)


async def remove(visit: Visit) -> Response:
    """Nobody reads it any more."""
    return await visit.does(RemoveText(visit.id("text")), told, "/place/texts", one)


def _written(visit: Visit) -> tuple[str, str, int]:
    entry = visit.entry
    title, body = entry.text("title", most=LONGEST_TITLE, least=1), entry.text("body", most=LONGEST_BODY, least=1)
    return title, body, entry.number_or_none("position", most=10_000) or 0


async def districts(visit: Visit) -> Response:
    """Settlements and city districts, by name."""
    found = sliced(visit, "/place/districts", await visit.read(DistrictsOf(visit.me.municipality)))
    at = int(visit.request.path_params.get("district", 0))
    return visit.page("districts.html", _("Districts"), found=found, at=at)


async def add_district(visit: Visit) -> Response:
    """One more."""
    command = AddDistrict(visit.me.municipality, visit.entry.text("name", most=100, least=1))
    return await visit.does(command, told, "/place/districts", districts)


async def rename_district(visit: Visit) -> Response:
    """Its name was misspelt, or is another one now."""
    here = await visit.read(DistrictsOf(visit.me.municipality))
    visit.found(next((each for each in here if each.id == visit.id("district")), None))
    command = RenameDistrict(visit.id("district"), visit.entry.text("name", most=100, least=1))
    return await visit.does(command, told, "/place/districts", districts)


PAGES = (
    page("/place/texts", texts, OPERATOR),
    page("/place/texts/new", new, OPERATOR),
    form("/place/texts", add, OPERATOR),
    page("/place/texts/{text:int}", one, OPERATOR),
    form("/place/texts/{text:int}", change, OPERATOR),
    form("/place/texts/{text:int}/remove", remove, OPERATOR),
    page("/place/districts", districts, OPERATOR),
    form("/place/districts", add_district, OPERATOR),
    form("/place/districts/{district:int}", rename_district, OPERATOR),
)
