"""Comments on programs: what waits for the check, the decision, the provider's reply (R7.3)."""

from typing import Annotated, Literal

import typer

from bot.domain.messages import Fact, NotYours, provider
from bot.domain.rating import (
    CheckComment,
    CheckedAlready,
    CommentHidden,
    CommentShown,
    CommentState,
    CommentTooLong,
    EmptyReply,
    ListComments,
    NoCommentToCheck,
    NotShownYet,
    ReasonNeeded,
    RepliedAlready,
    ReplyGiven,
    ReplyToRating,
)
from bot.i18n import Words, _
from bot.terminal.acting import act, look, say
from bot.terminal.places import operator_of

app = typer.Typer(help=__doc__)
Code = Annotated[str, typer.Argument(help="the municipality's code, see `municipality list`")]
Number = Annotated[int, typer.Argument(help="the comment's number, see `rating comments`")]


@app.command()
def comments(
    code: Code, state: Annotated[CommentState, typer.Option(help="which of them")] = CommentState.WAITING
) -> None:
    """The comments that wait for the check, or stand in another state."""
    found = look(ListComments(state), operator_of(code))
    if not found:
        say(_("There are no such comments."))
    for line in found:
        say(
            _(
                "{number}  {stars} of 5  {program} ({provider}, number {provider_number}): {comment}",
                number=str(line.rating),
                stars=line.stars,
                program=line.program,
                provider=line.provider_name,
                provider_number=str(line.provider),
                comment=line.comment,
            )
        )


@app.command()
def check(
    code: Code,
    number: Number,
    decision: Annotated[Literal["show", "hide"], typer.Argument()],
    reason: Annotated[str, typer.Option(help="why it is hidden; its author is told")] = "",
) -> None:
    """Show a comment to everybody, or hide it."""
    act(CheckComment(number, decision == "show", reason), operator_of(code), told)


@app.command()
def reply(
    number: Number,
    text: str,
    of: Annotated[int, typer.Option("--provider", help="the number of the provider that answers")],
) -> None:
    """The provider's answer to a comment that is shown, once."""
    act(ReplyToRating(number, text), provider(of, "terminal"), told)


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
            return _("Say why: add --reason, its author will read it.")
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
