"""Rating a program after its end (R7): stars, four aspects, a comment that the operator checks, one reply of the provider."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.enrollment import EnrollmentState, Reason
from bot.domain.messages import AboutChild, AboutPerson, Command, Fact, Query, Refusal

STARS = range(1, 6)
LONGEST_COMMENT = 1_000
LONGEST_REPLY = 1_000


class Aspect(StrEnum):
    """R7.1: what may be rated apart, in the order in which it is asked."""

    RESULTS = "results"
    TEACHERS = "teachers"
    EQUIPMENT = "equipment"
    OVERALL = "overall"


class CommentState(StrEnum):
    """R7.3: only what the operator has checked is shown."""

    WAITING = "waiting"
    SHOWN = "shown"
    HIDDEN = "hidden"


# --- rules ------------------------------------------------------------------------------------------------------------


def may_be_rated(state: EnrollmentState, reason: str, free: bool, charged: bool) -> bool:
    """R6, R7.1: it has ended, and it was free or a month was charged; what a dispute has undone (R5.7) never happened."""
    ended = state in (EnrollmentState.COMPLETED, EnrollmentState.TERMINATED)
    return ended and reason != Reason.DISPUTE and (free or charged)


def editable_until(given: date, days: int) -> date:
    """The last day on which a rating may be changed (R7.1); changing it does not move that day."""
    return given + timedelta(days=days)


# --- questions --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RatingSeen:
    """A rating as its family sees it; `stars` 0: not given yet."""

    enrollment: int
    program: int
    program_name: str
    why_not: Refusal | None = None
    """Why it cannot be given or changed."""
    mine: bool = True
    """False: another guardian has given it."""
    declined: bool = False
    stars: int = 0
    aspects: tuple[tuple[Aspect, int], ...] = ()
    comment: str = ""
    comment_state: CommentState | None = None
    comment_reason: str = ""
    """The operator's, why the comment is not shown."""
    reply: str = ""
    until: date | None = None
    """The last day of changes."""


@dataclass(frozen=True)
class OneRating(Query["RatingSeen | None"]):
    """The rating of an enrollment's chain; None unless I may see the child."""

    enrollment: int


@dataclass(frozen=True)
class CommentLine:
    """A comment as the staff sees it."""

    rating: int
    provider: int
    provider_name: str
    program: str
    stars: int
    comment: str
    state: CommentState
    reply: str


@dataclass(frozen=True)
class ListComments(Query[tuple[CommentLine, ...]]):
    """An operator's: comments on the municipality's programs in that state. A provider's: on its own, only those shown.

    `only`: this one; `skip` and `most` are for pages of a long list.
    """

    state: CommentState = CommentState.WAITING
    skip: int = 0
    most: int | None = None
    only: int = 0


# --- wishes -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RateProgram(Command):
    """So many stars, 1–5; again: other stars."""

    enrollment: int
    stars: int


@dataclass(frozen=True)
class RateAspect(Command):
    """One aspect, 1–5."""

    enrollment: int
    aspect: Aspect
    stars: int


@dataclass(frozen=True)
class LeaveComment(Command):
    """A comment in place of the last one; it is checked before it is shown. Empty: none any more."""

    enrollment: int
    text: str


@dataclass(frozen=True)
class DeclineRating(Command):
    """Never ask again (R7.2); it may still be rated."""

    enrollment: int


@dataclass(frozen=True)
class CheckComment(Command):
    """The operator's decision; hiding needs a reason, which the author is told."""

    rating: int
    shown: bool
    reason: str = ""


@dataclass(frozen=True)
class ReplyToRating(Command):
    """The provider's answer to a comment that is shown, once (R7.3)."""

    rating: int
    text: str


# --- what happens -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RatingAsked(AboutChild):
    """The learning ended yesterday: how was it? (R7.2)"""

    enrollment: int

    @property
    def cause(self) -> str:
        return f"rate:{self.enrollment}"


@dataclass(frozen=True)
class Rated(Fact):
    """Stars were given or changed; the program's score has them already."""

    enrollment: int
    program: int
    stars: int


@dataclass(frozen=True)
class AspectRated(Fact):
    """One aspect was rated."""

    enrollment: int
    aspect: Aspect


@dataclass(frozen=True)
class CommentLeft(Fact):
    """A comment waits for the operator, or (`removed`) there is none any more."""

    enrollment: int
    removed: bool = False


@dataclass(frozen=True)
class RatingDeclined(Fact):
    """The family is not asked again."""

    enrollment: int


@dataclass(frozen=True)
class CommentShown(AboutPerson):
    """The author's comment is read by everybody now."""

    enrollment: int


@dataclass(frozen=True)
class CommentHidden(AboutPerson):
    """The author's comment is not shown, in the operator's words why."""

    enrollment: int
    reason: str


@dataclass(frozen=True)
class ReplyGiven(AboutPerson):
    """The provider has answered the author's comment."""

    enrollment: int


# --- what stands in the way -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NotOverYet(Refusal):
    """It can be rated when the learning has ended."""

    enrollment: int


@dataclass(frozen=True)
class NothingToRate(Refusal):
    """No month was charged and it was not free, or it never began: the child did not learn there."""

    enrollment: int


@dataclass(frozen=True)
class GuardiansRate(Refusal):
    """Whoever asks may see the child but not decide: a grandparent, or the child itself."""

    enrollment: int


@dataclass(frozen=True)
class RatedByAnother(Refusal):
    """Once for a family (R7.1): another guardian has rated."""

    enrollment: int


@dataclass(frozen=True)
class TooLateToChange(Refusal):
    """The days of changes are over."""

    until: date


@dataclass(frozen=True)
class StarsFirst(Refusal):
    """Aspects and a comment belong to stars that were given."""

    enrollment: int


@dataclass(frozen=True)
class CommentTooLong(Refusal):
    """A comment or a reply has more characters than `most`."""

    length: int
    most: int


@dataclass(frozen=True)
class NoCommentToCheck(Refusal):
    """There is no such comment any more: it was removed, or never was."""

    rating: int


@dataclass(frozen=True)
class CheckedAlready(Refusal):
    """The comment stands so already."""

    rating: int


@dataclass(frozen=True)
class ReasonNeeded(Refusal):
    """A comment is hidden with a reason, for its author."""

    rating: int


@dataclass(frozen=True)
class NotShownYet(Refusal):
    """A provider answers comments that the operator has checked."""

    rating: int


@dataclass(frozen=True)
class RepliedAlready(Refusal):
    """Once (R7.3)."""

    rating: int


@dataclass(frozen=True)
class EmptyReply(Refusal):
    """A reply needs words."""

    rating: int
