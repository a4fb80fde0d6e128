"""Comments on programs: what waits for the check, the decision, the provider's reply (R7.3)."""

from typing import Annotated, Literal

import typer

from bot.domain.messages import provider
from bot.domain.rating import CheckComment, CommentState, ListComments, ReplyToRating
from bot.i18n import _
from bot.office.rating_words import told
from bot.terminal.acting import act, look, say
from bot.terminal.places import Place, operator_of

app = typer.Typer(help=__doc__)
Number = Annotated[int, typer.Argument(help="the comment's number, see `rating comments`")]


@app.command()
def comments(
    code: Place, state: Annotated[CommentState, typer.Option(help="which of them")] = CommentState.WAITING
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
    code: Place,
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
