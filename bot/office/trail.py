"""The audit trail: who did what, the latest first; of one child, or of one object. A child's whole history."""

from dataclasses import replace

from starlette.responses import Response

from bot.dialogs.money_history import explained
from bot.domain.ledger import Why
from bot.domain.money import ZERO
from bot.domain.movements import Line
from bot.domain.story import Happening, Learned, Step, StoryOf, Turning
from bot.domain.trail import ListTrail, TrailLine
from bot.i18n import Words, _, lines
from bot.office.enrollment_words import STATES, reason_words
from bot.office.page import EVERYBODY, OPERATOR, Visit, page
from bot.office.paging import PAGE, Part
from bot.office.trail_words import SUBJECTS, changes, did


async def trail(visit: Visit) -> Response:
    """`?child=`, `?subject=&object=`, `?before=` for the next page."""
    query = ListTrail(
        visit.asked_number("child"), visit.asked("subject"), visit.asked_number("object"), visit.asked_number("before")
    )
    known = {"asked": query, "trail": await visit.read(query), "did": did, "changes": changes, "subjects": SUBJECTS}
    return visit.page("trail.html", _("Who did what"), **known)


async def child(visit: Visit) -> Response:
    """What the staff decided about a child, its money, its learning: one list, the latest first."""
    number, at = visit.id("child"), visit.asked_number("page")
    story = visit.found(await visit.read(StoryOf(number, at * PAGE, PAGE + 1)))
    shown = story.happenings[:PAGE]
    found = Part(shown, at, len(story.happenings) > PAGE, f"/children/{number}", ())
    return visit.page("child.html", _("History: {name}", name=story.name), story=story, found=found, told=told, who=who)


def told(happening: Happening) -> Words:
    """In words, whichever it is."""
    match happening.what:
        case TrailLine() as line:
            return lines(did(line), *changes(line))
        case Line() as line:
            doubt = _("The family disputes it.") if line.disputed else None
            return lines(_moved(line), explained(replace(line, disputed=False)), doubt)
        case Step(learned, turning):
            named = {"program": learned.program, "provider": learned.provider, "group": learned.group}
            return lines(_("«{program}», {provider}, {group}", **named), *_turned(learned, turning))


def _moved(line: Line) -> Words:
    """A charge takes from what was put aside: the certificate neither gets nor gives."""
    if line.why is Why.CHARGE:
        return _("{sum}", sum=line.amount)
    return _("+{sum}", sum=line.amount) if line.amount > ZERO else _("−{sum}", sum=-line.amount)


def _turned(learned: Learned, turning: Turning) -> tuple[Words, ...]:
    match turning:
        case Turning.MADE if learned.by == "provider":
            return (_("The provider entered the child."),)
        case Turning.MADE:
            return (_("The family asked for a place."),)
        case Turning.CONCLUDED:
            return (_("The contract was concluded."),)
    why = (_("Reason: {reason}.", reason=reason_words(learned.reason)),) if learned.reason else ()
    return (STATES[learned.state], *why)


def who(happening: Happening) -> Words:
    """Whose doing it was."""
    match happening.what:
        case TrailLine() as line:
            return line.who
        case Line():
            return _("money")
    return _("learning")


PAGES = (
    page("/trail", trail, *EVERYBODY),
    page("/children/{child:int}", child, OPERATOR),
)
