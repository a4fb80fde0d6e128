"""What a request is, before it is sent: the groups to choose from, the summary, the terms; and what was sent."""

from collections.abc import Iterator

from bot.dialogs.enrollment_words import group_words, price_words, seats_words
from bot.dialogs.program_price import NO_MORE
from bot.domain.enrollment_facts import Requested
from bot.domain.enrollment_seen import GroupOpen, Offered
from bot.i18n import Words, _, joined, lines, n_


def group_lines(group: GroupOpen) -> tuple[Words, ...]:
    """A group to choose: what it is, its dates and free places."""
    dates = _("Lessons: {days}, {seats}", days=group.days, seats=seats_words(group))
    return group_words(group), dates


def summary(offered: Offered) -> Iterator[Words]:
    """Who, where, when, and both parts of the price by months (R6.4)."""
    yield joined(": ", (offered.child_name, offered.program_name))
    yield offered.provider
    yield group_words(offered.group)
    yield _(
        "Lessons from {start} to {stop}, {seats}.",
        start=offered.start,
        stop=offered.stop,
        seats=seats_words(offered.group),
    )
    yield ""
    if offered.granted:
        yield _("With this request the certificate gets {sum}.", sum=offered.granted)
    yield price_words(offered.quote)
    if offered.quote.certificate.total and offered.quote.parent.total and offered.left:
        yield NO_MORE
    if offered.quote.certificate.total:
        yield _("On the certificate after that: {left}.", left=offered.left)


def terms(offered: Offered) -> Iterator[Words]:
    """What sending the request means (R5.1, R5.3, R5.5)."""
    yield _("When you send the request:")
    if offered.needs_yes:
        yield _("• a parent says yes first;")
    if offered.quote.certificate.total:
        yield _("• the place is yours and {sum} is set aside on the certificate;", sum=offered.quote.certificate.total)
    else:
        yield _("• the place is yours;")
    yield n_("• the club answers within {count} day;", "• the club answers within {count} days;", offered.answer_days)
    if offered.quote.certificate.total:
        yield _("• each month is paid in advance by this plan, whether or not the child comes;")
    if offered.stop < offered.group.days.stop:
        yield _(
            "• on {day} the certificate's period ends; before that I will ask whether you go on up to {stop};",
            day=offered.stop,
            stop=offered.group.days.stop,
        )
    yield _("• until the first day you can take it all back; later the end of a month is your last day.")


def sent_words(sent: Requested) -> Words:
    """What has just happened to the money (R3.9); who moves next stands on the card."""
    return lines(
        _("Your parents have been asked.") if sent.needs_yes else _("The request is sent!"),
        _("{sum} is set aside; {left} is left on the certificate.", sum=sent.amount, left=sent.left)
        if sent.amount
        else None,
    )
