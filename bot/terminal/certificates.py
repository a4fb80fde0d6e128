"""Applications and certificates: what waits, what is decided, the queue, freezing, linking codes."""

from typing import Annotated

import typer

from bot.dialogs.certificate_words import KINDS, STATES
from bot.domain.certificate import CertificateKind, ConvertCertificate, Rejection, Revocation
from bot.domain.certificate_staff import (
    AcceptApplication,
    AddCategory,
    CertificateSeen,
    ChangeGroup,
    ConfirmVisit,
    FindCertificate,
    Freeze,
    IssueLinkingCode,
    JoinApplication,
    ListApplications,
    ListAttackedNumbers,
    ListCategories,
    ListQueue,
    RejectApplication,
    Revoke,
    Unfreeze,
)
from bot.domain.messages import Command
from bot.i18n import Words, _, joined
from bot.office.certificate_words import told
from bot.terminal.acting import act, look, say
from bot.terminal.places import Place, operator_of

app = typer.Typer(help=__doc__)
Which = Annotated[str, typer.Argument(metavar="CERTIFICATE", help="its number, or its id as the lists show it")]


@app.command()
def applications(municipality: Place) -> None:
    """What waits: applications to decide and visits, the most urgent first."""
    me = operator_of(municipality)
    show_all(look(ListApplications(me.municipality), me), _("Nothing waits."))


@app.command()
def decide(
    certificate: Which,
    municipality: Place,
    reject: Annotated[Rejection | None, typer.Option(help="reject, for this reason")] = None,
    words: Annotated[str, typer.Option(help="what the parent should know besides the reason")] = "",
    another_child: Annotated[bool, typer.Option(help="looked at: a twin or namesake, not the same child")] = False,
    same_as: Annotated[
        str, typer.Option(help="looked at: the child has this certificate; join the applicant to it")
    ] = "",
) -> None:
    """Accept an application, reject it, or join it to the same child's."""
    here = seen(certificate, municipality).certificate
    command: Command = AcceptApplication(here, another_child)
    if reject is not None:
        command = RejectApplication(here, reject, words)
    elif same_as:
        command = JoinApplication(here, seen(same_as, municipality).certificate)
    act(command, operator_of(municipality), told)


@app.command()
def visit(
    certificate: Which,
    municipality: Place,
    category: Annotated[bool, typer.Option(help="the proof of the special category was shown too")] = False,
) -> None:
    """Originals were shown: the certificate becomes active."""
    act(ConfirmVisit(seen(certificate, municipality).certificate, category), operator_of(municipality), told)


@app.command()
def show(certificate: Which, municipality: Place) -> None:
    """One certificate."""
    say(line(seen(certificate, municipality)))


@app.command()
def convert(certificate: Which, to: CertificateKind, municipality: Place) -> None:
    """Make it funded (or queue it), or accounting."""
    act(ConvertCertificate(seen(certificate, municipality).certificate, to), operator_of(municipality), told)


@app.command()
def queue(municipality: Place) -> None:
    """Who waits for a funded certificate."""
    me = operator_of(municipality)
    show_all(look(ListQueue(me.municipality), me), _("Nobody waits."))


@app.command()
def freeze(certificate: Which, municipality: Place) -> None:
    """Freeze: open requests are refused, the balance goes back to the budget."""
    act(Freeze(seen(certificate, municipality).certificate), operator_of(municipality), told)


@app.command()
def unfreeze(certificate: Which, municipality: Place) -> None:
    """Unfreeze, from the next period on."""
    act(Unfreeze(seen(certificate, municipality).certificate), operator_of(municipality), told)


@app.command()
def revoke(
    certificate: Which,
    reason: Revocation,
    municipality: Place,
    words: Annotated[str, typer.Option(help="what the parent should know besides the reason")] = "",
) -> None:
    """Revoke: running clubs end at month end."""
    act(Revoke(seen(certificate, municipality).certificate, reason, words), operator_of(municipality), told)


@app.command()
def group(certificate: Which, category: Annotated[str, typer.Argument(help="its code")], municipality: Place) -> None:
    """Move a certificate to another category."""
    me = operator_of(municipality)
    there = {each.code: each.id for each in look(ListCategories(me.municipality), me)}
    if category not in there:
        raise typer.BadParameter(f"{category!r} is none of: {', '.join(there)}")
    act(ChangeGroup(seen(certificate, municipality).certificate, there[category]), me, told)


@app.command()
def categories(
    municipality: Place,
    add: Annotated[tuple[str, str] | None, typer.Option(help="a new one: code and name", metavar="CODE NAME")] = None,
) -> None:
    """The categories; or one more."""
    me = operator_of(municipality)
    if add is not None:
        act(AddCategory(me.municipality, *add), me, told)
    for each in look(ListCategories(me.municipality), me):
        say(joined("  ", (str(each.id), each.code, each.name)))


@app.command()
def link_code(certificate: Which, municipality: Place) -> None:
    """A one-time code for a guardian who has shown a document."""
    act(IssueLinkingCode(seen(certificate, municipality).number), operator_of(municipality), told)


@app.command()
def attacked(municipality: Place) -> None:
    """Numbers that were tried wrongly 20 times or more in the last day."""
    me = operator_of(municipality)
    for number, times in look(ListAttackedNumbers(me.municipality), me):
        say(joined("  ", (number, str(times))))


def seen(certificate: str, municipality: str) -> CertificateSeen:
    """The certificate that is meant. BadParameter if there is none here."""
    me = operator_of(municipality)
    found = look(FindCertificate(me.municipality, certificate), me)
    if found is None:
        raise typer.BadParameter(f"there is no certificate {certificate!r} in {municipality}")
    return found


def show_all(certificates: tuple[CertificateSeen, ...], none: Words) -> None:
    """A line each."""
    for each in certificates:
        say(line(each))
    if not certificates:
        say(none)


def line(seen: CertificateSeen) -> Words:
    """A certificate in a line, with whatever clock runs."""
    parts: list[Words] = [str(seen.certificate), seen.number, seen.name, _("born {day}", day=seen.birth_date)]
    parts += [STATES[seen.state], KINDS[seen.kind] if seen.number else "", seen.group]
    if seen.wanted_group:
        parts.append(_("applied for: {group}", group=seen.wanted_group))
    if seen.decide_by is not None:
        parts.append(_("LATE, due {day}", day=seen.decide_by) if seen.overdue else _("due {day}", day=seen.decide_by))
    if seen.visit_by is not None:
        parts.append(_("visit by {day}", day=seen.visit_by))
    if seen.held_for:
        same = (
            _("same SNILS as another child")
            if seen.held_for == "snils"
            else _("same name and birth date as another child")
        )
        parts.append(same)
    if seen.place:
        parts.append(_("queue place {place}", place=seen.place))
    return joined(" · ", (part for part in parts if part))
