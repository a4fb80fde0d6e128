"""Money: whose? -> the balance -> the history, the payments to come (forecast.py), what fits the rest (fitting.py)."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.dialogs.charge import GONE, charge
from bot.dialogs.core import CHOOSE, AnyState, Button, Event, Screen, State, Tapped, Turn, again, go, instead
from bot.dialogs.forecast import ShowForecast
from bot.dialogs.money_history import ShowHistory
from bot.dialogs.money_pictures import ShowChart, TakeStatement
from bot.dialogs.reading import cut
from bot.domain.family import ChildSeen, MyChildren
from bot.domain.movements import Balance, BalanceSeen, PeriodBalance
from bot.i18n import Words, _, lines


@dataclass(frozen=True)
class ChooseWhose(State[tuple[ChildSeen, ...]]):
    """Whose money? Asked only where several children have a certificate."""

    about_child = True

    def needs(self) -> MyChildren:
        return MyChildren()

    def show(self, known: tuple[ChildSeen, ...]) -> Screen | Turn:
        if not known:
            return Screen(
                lines(
                    _("There is no child here yet, so there is no money to show."),
                    _("Apply for a certificate, or link the one you have."),
                ),
                (Button(_("Certificate"), ">certificate"),),
            )
        mine = [child for child in known if child.certificate_id] or known
        if len(mine) == 1:
            return instead(ShowBalance(mine[0].id))
        return Screen(_("Whose certificate?"), tuple(Button(cut(child.first_name), str(child.id)) for child in mine))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(child):
                return go(ShowBalance(int(child)))
        return again(self, CHOOSE)


@dataclass(frozen=True)
class ShowBalance(State[BalanceSeen | None]):
    """What a child's certificate has: free, put aside, paid, and when the rest burns."""

    child: int
    about_child = True
    at_leisure = True

    def needs(self) -> Balance:
        return Balance(self.child)

    def show(self, known: BalanceSeen | None) -> Screen:
        if known is None:
            return GONE
        if not known.periods:
            return Screen(without_money(known), (Button(_("Certificate"), f">certificate:{self.child}"),))
        several = len(known.periods) > 1
        return Screen(
            lines(
                _("{child}: the certificate's money.", child=known.first_name),
                *(line for period in known.periods for line in ("", *of_period(period, several))),
            ),
            (
                (Button(_("History"), "history"), Button(_("Payments to come"), "forecast")),
                (Button(_("Chart"), "chart"), Button(_("Statement as a file"), "statement")),
                *((Button(_("What fits the rest"), f">fits:{self.child}"),) if known.free else ()),
                Button(_("Find a club"), ">search"),
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("chart"):
                return go(ShowChart(self.child))
            case Tapped("statement"):
                return go(TakeStatement(self.child))
            case Tapped("history"):
                return go(ShowHistory(self.child))
            case Tapped("forecast"):
                return go(ShowForecast(self.child))
        return again(self, CHOOSE)


def without_money(known: BalanceSeen) -> Words:
    """Why there is nothing to show, and what to do."""
    match known.kind:
        case "accounting":
            return lines(
                _("{child}: this is an accounting certificate, it carries no money.", child=known.first_name),
                _(
                    "It opens free and budget-paid clubs. For clubs paid by certificate, ask for a funded one under «Certificate»."
                ),
            )
        case "funded":
            return lines(
                _("{child}: nothing was put onto the certificate yet.", child=known.first_name),
                _("I will write as soon as the municipality does it."),
            )
        case "pending":
            return lines(
                _("{child}: the certificate is not issued yet, so there is no money to show.", child=known.first_name),
                _("How far it has come you see under «Certificate»."),
            )
    return lines(
        _("{child} has no certificate yet, so there is no money to show.", child=known.first_name),
        _("Apply for one under «Certificate»."),
    )


def of_period(period: PeriodBalance, several: bool) -> tuple[Words, ...]:
    """One period's money in plain lines."""
    return (
        *((_("For clubs from {start} to {until}:", start=period.start, until=period.until),) if several else ()),
        _("Free: {amount}", amount=period.available),
        _("Put aside for chosen clubs: {amount}", amount=period.held),
        _("Paid already: {amount}", amount=period.charged),
        _(
            "What is free after {until} goes back to the budget: it does not pass to the next period.",
            until=period.until,
        ),
    )


def money(argument: str) -> AnyState:
    """`money`, or `money:12` for a child. ValueError for anything else."""
    return ShowBalance(int(argument)) if argument else ChooseWhose()


DOORS: dict[str, Callable[[str], AnyState]] = {
    "money": money,
    "history": lambda argument: ShowHistory(int(argument)),
    "charge": charge,
}
