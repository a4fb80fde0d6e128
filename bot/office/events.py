"""Master classes and open days: published, their guests, called off; by the municipality, or by a provider for itself."""

from starlette.responses import Response

from bot.domain.catalogue_staff import PlacesOf
from bot.domain.event import (
    LONGEST_DESCRIPTION,
    LONGEST_TITLE,
    AddEvent,
    CallOffEvent,
    GuestsOf,
    ListEventWork,
)
from bot.domain.provider import ListProviders
from bot.i18n import _
from bot.office.event_words import told
from bot.office.page import OPERATOR, PROVIDER, Visit, form, page
from bot.office.paging import part

STAFF = (PROVIDER, OPERATOR)


async def events(visit: Visit) -> Response:
    """Those to come; `?past=1`: those that were."""
    past = bool(visit.asked("past"))
    found = await part(visit, "/events", lambda skip, most: ListEventWork(past, skip=skip, most=most))
    return visit.page("events.html", _("Events"), found=found, past=past)


async def new(visit: Visit) -> Response:
    """What families will read."""
    places = [("", _("the whole municipality")), *((name, name) for _id, name in await visit.read(PlacesOf()))]
    holders = await visit.read(ListProviders(visit.me.municipality)) if visit.me.role == "operator" else ()
    return visit.page("event_new.html", _("A new event"), places=places, holders=holders)


async def add(visit: Visit) -> Response:
    """It can be found at once."""
    entry = visit.entry
    wish = AddEvent(
        visit.me.municipality,
        entry.text("title", most=LONGEST_TITLE, least=1),
        entry.moment("starts"),
        entry.number("age_min", 0, 18),
        entry.number("age_max", 0, 18),
        entry.number_or_none("seats", 1, 100_000),
        entry.text("description", most=LONGEST_DESCRIPTION),
        entry.text("address"),
        entry.text("district"),
        entry.number_or_none("provider", 0, 2**62) or 0,
    )
    return await visit.does(wish, told, to="/events", again=new)


async def event(visit: Visit) -> Response:
    """Who comes, with a telephone of the family."""
    guests = visit.found(await visit.read(GuestsOf(visit.id("event"))))
    [its] = await visit.read(ListEventWork(only=visit.id("event")))
    return visit.page("event.html", its.line.title, event=its, guests=guests)


async def call_off(visit: Visit) -> Response:
    """Every family that is signed up is told why."""
    wish = CallOffEvent(visit.id("event"), visit.entry.text("reason", most=500, least=3))
    return await visit.does(wish, told, to=f"/events/{visit.id('event')}", again=event)


PAGES = (
    page("/events", events, *STAFF),
    page("/events/new", new, *STAFF),
    form("/events", add, *STAFF),
    page("/events/{event:int}", event, *STAFF),
    form("/events/{event:int}/call-off", call_off, *STAFF),
)
