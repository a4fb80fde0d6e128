"""Every movement of a child's money in one line, with its reason (R3.9)."""

from dataclasses import dataclass

from bot.dialogs.charge import GONE, charge
from bot.dialogs.core import CHOOSE, Button, Event, Row, Screen, State, Tapped, Turn, again, go, instead
from bot.dialogs.reading import cut, turned, turning
from bot.domain.calendar import Month
from bot.domain.ledger import Why
from bot.domain.money import ZERO
from bot.domain.movements import History, HistoryPage, Line
from bot.i18n import Text, Words, _, joined, lines


@dataclass(frozen=True)
class ShowHistory(State[HistoryPage | None]):
    """Every movement in one line, newest first; a payment opens."""

    child: int
    page: int = 0
    about_child = True
    at_leisure = True

    def needs(self) -> History:
        return History(self.child, self.page)

    def show(self, known: HistoryPage | None) -> Screen:
        if known is None:
            return GONE
        if not known.lines:
            return Screen(_("{child}: no money has moved yet.", child=known.first_name))
        title = _("{child}: what happened to the money.", child=known.first_name)
        of = _("Page {page} of {pages}.", page=known.page + 1, pages=known.pages) if known.pages > 1 else None
        rows: list[Row] = [
            Button(
                _("{program}, {month}", program=cut(line.program, 22), month=line.month),
                f"charge:{line.enrollment}:{line.month}",
            )
            for line in known.lines
            if line.why is Why.CHARGE and line.month
        ]
        return Screen(
            lines(title, of, *(part for line in known.lines for part in ("", told(line)))),
            (*rows, *turning(known.page, known.pages)),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(ShowHistory(self.child, page))
            case Tapped(choice) if choice.startswith("charge:"):
                return go(charge(choice.removeprefix("charge:")))
        return again(self, CHOOSE)


def told(line: Line) -> Words:
    """One transfer in one line: the day, the sum, what for."""
    if line.why is Why.CHARGE:
        return _("{day}: {amount}. {explained}", day=line.day, amount=line.amount, explained=explained(line))
    sign, size = ("+", line.amount) if line.amount > ZERO else ("−", -line.amount)
    return _("{day}: {sign}{amount}. {explained}", day=line.day, sign=sign, amount=size, explained=explained(line))


def explained(line: Line) -> Words:
    """Why it moved, in a sentence."""
    program = {"program": line.program}
    match line.why:
        case Why.RESERVE:
            return _("Put aside for «{program}».", **program)
        case Why.CHARGE if line.month:
            paid = _("Paid for «{program}», {month}, out of what was put aside.", **program, month=line.month)
            return (
                joined(" ", (paid, _("You questioned it; the municipality is looking into it.")))
                if line.disputed
                else paid
            )
    if line.program:
        return joined(" ", (_("«{program}».", **program), reason(line.why, line.month)))
    return reason(line.why, line.month)


REASONS = {
    Why.GRANT: _("The municipality put the certificate's sum of the period onto it."),
    Why.OPENING: _("The balance was taken over from the earlier system."),
    Why.NOMINAL: _("The municipality changed the sum of the certificates."),
    Why.CATEGORY: _("The child's group was changed, and with it the sum of the certificate."),
    Why.REFUSED: _("The place was refused, the money is free again."),
    Why.WITHDRAWN: _("The place was given back, the money is free again."),
    Why.TERMINATED: _("The learning ends early, the rest is free again."),
    Why.COMPLETED: _("The learning is over, and this was left."),
    Why.MISTAKE: _("The enrollment turned out to be a mistake, what was paid came back."),
    Why.EXPIRY: _("The period is over, and this was not used."),
    Why.FREEZE: _("The certificate was frozen."),
    Why.CONVERSION: _("The certificate became an accounting one, which carries no money."),
    Why.REVOCATION: _("The certificate was revoked."),
    Why.AGE: _("The certificate ended with the child's 18th birthday."),
    Why.PASSED_ON: _("Its period was over, so it went on to the municipality's budget."),
    Why.REVERSAL: _("An earlier entry was a mistake and was taken back."),
}


def reason(why: Why, month: Month | None = None) -> Text:
    """Why money moved, for a notice or a line of the history."""
    if why is Why.LESSONS and month:
        return _("Lessons were cancelled in {month}, their price came back.", month=month)
    return REASONS[why]
