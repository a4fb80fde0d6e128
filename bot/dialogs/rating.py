"""Rate a program after its end (R7): stars, saved at once -> aspects and a comment for those who like -> the rating, to be changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from bot.dialogs.core import (
    CHOOSE,
    AnyState,
    Button,
    Event,
    Happened,
    Screen,
    State,
    Tapped,
    Turn,
    Typed,
    again,
    ask,
    back,
    go,
    home,
    instead,
)
from bot.dialogs.reading import cut
from bot.domain.messages import NotYours, Refusal
from bot.domain.rating import (
    LONGEST_COMMENT,
    STARS,
    Aspect,
    AspectRated,
    CommentLeft,
    CommentState,
    CommentTooLong,
    DeclineRating,
    GuardiansRate,
    LeaveComment,
    NothingToRate,
    NotOverYet,
    OneRating,
    RateAspect,
    Rated,
    RatedByAnother,
    RateProgram,
    RatingDeclined,
    RatingSeen,
    StarsFirst,
    TooLateToChange,
)
from bot.i18n import Words, _, lines

GONE = _("This is not available.")
SCALE = _("1 is very bad, 5 is excellent.")
ON_BUTTON = 24
ONE_TO_FIVE = tuple(Button(str(stars), str(stars)) for stars in STARS)
QUESTIONS: Mapping[Aspect, Words] = {
    Aspect.RESULTS: _("Did the child learn what was promised?"),
    Aspect.TEACHERS: _("How were the teachers?"),
    Aspect.EQUIPMENT: _("How were the rooms and the equipment?"),
    Aspect.OVERALL: _("And the club as a whole?"),
}
ASPECTS: Mapping[Aspect, Words] = {
    Aspect.RESULTS: _("Results as promised"),
    Aspect.TEACHERS: _("Teachers"),
    Aspect.EQUIPMENT: _("Rooms and equipment"),
    Aspect.OVERALL: _("As a whole"),
}
ORDER = tuple(Aspect)


def refusal_words(refusal: Refusal) -> Words:
    """Why not, and what next."""
    match refusal:
        case NotOverYet():
            return _("The learning is not over yet. When it ends, I will ask you how it was.")
        case NothingToRate():
            return _("Only a club that the child has learned in can be rated, and here no month was paid.")
        case GuardiansRate():
            return _("Only the child's parents rate clubs. Tell them what you think.")
        case RatedByAnother():
            return _("Your family has rated this club already: each family rates once. Whoever rated can change it.")
        case TooLateToChange(until):
            return _("The rating could be changed until {until}. Now it stays as it is.", until=until)
        case StarsFirst():
            return _("First choose the stars, then add the rest.")
        case CommentTooLong(length, most):
            return _(
                "The comment has {length} characters, and {most} fit. Please make it shorter.", length=length, most=most
            )
        case NotYours():
            return GONE
    raise TypeError(type(refusal).__name__)


def stars_in(text: str) -> int:
    """«5», «5 звёзд», «5 stars», «★★★★★»; 0 for anything else."""
    text = text.strip()
    if text and not text.strip("★⭐"):
        return len(text) if len(text) in STARS else 0
    number = text.split()[0].rstrip(".,!") if text and len(text) <= 20 else ""
    return int(number) if number.isascii() and number.isdecimal() and len(number) == 1 and int(number) in STARS else 0


@dataclass(frozen=True)
class GiveStars(State["RatingSeen | None"]):
    """How was it? One tap, and it is saved. `anew`: other stars for a rating that was given."""

    enrollment: int
    anew: bool = False

    about_child: ClassVar[bool] = True

    def needs(self) -> OneRating:
        return OneRating(self.enrollment)

    def show(self, known: RatingSeen | None) -> Screen | Turn:
        if known is None:
            return Screen(GONE)
        if known.why_not is None and (self.anew or not known.stars):
            wanted = () if known.stars or known.declined else (Button(_("Do not ask about this club"), "never"),)
            return Screen(
                lines(_("How was «{program}»?", program=known.program_name), SCALE),
                (ONE_TO_FIVE, *wanted),
                wants="text",
            )
        return instead(ReadRating(self.enrollment))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("never"):
                return ask(DeclineRating(self.enrollment), meanwhile=self)
            case Tapped(text) | Typed(text) if stars := stars_in(text):
                return ask(RateProgram(self.enrollment, stars), meanwhile=self)
            case Happened(Rated()):
                thanks = _("Saved. Thank you!")
                return back(thanks) if self.anew else instead(ReadRating(self.enrollment), thanks)
            case Happened(RatingDeclined()):
                return back(_("I will not ask about this club again. You can still rate it under «My clubs»."))
            case Happened(Refusal() as refusal):
                return instead(ReadRating(self.enrollment), refusal_words(refusal))
        return again(self, _("Please choose a number from 1 to 5."))


@dataclass(frozen=True)
class ReadRating(State["RatingSeen | None"]):
    """The rating as it stands, and what may be added or changed."""

    enrollment: int

    about_child: ClassVar[bool] = True

    def needs(self) -> OneRating:
        return OneRating(self.enrollment)

    def show(self, known: RatingSeen | None) -> Screen:
        if known is None:
            return Screen(GONE)
        if not known.stars or not known.mine:
            return Screen(lines(known.program_name, refusal_words(known.why_not) if known.why_not else None))
        told = lines(
            _("«{program}»: {stars} of 5", program=known.program_name, stars=known.stars),
            *(_("{aspect}: {stars} of 5", aspect=ASPECTS[aspect], stars=stars) for aspect, stars in known.aspects),
            *comment_words(known),
            "",
            refusal_words(known.why_not)
            if known.why_not is not None
            else _("You can change it until {until}.", until=known.until or ""),
        )
        if known.why_not is not None:
            return Screen(told)
        return Screen(
            told,
            (
                Button(_("Change the details") if known.aspects else _("Add details"), "aspects"),
                Button(_("Change the comment") if known.comment else _("Write a comment"), "comment"),
                (Button(_("Other stars"), "stars"), Button(_("Done"), "done")),
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("aspects"):
                return go(AskAspect(self.enrollment))
            case Tapped("comment"):
                return go(WriteComment(self.enrollment))
            case Tapped("stars"):
                return go(GiveStars(self.enrollment, anew=True))
            case Tapped("done"):
                return home(_("Thank you! It helps other families to choose."))
            case Typed(text):
                return go(WriteComment(self.enrollment, text[: LONGEST_COMMENT + 1]))
        return again(self, CHOOSE)


def comment_words(known: RatingSeen) -> tuple[Words, ...]:
    """The comment, where it is on its way, and the answer to it."""
    if not known.comment:
        return ()
    way: Mapping[CommentState | None, Words] = {
        CommentState.WAITING: _("The municipality checks the comment before everybody sees it."),
        CommentState.SHOWN: _("Everybody sees the comment, with your initials."),
        CommentState.HIDDEN: _("The comment is not shown. Reason: {reason}", reason=known.comment_reason),
    }
    answer = (_("The provider answers: {reply}", reply=known.reply),) if known.reply else ()
    return ("", f"«{known.comment}»", way[known.comment_state], *answer)


@dataclass(frozen=True)
class AskAspect(State[None]):
    """One aspect after another (R7.1); each is saved at once, each may be skipped. The comment is the last question."""

    enrollment: int
    number: int = 0

    about_child: ClassVar[bool] = True

    def show(self, known: None) -> Screen:
        place = _("{number} of {total}", number=self.number + 1, total=len(ORDER))
        return Screen(
            lines(place, QUESTIONS[ORDER[self.number]], SCALE), (ONE_TO_FIVE, Button(_("Skip"), "skip")), wants="text"
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("skip") | Happened(AspectRated()):
                following = self.number + 1
                return instead(
                    AskAspect(self.enrollment, following) if following < len(ORDER) else WriteComment(self.enrollment)
                )
            case Tapped(text) | Typed(text) if stars := stars_in(text):
                return ask(RateAspect(self.enrollment, ORDER[self.number], stars), meanwhile=self)
            case Happened(Refusal() as refusal):
                return back(refusal_words(refusal))
        return again(self, _("Please choose a number from 1 to 5, or skip the question."))


@dataclass(frozen=True)
class WriteComment(State["RatingSeen | None"]):
    """In their own words; back to the rating afterwards. `said`: written before it was asked for, so it is only offered."""

    enrollment: int
    said: str = ""

    about_child: ClassVar[bool] = True

    def needs(self) -> OneRating:
        return OneRating(self.enrollment)

    def show(self, known: RatingSeen | None) -> Screen:
        if known is None:
            return Screen(GONE)
        save = (Button(_("Save: «{words}»", words=cut(self.said, ON_BUTTON)), "save"),) if self.said else ()
        remove = (Button(_("Remove the comment"), "remove"),) if known.comment else ()
        return Screen(
            lines(
                _("What should other families know about «{program}»?", program=known.program_name),
                _("Your comment will be seen with your initials, after the municipality's check."),
                _("Please do not name children."),
            ),
            (*save, *remove, Button(_("Skip"), "skip")),
            wants="text",
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("skip"):
                return back()
            case Tapped("save"):
                return self.on(Typed(self.said))
            case Tapped("remove"):
                return ask(LeaveComment(self.enrollment, ""), meanwhile=self)
            case Typed(text) if len(text) > LONGEST_COMMENT:
                return again(self, refusal_words(CommentTooLong(len(text), LONGEST_COMMENT)))
            case Typed(text):
                return ask(LeaveComment(self.enrollment, text), meanwhile=self)
            case Happened(CommentLeft(removed=removed)):
                return back(_("The comment is removed.") if removed else _("Saved. Thank you!"))
            case Happened(Refusal() as refusal):
                return back(refusal_words(refusal))
        return again(self, _("Please write the comment, or skip it."))


DOORS: dict[str, Callable[[str], AnyState]] = {"rate": lambda argument: GiveStars(int(argument))}
