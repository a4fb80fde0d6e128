"""Families: who may see a child, codes for those who have lost their chats, links that must be cut."""

from typing import Annotated

import typer

from bot.domain.family import CutGuardian, Family, FindFamily
from bot.domain.linking import IssueRestoreCode
from bot.domain.messages import Actor
from bot.i18n import joined
from bot.office.family_words import RIGHTS, told
from bot.terminal.acting import act, look, say
from bot.terminal.places import Place, operator_of

app = typer.Typer(help=__doc__)
Certificate = Annotated[str, typer.Argument(help="the certificate's number")]
Person = Annotated[int, typer.Argument(help="the person's number, see `family links`")]


@app.command()
def links(code: Place, certificate: Certificate) -> None:
    """Everybody who may see the child, with their numbers and living chats."""
    for one in family_of(operator_of(code), certificate).guardians:
        say(joined("  ", (str(one.person), one.name or "—", RIGHTS[one.rights], ", ".join(one.channels) or "—")))


@app.command()
def restore_code(code: Place, person: Person) -> None:
    """A code for somebody whose last chat is lost. First see a document that shows who they are (R1.3)."""
    act(IssueRestoreCode(person), operator_of(code), told)


@app.command()
def cut(code: Place, certificate: Certificate, person: Person) -> None:
    """This person shall not see the child any more; they and the other guardians are told."""
    me = operator_of(code)
    act(CutGuardian(family_of(me, certificate).child, person), me, told)


def family_of(me: Actor, certificate: str) -> Family:
    found = look(FindFamily(certificate), me)
    if found is None:
        raise typer.BadParameter("this municipality has no certificate with that number")
    return found
