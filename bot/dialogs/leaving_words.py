"""What leaving a club changes, in lines: for whoever weighs it, and for whoever is about to do it."""

from collections.abc import Iterator

from bot.domain.forecast import Leaving
from bot.i18n import Words, _


def leaving_lines(chosen: Leaving) -> Iterator[Words]:
    """The last day and the money (R5.5)."""
    if chosen.last is not None:
        yield _("The last day is {day}: until then the child can come.", day=chosen.last)
    if chosen.due:
        yield _("The month that has begun is paid first: {sum}.", sum=chosen.due)
    if chosen.returns:
        yield _("Returns to the certificate at once: {sum}.", sum=chosen.returns)
    yield from free_then(chosen)


def free_then(chosen: Leaving) -> Iterator[Words]:
    """What can be chosen for the rest, and until when."""
    if chosen.until is not None and chosen.left:
        yield _(
            "Free on the certificate then: {left}. What is not used by {until} burns.",
            left=chosen.left,
            until=chosen.until,
        )
