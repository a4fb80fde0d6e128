"""What a program would cost for a child: the certificate's part and the family's, by months (R4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from bot.dialogs.core import CHOOSE, Button, Event, Screen, State, Tapped, Turn, again, instead
from bot.domain.catalogue import ChildAge, ChildrenToSearchFor, ModulePrice, PriceFor, PriceSeen
from bot.domain.money import ZERO
from bot.domain.pricing import Installments
from bot.i18n import Words, _, joined, lines, n_

QUEUED = _(
    "No certificate with money is free now: families wait for one in a queue. Join it, or see your place, under "
    "«Certificate». Free clubs are open meanwhile."
)
WHY_NOT: Mapping[str, Words] = {
    "no_certificate": _("The child has no certificate in use yet. Apply for one under «Certificate»."),
    "accounting": _(
        "The child's certificate carries no money: it opens free clubs. Ask under «Certificate» for one with money."
    ),
    "queued": QUEUED,
    "closed": _("No money has been given for these dates yet. Please look again later."),
    "no_money": _("Nothing is left on the certificate for these dates. See «Money»."),
    "unknown": _("The provider has not stated the price. Please ask the provider."),
    "commercial": _("The certificate does not pay for this program: the family pays all."),
}
NO_MORE = _("There is more on the certificate, but for this club the municipality lets it pay no more than that.")
"""Why a family pays while money is left: the normative (R4.3)."""


@dataclass(frozen=True)
class PriceForChild(State["tuple[ChildAge, ...] | PriceSeen | None"]):
    """Whose price? With one child it is not asked; then both parts, before anything is promised."""

    program: int
    child: int = 0

    about_child: ClassVar[bool] = True

    def needs(self) -> "ChildrenToSearchFor | PriceFor":
        return PriceFor(self.program, self.child) if self.child else ChildrenToSearchFor()

    def show(self, known: "tuple[ChildAge, ...] | PriceSeen | None") -> Screen | Turn:
        match known:
            case PriceSeen():
                return Screen(
                    lines(
                        _("{program}: the price for {name}", program=known.program, name=known.child_name),
                        _("The money comes with the first request for a paid club: {left}", left=known.left)
                        if known.first
                        else _("On the certificate: {left}", left=known.left),
                        *(line for module in known.modules for line in ("", module_price(module))),
                        "",
                        _("Nothing is promised yet: the price is fixed when you send the request."),
                    ),
                    (Button(_("Enrol"), f">enrol:{self.program}"),)
                    if any(module.quote for module in known.modules)
                    else (),
                )
            case (ChildAge(only),):
                return instead(PriceForChild(self.program, only))
            case ():
                return Screen(
                    _("I do not know your children yet. Apply for a certificate first."),
                    (Button(_("Apply for a certificate"), ">apply"),),
                )
            case None:
                return Screen(_("This is not available."))
        return Screen(_("Whose price?"), tuple(Button(child.name, str(child.id)) for child in known))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(child):
                return instead(PriceForChild(self.program, int(child)))
        return again(self, CHOOSE)


def module_price(module: ModulePrice) -> Words:
    """A module's dates, its price and who pays which part of it."""
    title = lines(module.module, _("Lessons: {days}", days=module.days))
    if module.quote is None:
        price = _("Price: {price}", price=module.price) if module.price else None
        return lines(title, price, WHY_NOT[module.why] if module.why else _("Free: nothing is paid."))
    paid, own = module.quote.certificate, module.quote.parent
    return lines(
        title,
        _("Price: {price}", price=module.quote.price),
        parts(_("The certificate pays: {sum}", sum=paid.total), paid),
        parts(_("You pay the provider: {sum}", sum=own.total), own) if own.total else _("You pay nothing."),
        NO_MORE if module.capped else None,
    )


def parts(words: Words, plan: Installments) -> Words:
    """A sum, and how it falls into months where there are several."""
    if plan.months < 2 or plan.total == ZERO:
        return words
    months = n_(
        "{first} for the first month, {other} for the {count} month after it",
        "{first} for the first month, {other} for each of the {count} months after it",
        plan.months - 1,
        first=plan.first,
        other=plan.other,
    )
    return joined("\n", (words, months))
