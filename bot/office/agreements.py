"""Providers as the municipality sees them: with which it has an agreement, and which may teach (R6.13)."""

from starlette.responses import Response

from bot.domain.provider import AddAgreement, EndAgreement, ListProviders, ProviderLine, ProviderState, SetProviderState
from bot.i18n import _
from bot.office.agreement_words import STATES, told
from bot.office.page import OPERATOR, NotFound, Visit, form, page
from bot.office.paging import part


async def providers(visit: Visit) -> Response:
    """`?words=` a part of the name; `?everywhere=1`: those of other municipalities too, to agree with."""
    place, words, everywhere = visit.me.municipality, visit.asked("words").strip(), bool(visit.asked("everywhere"))
    found = await part(
        visit, "/providers", lambda skip, most: ListProviders(place, words, everywhere, skip=skip, most=most)
    )
    known = {"found": found, "words": words, "everywhere": everywhere, "states": STATES}
    return visit.page("providers.html", _("Providers"), **known)


async def one(visit: Visit) -> Response:
    """Its agreement and its state."""
    it = await _seen(visit)
    states = [(each.value, words) for each, words in STATES.items()]
    return visit.page("provider.html", it.name, it=it, states=STATES, choices=states)


async def agree(visit: Visit) -> Response:
    """From that day on; an ended one begins anew."""
    await _seen(visit)
    command = AddAgreement(visit.me.municipality, visit.id("provider"), visit.entry.day("start"))
    return await visit.does(command, told, _of(visit), one)


async def end(visit: Visit) -> Response:
    """Its last day: no new requests after it, running enrollments end at month end."""
    await _seen(visit)
    command = EndAgreement(visit.me.municipality, visit.id("provider"), visit.entry.day("stop"))
    return await visit.does(command, told, _of(visit), one)


async def state(visit: Visit) -> Response:
    """Banned, without a licence, or teaching again."""
    if not (await _seen(visit)).own:
        raise NotFound
    command = SetProviderState(visit.id("provider"), visit.entry.choice("state", ProviderState))
    return await visit.does(command, told, _of(visit), one)


async def _seen(visit: Visit) -> ProviderLine:
    query = ListProviders(visit.me.municipality, everywhere=True, only=visit.id("provider"))
    return visit.found(next(iter(await visit.read(query)), None))


def _of(visit: Visit) -> str:
    return f"/providers/{visit.id('provider')}"


PAGES = (
    page("/providers", providers, OPERATOR),
    page("/providers/{provider:int}", one, OPERATOR),
    form("/providers/{provider:int}/agreement", agree, OPERATOR),
    form("/providers/{provider:int}/agreement/end", end, OPERATOR),
    form("/providers/{provider:int}/state", state, OPERATOR),
)
