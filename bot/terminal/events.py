"""Events of a municipality: publish, look who comes, call off."""

from datetime import datetime
from typing import Annotated

import typer

from bot.domain.event import AddEvent, CallOffEvent, EventWork, GuestsOf, ListEventWork
from bot.i18n import Words, _, joined, n_
from bot.office.event_words import told
from bot.terminal.acting import act, look, say
from bot.terminal.places import Place, operator_of

app = typer.Typer(help=__doc__)
Number = Annotated[int, typer.Argument(help="the event's number, see `event list`")]


@app.command()
def add(
    code: Place,
    title: str,
    starts: Annotated[datetime, typer.Argument(formats=["%Y-%m-%dT%H:%M", "%d.%m.%Y %H:%M"], help="local time")],
    age_min: int,
    age_max: int,
    seats: Annotated[int | None, typer.Option(help="how many may come; nothing: as many as come")] = None,
    description: str = "",
    address: str = "",
    district: Annotated[str, typer.Option(help="the district's name, see `municipality list`")] = "",
    provider: Annotated[int, typer.Option(help="the number of the provider that holds it")] = 0,
) -> None:
    """Publish a master class, an open day or another event."""
    me = operator_of(code)
    wish = AddEvent(me.municipality, title, starts, age_min, age_max, seats, description, address, district, provider)
    act(wish, me, told)


@app.command("list")
def list_all(code: Place, past: Annotated[bool, typer.Option("--past", help="those that are over")] = False) -> None:
    """The coming events with their numbers and sign-ups."""
    found = look(ListEventWork(past), operator_of(code))
    if not found:
        say(_("There are no such events."))
    for event in found:
        say(line_words(event))


def line_words(event: EventWork) -> Words:
    """One line for the terminal."""
    facts: tuple[Words | None, ...] = (
        str(event.line.id),
        _("{when}", when=event.line.starts),
        event.line.title,
        event.district or None,
        event.provider or None,
        n_("{count} child is signed up", "{count} children are signed up", event.signed_up),
        n_("{count} free place", "{count} free places", event.line.free) if event.line.free is not None else None,
        _("called off") if event.called_off else None,
    )
    return joined("  ", (fact for fact in facts if fact is not None))


@app.command()
def signups(code: Place, number: Number) -> None:
    """Who comes, with a phone of the family."""
    guests = look(GuestsOf(number), operator_of(code))
    if guests is None:
        say(_("This is not available."))
        raise typer.Exit(1)
    if not guests:
        say(_("Nobody is signed up yet."))
    for guest in guests:
        say(joined("  ", (guest.name, str(guest.age), guest.phone)))


@app.command()
def cancel(
    code: Place, number: Number, reason: Annotated[str, typer.Argument(help="the families will read it")]
) -> None:
    """Call an event off: every family that is signed up is told why."""
    act(CallOffEvent(number, reason), operator_of(code), told)
