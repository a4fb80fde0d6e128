"""What the staff does with comments (R7.3): the operator checks each, the provider answers once."""

from typing import Any

from sqlalchemy import Row, select

from bot.domain.messages import Actor, Fact, NotYours
from bot.domain.rating import (
    LONGEST_REPLY,
    CheckComment,
    CheckedAlready,
    CommentHidden,
    CommentLine,
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
from bot.storage.people import runs
from bot.storage.schema import program, provider, rating
from bot.storage.tx import Tx


def list_comments(tx: Tx, query: ListComments, me: Actor) -> tuple[CommentLine, ...]:
    """The oldest first; a provider sees what everybody sees, what it has not replied to before the rest."""
    mine = {"operator": program.c.municipality == me.municipality, "provider": program.c.provider == me.provider}
    if me.role not in mine or (me.role == "provider" and query.state is not CommentState.SHOWN):
        return ()
    order = (*((rating.c.reply.is_not(None),) if me.role == "provider" else ()), rating.c.id)
    wanted = [mine[me.role], rating.c.comment_state == query.state.value]
    if query.only:
        wanted.append(rating.c.id == query.only)
    found = _comments().where(*wanted).order_by(*order)
    rows = tx.rows(found.offset(query.skip).limit(query.most))
    return tuple(
        CommentLine(
            row.id,
            row.provider,
            row.provider_name,
            row.program_name,
            row.stars,
            row.comment,
            CommentState(row.comment_state),
            row.reply or "",
        )
        for row in rows
    )


def check_comment(tx: Tx, command: CheckComment, me: Actor) -> Fact:
    """Either decision may be changed later; the author is told of each."""
    row = _locked(tx, command.rating)
    if row is None or not runs(me, row.municipality):
        return NotYours()
    if not row.comment:
        return NoCommentToCheck(row.id)
    reason = command.reason.strip()
    if not command.shown and not reason:
        return ReasonNeeded(row.id)
    state = CommentState.SHOWN if command.shown else CommentState.HIDDEN
    if row.comment_state == state:
        return CheckedAlready(row.id)
    change(tx, row, comment_state=state.value, comment_reason=None if command.shown else reason)
    return CommentShown(row.person, row.chain) if command.shown else CommentHidden(row.person, row.chain, reason)


def reply(tx: Tx, command: ReplyToRating, me: Actor) -> Fact:
    row = _locked(tx, command.rating)
    if row is None or me.role != "provider" or row.provider != me.provider:
        return NotYours()
    text = command.text.strip()
    if not text:
        return EmptyReply(row.id)
    if len(text) > LONGEST_REPLY:
        return CommentTooLong(len(text), LONGEST_REPLY)
    if row.comment_state != CommentState.SHOWN:
        return NotShownYet(row.id)
    if row.reply:
        return RepliedAlready(row.id)
    change(tx, row, reply=text)
    return ReplyGiven(row.person, row.chain)


def _comments() -> Any:
    return (
        select(
            rating,
            program.c.municipality,
            program.c.provider,
            program.c.name.label("program_name"),
            provider.c.name.label("provider_name"),
        )
        .join(program, program.c.id == rating.c.program)
        .join(provider, provider.c.id == program.c.provider)
    )


def _locked(tx: Tx, number: int) -> Row[Any] | None:
    tx.sql(select(rating.c.id).where(rating.c.id == number).with_for_update())
    return tx.row(_comments().where(rating.c.id == number))


def change(tx: Tx, row: Row[Any], **values: Any) -> None:
    """Other values for a rating."""
    tx.sql(rating.update().where(rating.c.id == row.id).values(**values))
