"""Ratings (R7): one row for a chain of renewals, from the question to the last change; the program keeps sum and count."""

from datetime import date
from typing import Any

from sqlalchemy import Row, Select, exists, func, or_, select

from bot.domain.calendar import local_date
from bot.domain.enrollment import LIVING, EnrollmentState, Reason
from bot.domain.family import Rights
from bot.domain.ledger import Why
from bot.domain.messages import Actor, Command, Fact, NotYours, Query, Refusal
from bot.domain.rating import (
    LONGEST_COMMENT,
    STARS,
    Aspect,
    AspectRated,
    CheckComment,
    CommentLeft,
    CommentState,
    CommentTooLong,
    DeclineRating,
    GuardiansRate,
    LeaveComment,
    ListComments,
    NothingToRate,
    NotOverYet,
    OneRating,
    RateAspect,
    Rated,
    RatedByAnother,
    RateProgram,
    RatingAsked,
    RatingDeclined,
    RatingSeen,
    ReplyToRating,
    StarsFirst,
    TooLateToChange,
    editable_until,
    may_be_rated,
)
from bot.storage.charges import charges
from bot.storage.comments import change, check_comment, list_comments, reply
from bot.storage.family import rights_of
from bot.storage.jobs import PLACE, TODAY, Job, those
from bot.storage.schema import certificate, child, enrollment, guardianship, module, program, rating, transfer
from bot.storage.seats import whole
from bot.storage.shelf import shelve
from bot.storage.tx import Doer, Reader, Tx
from bot.storage.work import Ids

S = EnrollmentState
ROOT = func.coalesce(enrollment.c.chain, enrollment.c.id)
"""The first of a chain of renewals (R7.1)."""


# --- the day after the end --------------------------------------------------------------------------------------------


def _over(municipality: Any, today: Any) -> Select[Any]:
    """Chains that are over and were not asked about, each with its last enrollment: what ended yesterday, or on a day caught up with."""
    link = enrollment.alias("link")
    goes_on = exists().where(
        or_(link.c.chain == ROOT, link.c.id == ROOT), link.c.state.in_([state.value for state in LIVING])
    )
    paid = exists().where(transfer.c.about == enrollment.c.id, transfer.c.why == Why.CHARGE.value)
    return (
        select(
            ROOT.label("root"),
            func.max(enrollment.c.id).label("last"),
            enrollment.c.child,
            func.max(module.c.program).label("program"),
        )
        .join(certificate, certificate.c.id == enrollment.c.certificate)
        .join(child, child.c.id == enrollment.c.child)
        .join(module, module.c.id == enrollment.c.module)
        .where(
            certificate.c.municipality == municipality,
            child.c.deleted_at.is_(None),
            enrollment.c.state.in_([S.COMPLETED.value, S.TERMINATED.value]),
            func.coalesce(enrollment.c.ends_on, enrollment.c.stop) < today,
            or_(enrollment.c.reason.is_(None), enrollment.c.reason != Reason.DISPUTE.value),
            or_(enrollment.c.price == 0, paid),
            ~goes_on,
            ~exists().where(rating.c.chain == ROOT),
        )
        .group_by(ROOT, enrollment.c.child)
    )


def _ask(tx: Tx, roots: Ids, municipality: int, today: date) -> None:
    """R7.2: asks once for each chain."""
    theirs = or_(enrollment.c.chain.in_(roots), enrollment.c.id.in_(roots))
    rows = tx.rows(_over(municipality, today).where(theirs).order_by(ROOT))
    asked = _first_guardians(tx, {row.child for row in rows})
    for row in rows:
        if row.child in asked:
            tx.insert(rating, chain=row.root, person=asked[row.child], program=row.program, state="asked")
            tx.tell(RatingAsked(row.child, row.last))


daily = Job("ask_rating", those(_over(PLACE, TODAY).with_only_columns(ROOT.label("root"))), _ask)


def _first_guardians(tx: Tx, children: set[int]) -> dict[int, int]:
    """Whoever decides for each child, the earliest linked; the row is theirs until somebody rates."""
    deciding = guardianship.c.child.in_(children), guardianship.c.rights == Rights.FULL.value
    rows = tx.rows(
        select(guardianship.c.child, guardianship.c.person).where(*deciding).order_by(guardianship.c.id.desc())
    )
    return {row.child: row.person for row in rows}


# --- what a family sees and does --------------------------------------------------------------------------------------


def one(tx: Tx, query: OneRating, me: Actor) -> RatingSeen | None:
    learned = _learned(tx, query.enrollment)
    if learned is None or me.role != "person" or rights_of(tx, me.person, learned.child) is None:
        return None
    row = _rating(tx, learned)
    why_not = _why_not(tx, learned, row, me)
    if row is None or row.state != "given":
        declined = row is not None and row.state == "declined"
        return RatingSeen(query.enrollment, learned.program, learned.name, why_not, declined=declined)
    return RatingSeen(
        query.enrollment,
        learned.program,
        learned.name,
        why_not,
        mine=row.person == me.person,
        stars=row.stars,
        aspects=tuple((aspect, stars) for aspect in Aspect if (stars := row._mapping[aspect.value])),
        comment=row.comment or "",
        comment_state=CommentState(row.comment_state) if row.comment_state else None,
        comment_reason=row.comment_reason or "",
        reply=row.reply or "",
        until=_until(tx, learned, row),
    )


def rate(tx: Tx, command: RateProgram, me: Actor) -> Fact:
    """The first stars open the days of changes; later ones take their place in the program's sum (R7.1, R7.3)."""
    assert command.stars in STARS
    found = _to_change(tx, command.enrollment, me)
    if isinstance(found, Refusal):
        return found
    learned, row = found
    before = row.stars if row is not None and row.state == "given" else None
    given = {"state": "given", "person": me.person, "stars": command.stars}
    if row is None:
        tx.insert(rating, chain=learned.root, program=learned.program, given_at=tx.now, **given)
    else:
        change(tx, row, given_at=row.given_at or tx.now, **given)
    tx.sql(
        program.update()
        .where(program.c.id == learned.program)
        .values(
            rating_sum=program.c.rating_sum + command.stars - (before or 0),
            rating_count=program.c.rating_count + (1 if before is None else 0),
        )
    )
    shelve(tx, [learned.program])
    return Rated(command.enrollment, learned.program, command.stars)


def rate_aspect(tx: Tx, command: RateAspect, me: Actor) -> Fact:
    assert command.stars in STARS
    row = _given(tx, command.enrollment, me)
    if isinstance(row, Refusal):
        return row
    change(tx, row, **{command.aspect.value: command.stars})
    return AspectRated(command.enrollment, command.aspect)


def leave_comment(tx: Tx, command: LeaveComment, me: Actor) -> Fact:
    """Whatever was checked before, the new words wait for the operator (R7.3)."""
    text = command.text.strip()
    if len(text) > LONGEST_COMMENT:
        return CommentTooLong(len(text), LONGEST_COMMENT)
    row = _given(tx, command.enrollment, me)
    if isinstance(row, Refusal):
        return row
    state = CommentState.WAITING.value if text else None
    change(tx, row, comment=text or None, comment_state=state, comment_reason=None)
    return CommentLeft(command.enrollment, removed=not text)


def decline(tx: Tx, command: DeclineRating, me: Actor) -> Fact:
    """R7.2. What was rated is not asked for anyway."""
    found = _to_change(tx, command.enrollment, me)
    if isinstance(found, Refusal):
        return found
    learned, row = found
    if row is None:
        tx.insert(rating, chain=learned.root, program=learned.program, person=me.person, state="declined")
    elif row.state == "asked":
        change(tx, row, state="declined")
    return RatingDeclined(command.enrollment)


# --- whose, and until when --------------------------------------------------------------------------------------------


def _learned(tx: Tx, enrollment_id: int) -> Row[Any] | None:
    return tx.row(whole(program.c.name, ROOT.label("root")).where(enrollment.c.id == enrollment_id))


def _rating(tx: Tx, learned: Row[Any]) -> Row[Any] | None:
    return tx.row(select(rating).where(rating.c.chain == learned.root))


def _to_change(tx: Tx, enrollment_id: int, me: Actor) -> tuple[Row[Any], Row[Any] | None] | Refusal:
    """The enrollment and the rating of its chain, if there is one; the chain is locked, so that two guardians rate once."""
    learned = _learned(tx, enrollment_id)
    if learned is None or me.role != "person" or rights_of(tx, me.person, learned.child) is None:
        return NotYours()
    tx.sql(select(enrollment.c.id).where(enrollment.c.id == learned.root).with_for_update())
    row = _rating(tx, learned)
    return _why_not(tx, learned, row, me) or (learned, row)


def _given(tx: Tx, enrollment_id: int, me: Actor) -> Row[Any] | Refusal:
    """My rating, to add to it."""
    found = _to_change(tx, enrollment_id, me)
    if isinstance(found, Refusal):
        return found
    row = found[1]
    return row if row is not None and row.state == "given" else StarsFirst(enrollment_id)


def _why_not(tx: Tx, learned: Row[Any], row: Row[Any] | None, me: Actor) -> Refusal | None:
    """Why whoever may see the child cannot rate, or change the rating; None if they can."""
    if rights_of(tx, me.person, learned.child) is not Rights.FULL:
        return GuardiansRate(learned.id)
    if row is not None and row.state == "given":
        if row.person != me.person:
            return RatedByAnother(learned.id)
        until = _until(tx, learned, row)
        return TooLateToChange(until) if tx.today(learned.municipality) > until else None
    state = EnrollmentState(learned.state)
    if state in LIVING:
        return NotOverYet(learned.id)
    charged = bool(charges(tx, learned.id))
    return None if may_be_rated(state, learned.reason or "", learned.price == 0, charged) else NothingToRate(learned.id)


def _until(tx: Tx, learned: Row[Any], row: Row[Any]) -> date:
    given = local_date(row.given_at, tx.zone(learned.municipality))
    return editable_until(given, tx.policy(learned.municipality).rating_edit_days)


READERS: dict[type[Query[Any]], Reader] = {OneRating: one, ListComments: list_comments}
DOERS: dict[type[Command], Doer] = {
    RateProgram: rate,
    RateAspect: rate_aspect,
    LeaveComment: leave_comment,
    DeclineRating: decline,
    CheckComment: check_comment,
    ReplyToRating: reply,
}
