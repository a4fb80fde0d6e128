"""The year's money for the eye: a chart, and a statement to save; the words above say the same."""

from dataclasses import dataclass

from bot.dialogs.core import CHOOSE, Event, Screen, State, Turn, again
from bot.domain.pictures import BalanceChart, ChartOf, Statement, StatementOf
from bot.i18n import Words, _, lines

STEPS = 12
"""Changes that are told in words: the latest; the chart shows all."""
NOTHING = _("There is no money of this certificate to show now.")


def sums(seen: BalanceChart | Statement) -> tuple[Words, ...]:
    """What a period's money is doing."""
    return (
        _("Free: {amount}", amount=seen.free),
        _("Put aside for chosen clubs: {amount}", amount=seen.held),
        _("Paid already: {amount}", amount=seen.charged),
    )


@dataclass(frozen=True)
class ShowChart(State[BalanceChart | None]):
    """What was free, day by day."""

    child: int
    about_child = True
    at_leisure = True

    def needs(self) -> ChartOf:
        return ChartOf(self.child)

    def show(self, known: BalanceChart | None) -> Screen:
        if known is None:
            return Screen(NOTHING)
        last = {step.day: step.free for step in known.steps}
        return Screen(
            lines(
                _("{child}: the certificate's money from {start} to {until}.", child=known.first_name, start=known.start, until=known.until),
                *sums(known),
                "",
                _("What was free:"),
                *(_("{day}: {amount}", day=day, amount=free) for day, free in tuple(last.items())[-STEPS:]),
            ),
            picture=known,
        )  # fmt: skip

    def on(self, event: Event) -> Turn:
        return again(self, CHOOSE)


@dataclass(frozen=True)
class TakeStatement(State[Statement | None]):
    """Every movement of the period as a PDF."""

    child: int
    about_child = True
    at_leisure = True

    def needs(self) -> StatementOf:
        return StatementOf(self.child)

    def show(self, known: Statement | None) -> Screen:
        if known is None:
            return Screen(NOTHING)
        return Screen(
            lines(
                _("{child}: the statement from {start} to {until}.", child=known.name, start=known.start, until=known.until),
                *sums(known),
                "",
                _("Every movement is in the file. The same is under «History»."),
            ),
            picture=known,
        )  # fmt: skip

    def on(self, event: Event) -> Turn:
        return again(self, CHOOSE)
