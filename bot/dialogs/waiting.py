"""Waiting lists: join one, see the place in it, answer when a place is free (R6.11). Taking it goes on as a request."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from bot.dialogs.core import (
    CHOOSE,
    AnyState,
    Button,
    Event,
    Happened,
    Row,
    Screen,
    State,
    Tapped,
    Turn,
    again,
    ask,
    done,
    go,
    instead,
)
from bot.dialogs.enrollment_actions import Decision
from bot.dialogs.enrollment_card import ReadEnrollment
from bot.dialogs.enrollment_refusals import why_not
from bot.dialogs.enrollment_words import group_words, in_short
from bot.dialogs.phone import told_phone
from bot.dialogs.reading import count, cut, on_page, turned, turning
from bot.domain.enrollment import EnrollmentState
from bot.domain.enrollment_seen import EnrollmentLine, EnrollmentSeen, MyEnrollments, OneEnrollment
from bot.domain.messages import Refusal
from bot.domain.waiting import (
    LeaveWaitingList,
    LeftWaitingList,
    PlaceNotTaken,
    PlaceSkipped,
    SeatIsFree,
    SkipPlace,
    ToWaitFor,
    WaitForPlace,
    Waitlisted,
    WeighWaiting,
)
from bot.i18n import Words, _, joined, lines, n_

S = EnrollmentState
LINES_A_PAGE = 6
MY_CLUBS = Button(_("My clubs"), ">enrollments")


@dataclass(frozen=True)
class JoinWaitingList(State[ToWaitFor | Refusal]):
    """What waiting means, before it is joined."""

    group: int
    child: int

    about_child: ClassVar[bool] = True

    def needs(self) -> WeighWaiting:
        return WeighWaiting(self.child, self.group)

    def show(self, known: ToWaitFor | Refusal) -> Screen:
        if isinstance(known, Refusal):
            return _cannot(known)
        return Screen(
            lines(
                joined(": ", (known.child_name, known.program_name)),
                known.provider,
                group_words(known.group),
                "",
                n_("{count} family waits already.", "{count} families wait already.", known.ahead)
                if known.ahead
                else _("Nobody waits yet: you would be the first."),
                n_(
                    "When it is your turn and a place becomes free, I will write to you and keep it for {count} hour.",
                    "When it is your turn and a place becomes free, I will write to you and keep it for {count} hours.",
                    known.hours,
                ),
                _("You can let one place pass and stay in the list. Waiting costs nothing; leave at any time."),
            ),
            (Button(_("Put us on the list"), "join"),),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("join"):
                return ask(WaitForPlace(self.child, self.group), meanwhile=self)
            case Happened(Waitlisted() as made):
                return done(ReadPlace(made.enrollment), _("Done: you are in the waiting list."))
            case Happened():
                return instead(self)
        return again(self, CHOOSE)


def _cannot(refusal: Refusal) -> Screen:
    if isinstance(refusal, SeatIsFree):
        return Screen(
            _("A place has just become free, so there is nothing to wait for. Ask for it now."),
            (Button(_("To the program"), f">program:{refusal.program}"),),
        )
    why, steps = why_not(refusal)
    return Screen(why, tuple(step for step in steps if step.choice.startswith(">")))


@dataclass(frozen=True)
class ShowWaiting(State[tuple[EnrollmentLine, ...]]):
    """All lists my children stand in; those that wait for an answer first."""

    page: int = 0

    about_child: ClassVar[bool] = True

    def needs(self) -> MyEnrollments:
        return MyEnrollments()

    def show(self, known: tuple[EnrollmentLine, ...]) -> Screen:
        mine = [line for line in known if line.state in (S.OFFERED, S.WAITLISTED)]
        if not mine:
            return Screen(
                lines(
                    _("Your children are in no waiting list."),
                    _("If a club has no free place, its «Enrol» button leads to the list."),
                ),
                (Button(_("Find a club"), ">search"), MY_CLUBS),
            )
        shown = on_page(mine, self.page, LINES_A_PAGE)
        return Screen(
            lines(_("Waiting lists"), *(_line(line) for line in shown)),
            (
                *(Button(cut(f"{line.program}, {line.child_name}"), str(line.id)) for line in shown),
                *turning(self.page, count(mine, LINES_A_PAGE)),
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(ShowWaiting(page))
            case Tapped(enrollment):
                return go(ReadPlace(int(enrollment)))
        return again(self, CHOOSE)


def _line(line: EnrollmentLine) -> Words:
    return _("• {program} ({child}): {state}", program=line.program, child=line.child_name, state=in_short(line))


@dataclass(frozen=True)
class ReadPlace(State[EnrollmentSeen | None]):
    """The place in a list; or the free place, to take or to let pass. Whatever has ended has its card."""

    enrollment: int

    about_child: ClassVar[bool] = True

    def needs(self) -> OneEnrollment:
        return OneEnrollment(self.enrollment)

    def show(self, known: EnrollmentSeen | None) -> Screen | Turn:
        if known is None or known.state not in (S.WAITLISTED, S.OFFERED):
            return instead(ReadEnrollment(self.enrollment))
        return Screen(lines(*_place(known)), tuple(_actions(known)))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("skip"):
                return ask(SkipPlace(self.enrollment), meanwhile=self)
            case Tapped("leave"):
                return go(LeaveTheList(self.enrollment))
            case Happened(PlaceSkipped()):
                return again(self, _("All right. The place goes on; you stay in the list."))
            case Happened():
                return again(self, _("Meanwhile this has changed. Please look again."))
        return again(self, CHOOSE)


def _place(seen: EnrollmentSeen) -> Iterator[Words]:
    yield joined(": ", (seen.child_name, seen.program_name))
    yield joined(", ", [part for part in (seen.provider, told_phone(seen.provider_phone)) if part])
    if seen.group is not None:
        yield group_words(seen.group)
    yield ""
    if seen.state == S.WAITLISTED:
        yield _("The child is number {place} in the waiting list.", place=seen.place)
        yield _("As soon as a place is free for you, I will write and keep it, so that you can decide.")
        return
    yield _("A place is free for you! It is kept until {until}.", until=seen.offer_until or "")
    yield _("Take it: you see the dates and the price first, then the request goes to the club.")
    if seen.skipped:
        yield _("One place has passed already. If you do not take this one, you leave the list.")
    else:
        yield _("You can let it pass and stay in the list, once. Without an answer you leave the list.")


def _actions(seen: EnrollmentSeen) -> Iterator[Row]:
    if seen.rights != "read":
        if seen.state == S.OFFERED:
            yield Button(_("Take the place"), f">take:{seen.id}")
        if seen.state == S.OFFERED and not seen.skipped:
            yield Button(_("Let it pass, stay in the list"), "skip")
        yield Button(_("Leave the waiting list"), "leave")
    yield Button(_("The program"), f">program:{seen.program}"), MY_CLUBS


@dataclass(frozen=True)
class LeaveTheList(Decision):
    """Out of the list; joining again means the end of it."""

    def explains(self, seen: EnrollmentSeen) -> Screen | None:
        if seen.state not in (S.WAITLISTED, S.OFFERED):
            return None
        return Screen(
            lines(
                _("Leave the waiting list of «{program}»?", program=seen.program_name),
                _("If you join again later, you will be the last in it."),
            ),
            (Button(_("Yes, leave the list"), "yes"),),
        )

    def wish(self) -> LeaveWaitingList:
        return LeaveWaitingList(self.enrollment)

    def on(self, event: Event) -> Turn:
        match event:
            case Happened(LeftWaitingList()):
                return done(ShowWaiting(), _("Done: you are not in the list any more."))
        return super().on(event)


def not_taken_words(fact: PlaceNotTaken) -> Words:
    """Why the free place could not be taken, and what became of the place in the list."""
    return lines(
        why_not(fact.why)[0],
        _("The free place goes to the next family. You stay in the list, and I will write when a place is free again.")
        if fact.kept
        else _("This was the second time, so the child is not in the waiting list any more. You can join it again."),
    )


DOORS: Mapping[str, Callable[[str], AnyState]] = {
    "waiting": lambda argument: ReadPlace(int(argument)) if argument else ShowWaiting(),
}
