"""What a municipality decides about its registry: programs that providers propose, normatives of their parts (0039, R4.3)."""

from starlette.responses import Response

from bot.domain.catalogue import Registry
from bot.domain.catalogue_staff import DecideProgram, MyPrograms, OneTree, SetNormative
from bot.i18n import _
from bot.office import programs
from bot.office.catalogue_words import REGISTRIES, STATES, told
from bot.office.page import OPERATOR, Visit, form, page
from bot.office.paging import sliced


async def proposals(visit: Visit) -> Response:
    """Those that wait."""
    found = sliced(visit, "/proposals", await visit.read(MyPrograms()))
    return visit.page("programs.html", _("Proposed programs"), found=found, states=STATES, registries=REGISTRIES)


async def decide(visit: Visit) -> Response:
    """Into a registry, or back with words."""
    number = visit.id("program")
    visit.found(await visit.read(OneTree("program", number)))
    if visit.entry.ticked("return"):
        wish = DecideProgram(number, None, visit.entry.text("words", most=1000, least=3))
    else:
        wish = DecideProgram(number, visit.entry.choice("into", Registry))
    return await visit.does(wish, told, to="/proposals", again=programs.program)


async def normative(visit: Visit) -> Response:
    """The most that a certificate pays for the whole part."""
    number = visit.id("module")
    tree = visit.found(await visit.read(OneTree("module", number)))
    wish = SetNormative(number, visit.entry.money_or_none("normative"))
    return await visit.does(wish, told, to=f"/programs/{tree.id}", again=programs.module)


PAGES = (
    page("/proposals", proposals, OPERATOR),
    form("/programs/{program:int}/decide", decide, OPERATOR),
    form("/modules/{module:int}/normative", normative, OPERATOR),
)
