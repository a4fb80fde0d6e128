"""Which municipality a command is about: it is named by its code."""

from typing import Annotated

import typer

from bot.domain.messages import SYSTEM, Actor, operator
from bot.domain.municipality import Municipalities
from bot.terminal.acting import look

Place = Annotated[str, typer.Option("--municipality", "-m", help="the municipality's code, see `municipality list`")]


def operator_of(code: str) -> Actor:
    """An operator of the municipality with this code, at the terminal. BadParameter names the codes there are."""
    places = look(Municipalities(), SYSTEM).all
    found = [place.id for place in places if place.code == code]
    if not found:
        raise typer.BadParameter(f"{code!r} is none of: {', '.join(place.code for place in places)}")
    return operator(found[0], "terminal")
