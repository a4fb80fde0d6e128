"""Every movement of money, told with its reason and what is left (R3.9); a repeat is known by its day and month."""

from bot.dialogs.core import Button, Screen
from bot.dialogs.money_history import reason
from bot.domain.ledger import Why
from bot.domain.messages import Fact
from bot.domain.money import ZERO
from bot.domain.movements import Adjusted, Charged, ExpiryWarned, Granted, PassedOn, Returned, Withdrawn
from bot.domain.period import NominalSet, PeriodAdded, PeriodOpened
from bot.i18n import _, lines, n_
from bot.notifications.notice import About, Notice, Notices, Topic


def granted(fact: Granted, about: About) -> Screen:
    """A period's nominal has come."""
    return Screen(
        lines(
            _("{child}: the certificate got {amount} on {day}.", child=about.child, amount=fact.amount, day=fact.day),
            _("It pays for clubs from {start} to {until}.", start=fact.start, until=fact.until),
            _("What is not used by then goes back to the budget."),
            _("Free on the certificate: {left}.", left=fact.left),
        ),
        (what_fits(fact.child), Button(_("Find a club"), ">search"), balance_of(fact.child)),
    )


def adjusted(fact: Adjusted, about: About) -> Screen:
    """The nominal or the group has changed."""
    more = fact.amount > ZERO
    change = (
        _("{child}: the certificate got {amount} more on {day}.", child=about.child, amount=fact.amount, day=fact.day)
        if more
        else _(
            "{child}: the certificate has {amount} less since {day}.",
            child=about.child,
            amount=-fact.amount,
            day=fact.day,
        )
    )
    return Screen(
        lines(change, reason(fact.why), _("Free on the certificate: {left}.", left=fact.left)),
        (balance_of(fact.child),),
    )


def charged(fact: Charged, about: About) -> Screen:
    """A month was paid."""
    return Screen(
        lines(
            _(
                "{child}: «{program}», {month}: the certificate paid {amount} on {day}.",
                child=about.child,
                program=about.program,
                month=fact.month,
                amount=fact.amount,
                day=fact.day,
            ),
            _("Still put aside for this club: {held}.", held=fact.held) if fact.held else None,
            _("Free on the certificate: {left}.", left=fact.left),
        ),
        (Button(_("About this payment"), f">charge:{fact.enrollment}:{fact.month}"), balance_of(fact.child)),
    )


def returned(fact: Returned, about: About) -> Screen:
    """Money is free again."""
    return Screen(
        lines(
            _(
                "{child}: {amount} came back to the certificate from «{program}» on {day}.",
                child=about.child,
                amount=fact.amount,
                program=about.program,
                day=fact.day,
            ),
            reason(fact.why, fact.month),
            _("Free on the certificate: {left}.", left=fact.left),
        ),
        (Button(_("Open"), f">enrollment:{fact.enrollment}"), balance_of(fact.child)),
    )


def passed_on(fact: PassedOn, about: About) -> Screen:
    """Money came back too late to be spent (R3.6)."""
    return Screen(
        lines(
            _(
                "{child}: {amount} came back from «{program}» on {day}, when its period was over.",
                child=about.child,
                amount=fact.amount,
                program=about.program,
                day=fact.day,
            ),
            reason(fact.why, fact.month),
            _("So it went to the municipality's budget: money of one period does not pass to the next."),
        ),
        (Button(_("Open"), f">enrollment:{fact.enrollment}"), balance_of(fact.child)),
    )


def withdrawn(fact: Withdrawn, about: About) -> Screen:
    """What was left has gone back."""
    return Screen(
        lines(
            _(
                "{child}: {amount} went from the certificate back to the budget on {day}.",
                child=about.child,
                amount=fact.amount,
                day=fact.day,
            ),
            reason(fact.why),
            _("Clubs that were paid before are not affected.") if fact.why is Why.EXPIRY else None,
        ),
        (balance_of(fact.child),),
    )


def expiry_warned(fact: ExpiryWarned, about: About) -> Screen:
    """Money is going to burn (R3.5)."""
    return Screen(
        lines(
            _("{child}: {amount} on the certificate is not used yet.", child=about.child, amount=fact.amount),
            n_(
                "{count} day is left: after {until} it goes back to the budget.",
                "{count} days are left: after {until} it goes back to the budget.",
                fact.days,
                until=fact.until,
            ),
            _("You can still choose a club for it."),
        ),
        (what_fits(fact.child), Button(_("Find a club"), ">search"), balance_of(fact.child)),
    )


def what_fits(child: int) -> Button:
    """The way to the clubs that this money pays."""
    return Button(_("What fits the rest"), f">fits:{child}")


def balance_of(child: int) -> Button:
    """The way to the balance."""
    return Button(_("Balance"), f">money:{child}")


NOTICES: Notices = {
    Granted: Notice(Topic.MONEY, granted),
    Adjusted: Notice(Topic.MONEY, adjusted),
    Charged: Notice(Topic.MONEY, charged),
    Returned: Notice(Topic.MONEY, returned),
    PassedOn: Notice(Topic.MONEY, passed_on),
    Withdrawn: Notice(Topic.MONEY, withdrawn),
    ExpiryWarned: Notice(Topic.MONEY, expiry_warned),
}
SILENT: frozenset[type[Fact]] = frozenset({PeriodAdded, PeriodOpened, NominalSet})
"""The staff's own decisions; what they move is told by Granted and Adjusted."""
