"""A picture as a file, with the words that stand for it: what messengers upload and pages show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from bot.dialogs.money_history import told
from bot.dialogs.money_pictures import sums
from bot.domain.pictures import BalanceChart, CertificateCard, Picture, Statement
from bot.i18n import Words, _, render
from bot.pictures.drawing import Values, drawn, qr


@dataclass(frozen=True)
class File:
    """What is uploaded."""

    name: str
    content: bytes


def file_of(picture: Picture, language: str) -> File:
    """Draws it: some hundredths of a second, in a thread."""
    kind = KINDS[type(picture)]
    form: Literal["png", "pdf"] = "png" if kind.image else "pdf"
    content = drawn(kind.page, {**kind.values(picture), "title": kind.title}, language, form)
    return File(f"{kind.page}.{form}", content)


def shown_at_once(picture: Picture) -> bool:
    """An image; anything else is saved."""
    return KINDS[type(picture)].image


def caption(picture: Picture, language: str) -> str:
    """What stands below it, and for it where it does not load."""
    return render(KINDS[type(picture)].title, language)


@dataclass(frozen=True)
class Kind:
    """How a kind of picture is drawn."""

    page: str
    title: Words
    values: Any
    image: bool = True


def of_chart(chart: BalanceChart) -> Values:
    """Places from 0 to 1: days along, money up."""
    most = max((step.free for step in chart.steps), default=chart.free).kopecks or 1
    days = max((chart.until - chart.start).days, 1)

    def at(day: date) -> float:
        return min(max((day - chart.start).days / days, 0), 1)

    steps = [{"x": at(step.day), "y": step.free.kopecks / most} for step in chart.steps]
    return {
        "whose": chart.first_name,
        "steps": steps,
        "today": at(chart.today),
        "start": _("{day}", day=chart.start),
        "until": _("{day}", day=chart.until),
        "most": _("{amount}", amount=max((step.free for step in chart.steps), default=chart.free)),
        "sums": sums(chart),
    }


def of_statement(its: Statement) -> Values:
    """A row for each movement."""
    return {
        "name": its.name,
        "number": _("Certificate {number}", number=its.number),
        "municipality": its.municipality,
        "period": _("From {start} to {stop}", start=its.start, stop=its.until),
        "today": _("As of {day}", day=its.today),
        "lines": [told(line) for line in its.lines],
        "nothing": _("No money has moved yet."),
        "sums": sums(its),
    }


def of_card(card: CertificateCard) -> Values:
    """With a code for the provider's scanner, where there is an office to scan it."""
    return {
        "name": card.name,
        "number": card.number,
        "group": _("Category: {group}", group=card.group),
        "valid": _("Valid until: {day}", day=card.valid_until) if card.valid_until else "",
        "qr": qr(card.link) if card.link else "",
        "scan": _("For the club: scan to enrol"),
    }


KINDS: Mapping[type[Picture], Kind] = {
    BalanceChart: Kind("balance", _("The certificate's money through the year"), of_chart),
    Statement: Kind("statement", _("A statement of the certificate"), of_statement, image=False),
    CertificateCard: Kind("certificate", _("Certificate of additional education"), of_card),
}
