"""What is said to the staff about comments and replies (R7.3), in the office and in a terminal."""

from bot.domain.messages import Fact, NotYours
from bot.domain.rating import (
    CheckedAlready,
    CommentHidden,
    CommentShown,
    CommentTooLong,
    EmptyReply,
    NoCommentToCheck,
    NotShownYet,
    ReasonNeeded,
    RepliedAlready,
    ReplyGiven,
)
from bot.i18n import Words, _


def told(fact: Fact) -> Words:
    """What came of it."""
    match fact:
        case CommentShown():
            return _("Everybody sees the comment now; its author is told.")
        case CommentHidden():
            return _("The comment is hidden; its author is told why.")
        case ReplyGiven():
            return _("The answer is published; the comment's author is told.")
        case NoCommentToCheck():
            return _("This rating has no comment any more.")
        case CheckedAlready():
            return _("It was decided so already.")
        case ReasonNeeded():
            return _("Say why: its author will read it.")
        case NotShownYet():
            return _("The comment is not shown, so it cannot be answered. The operator checks it first.")
        case RepliedAlready():
            return _("This comment was answered already: one answer is allowed.")
        case EmptyReply():
            return _("The answer is empty: write what families should read.")
        case CommentTooLong(length, most):
            return _(
                "The answer has {length} characters, and {most} fit. Please make it shorter.", length=length, most=most
            )
        case NotYours():
            return _("This is not available.")
    raise TypeError(type(fact).__name__)
