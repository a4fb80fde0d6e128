"""Ratings (R7): the question after the end, and what became of a comment.

What is told to the author alone names neither club nor child: such a notice goes to every channel as it is (R9.3).
"""

from bot.dialogs.core import Button, Screen
from bot.domain.messages import Fact
from bot.domain.rating import (
    AspectRated,
    CommentHidden,
    CommentLeft,
    CommentShown,
    Rated,
    RatingAsked,
    RatingDeclined,
    ReplyGiven,
)
from bot.i18n import _, lines
from bot.notifications.notice import About, Notice, Notices, Topic


def rating_asked(fact: RatingAsked, about: About) -> Screen:
    """The learning ended yesterday; that it did is told by its own notice."""
    return Screen(
        lines(
            _("{child}: how was «{program}»?", child=about.child, program=about.program),
            _("Two taps are enough: your rating helps other families to choose."),
        ),
        (Button(_("Rate the program"), f">rate:{fact.enrollment}"),),
    )


def comment_shown(fact: CommentShown, about: About) -> Screen:
    """Everybody may read it."""
    return Screen(_("The comment on your rating is published. Thank you!"), (_rating(fact.enrollment),))


def comment_hidden(fact: CommentHidden, about: About) -> Screen:
    """The reason is on the screen behind the door."""
    return Screen(
        lines(
            _("The municipality has not published the comment on your rating."),
            _("Open it to see the reason and to change it."),
        ),
        (_rating(fact.enrollment),),
    )


def reply_given(fact: ReplyGiven, about: About) -> Screen:
    """Once for a rating (R7.3)."""
    return Screen(_("The provider has answered the comment on your rating."), (_rating(fact.enrollment),))


def _rating(enrollment: int) -> Button:
    return Button(_("Open"), f">rate:{enrollment}")


NOTICES: Notices = {
    RatingAsked: Notice(Topic.RATING, rating_asked),
    CommentShown: Notice(Topic.RATING, comment_shown),
    CommentHidden: Notice(Topic.RATING, comment_hidden),
    ReplyGiven: Notice(Topic.RATING, reply_given),
}
SILENT: frozenset[type[Fact]] = frozenset({Rated, AspectRated, CommentLeft, RatingDeclined})
