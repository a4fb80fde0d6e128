"""My clubs: the list of all my children's enrollments -> one of them (enrollment_card.py). A new one: enrollment_request.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from bot.dialogs.core import CHOOSE, AnyState, Button, Event, Screen, State, Tapped, Turn, again, go, instead
from bot.dialogs.enrollment_card import ReadEnrollment
from bot.dialogs.enrollment_request import ChooseChildFor, TakeOffered
from bot.dialogs.enrollment_words import in_short
from bot.dialogs.reading import count, cut, on_page, turned, turning
from bot.domain.enrollment import EnrollmentState
from bot.domain.enrollment_seen import EnrollmentLine, MyEnrollments
from bot.i18n import Words, _, lines

__all__ = ["DOORS", "ChooseChildFor", "ReadEnrollment", "ShowEnrollments"]

LINES_A_PAGE = 6


@dataclass(frozen=True)
class ShowEnrollments(State[tuple[EnrollmentLine, ...]]):
    """What waits for the family first, then what goes on, then what is over."""

    page: int = 0

    about_child: ClassVar[bool] = True
    at_leisure = True

    def needs(self) -> MyEnrollments:
        return MyEnrollments()

    def show(self, known: tuple[EnrollmentLine, ...]) -> Screen:
        if not known:
            return Screen(
                lines(_("No clubs yet."), _("Find one and press «Enrol» on its card.")),
                (Button(_("Find a club"), ">search"),),
            )
        first = min(self.page, count(known, LINES_A_PAGE) - 1) * LINES_A_PAGE
        shown = on_page(known, self.page, LINES_A_PAGE)
        return Screen(
            lines(_("My clubs"), *(_line(number, line) for number, line in enumerate(shown, first + 1))),
            (
                *(
                    Button(cut(f"{number}. {line.program}"), _opens(line))
                    for number, line in enumerate(shown, first + 1)
                ),
                *turning(self.page, count(known, LINES_A_PAGE)),
                Button(_("The week"), ">week"),
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
            case Tapped(enrollment):
                return go(ReadEnrollment(int(enrollment)))
        return again(self, CHOOSE)


def _opens(line: EnrollmentLine) -> str:
    """What waits in a list, or for an answer, has a screen of its own."""
    match line.state:
        case EnrollmentState.WAITLISTED | EnrollmentState.OFFERED:
            return f">waiting:{line.id}"
        case EnrollmentState.RENEWAL_OFFERED:
            return f">renewal:{line.id}"
    return str(line.id)


def _line(number: int, line: EnrollmentLine) -> Words:
    return _(
        "{number}. {program} ({child}): {state}",
        number=str(number),
        program=line.program,
        child=line.child_name,
        state=in_short(line),
    )


DOORS: Mapping[str, Callable[[str], AnyState]] = {
    "enrol": lambda argument: ChooseChildFor(int(argument)),
    "enrollments": lambda _argument: ShowEnrollments(),
    "enrollment": lambda argument: ReadEnrollment(int(argument)),
    "take": lambda argument: TakeOffered(int(argument)),
}
