"""Municipalities, their districts, texts and policies, and the production calendar."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.domain.messages import SYSTEM, administrator
from bot.domain.municipality import (
    AddDistrict,
    AddMunicipality,
    DistrictsOf,
    Municipalities,
    PolicyOf,
    SetCalendarYear,
    SetPolicy,
)
from bot.domain.published import AddText, RemoveText, TextKind, TextsOf
from bot.i18n import joined
from bot.office.place_words import told
from bot.terminal.acting import act, look, say
from bot.terminal.places import operator_of

app = typer.Typer(help=__doc__)
Code = Annotated[str, typer.Argument(help="the municipality's code, see `municipality list`")]


@app.command("list")
def list_all() -> None:
    """Every municipality with its code and districts."""
    for place in look(Municipalities(), SYSTEM).all:
        districts = [each.name for each in look(DistrictsOf(place.id), SYSTEM)]
        say(joined("  ", (place.code, place.name, ", ".join(districts))))


@app.command()
def add(
    code: Annotated[str, typer.Argument(help="a short word for links and commands: letters, digits, hyphens")],
    name: str,
    zone: Annotated[str, typer.Argument(help="an IANA time zone, such as Europe/Moscow")],
    number_prefix: Annotated[
        str, typer.Argument(help="4 digits that its certificates begin with: region, municipality")
    ],
) -> None:
    """A new municipality."""
    act(AddMunicipality(code, name, zone, number_prefix), administrator("terminal"), told)


@app.command()
def district(code: Code, name: str) -> None:
    """Add a settlement or a city district."""
    me = operator_of(code)
    act(AddDistrict(me.municipality, name), me, told)


@app.command()
def policy(
    code: Code,
    fields: Annotated[list[str] | None, typer.Argument(help="changes such as visit_days=45 (values are JSON)")] = None,
) -> None:
    """Show the policy, or change fields of it."""
    me = operator_of(code)
    if not fields:
        for name, value in look(PolicyOf(me.municipality), me):
            say(f"{name}={value}")
        return
    changes = tuple((name, as_json(value)) for name, _equals, value in (field.partition("=") for field in fields))
    act(SetPolicy(me.municipality, changes), administrator("terminal"), told)


def as_json(value: str) -> str:
    """`finish` is as good as `"finish"`."""
    try:
        json.loads(value)
    except ValueError:
        return json.dumps(value, ensure_ascii=False)
    return value


@app.command()
def text(
    code: Code,
    kind: TextKind,
    title: str,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="the words, a UTF-8 text file")],
    language: str = "ru",
    position: int = 0,
) -> None:
    """Publish a text, or replace the one with the same title."""
    me = operator_of(code)
    body = file.read_text(encoding="utf-8-sig")
    act(AddText(me.municipality, kind, language, title, body, position), me, told)


@app.command()
def texts(code: Code) -> None:
    """The texts that are published, with their numbers."""
    me = operator_of(code)
    for each in look(TextsOf(me.municipality), me):
        say(joined("  ", (str(each.id), each.kind.value, each.language, each.title)))


@app.command()
def remove_text(code: Code, number: int) -> None:
    """Take a text down."""
    act(RemoveText(number), operator_of(code), told)


@app.command()
def calendar(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON: year, source, off, worked")],
) -> None:
    """Set a year of the production calendar, as the government published it."""
    act(SetCalendarYear(file.read_text(encoding="utf-8-sig")), SYSTEM, told)
