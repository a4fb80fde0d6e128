"""Signing up for an event: which child? -> the sign-up, with a file for the calendar -> my sign-ups."""

from dataclasses import dataclass, replace
from typing import ClassVar

from bot.dialogs.core import (
    CHOOSE,
    Button,
    Document,
    Event,
    Happened,
    Screen,
    State,
    Tapped,
    Turn,
    again,
    ask,
    go,
    instead,
)
from bot.dialogs.event_words import GONE, card_words, label, refusal_words, when_words
from bot.dialogs.reading import count, on_page, turned, turning, within
from bot.domain.event import (
    CalendarFile,
    CancelSignup,
    ChildForEvent,
    ChildrenForEvent,
    MySignups,
    OneSignup,
    SignedUp,
    SignedUpAlready,
    SignUp,
    SignupCancelled,
    SignupLine,
    SignupSeen,
)
from bot.domain.messages import Refusal
from bot.i18n import Words, _, lines

LINES_A_PAGE = 5
ALL_EVENTS = Button(_("All events"), ">events")


@dataclass(frozen=True)
class ChooseChildForEvent(State[tuple[ChildForEvent, ...]]):
    """Who would like to come? Each whom it suits is a button; of the others it is said why not."""

    event: int

    about_child: ClassVar[bool] = True

    def needs(self) -> ChildrenForEvent:
        return ChildrenForEvent(self.event)

    def show(self, known: tuple[ChildForEvent, ...]) -> Screen:
        if not known:
            return Screen(
                lines(
                    _("I do not know a child for whom you may decide."),
                    _("Apply for a certificate, or link a child that has one."),
                ),
                (Button(_("To the certificate"), ">certificate"),),
            )
        fitting = tuple(child for child in known if child.why_not is None)
        return Screen(
            lines(
                _("Who would like to come?") if fitting else _("None of your children can be signed up."),
                *(
                    _("{name}: {reason}", name=child.name, reason=refusal_words(child.why_not))
                    for child in known
                    if child.why_not is not None
                ),
            ),
            (
                *(Button(label(child.name), str(child.id)) for child in fitting),
                *(
                    (Button(_("My sign-ups"), "mine"),)
                    if any(isinstance(child.why_not, SignedUpAlready) for child in known)
                    else ()
                ),
                *(() if fitting else (ALL_EVENTS,)),
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("mine"):
                return go(ListSignups())
            case Tapped(child):
                return ask(SignUp(self.event, int(child)), meanwhile=self)
            case Happened(SignedUp(child, number)):
                return instead(ReadSignup(number, child), _("Done: there is a place."))
            case Happened(Refusal() as refusal):
                return again(self, refusal_words(refusal))
        return again(self, _("Please choose a child."))


@dataclass(frozen=True)
class ReadSignup(State["SignupSeen | None"]):
    """One child's sign-up."""

    event: int
    child: int

    about_child: ClassVar[bool] = True
    at_leisure: ClassVar[bool] = True

    def needs(self) -> OneSignup:
        return OneSignup(self.event, self.child)

    def show(self, known: SignupSeen | None) -> Screen:
        if known is None:
            return Screen(GONE, (ALL_EVENTS,))
        why_not = known.card.why_not
        told = lines(
            _("{name} is signed up.", name=known.child_name) if why_not is None else refusal_words(why_not),
            "",
            *card_words(replace(known.card, line=replace(known.card.line, free=None))),
            *(("", _("I will remind you on the day before.")) if why_not is None else ()),
        )
        if why_not is not None:
            return Screen(told, (ALL_EVENTS,))
        cancel = (Button(_("Cancel the sign-up"), "cancel"),) if known.may_cancel else ()
        return Screen(told, (Button(_("Add to calendar"), "calendar"), *cancel))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("calendar"):
                return go(TakeCalendarFile(self.event))
            case Tapped("cancel"):
                return go(ConfirmCancel(self.event, self.child))
        return again(self, CHOOSE)


@dataclass(frozen=True)
class TakeCalendarFile(State[str]):
    """The event as a file that a phone's calendar opens; it names no child."""

    event: int

    at_leisure: ClassVar[bool] = True

    def needs(self) -> CalendarFile:
        return CalendarFile(self.event)

    def show(self, known: str) -> Screen:
        if not known:
            return Screen(GONE)
        return Screen(
            _("Open the file, and your phone will offer to add the event to the calendar."),
            document=Document(f"event-{self.event}.ics", known),
        )

    def on(self, event: Event) -> Turn:
        return again(self, CHOOSE)


@dataclass(frozen=True)
class ConfirmCancel(State["SignupSeen | None"]):
    """The place will go to somebody else."""

    event: int
    child: int

    about_child: ClassVar[bool] = True

    def needs(self) -> OneSignup:
        return OneSignup(self.event, self.child)

    def show(self, known: SignupSeen | None) -> Screen | Turn:
        if known is None:
            return instead(ListSignups())
        return Screen(
            _(
                "{name} will not come to «{event}», and the place becomes free for another child. Cancel the sign-up?",
                name=known.child_name,
                event=known.card.line.title,
            ),
            ((Button(_("Yes, cancel"), "yes"), Button(_("No, we will come"), "no")),),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("yes"):
                return ask(CancelSignup(self.event, self.child), meanwhile=self)
            case Tapped("no"):
                return instead(ReadSignup(self.event, self.child))
            case Happened(SignupCancelled()):
                return instead(ListSignups(), _("The sign-up is cancelled. Thank you for telling!"))
            case Happened(Refusal() as refusal):
                return instead(ListSignups(), refusal_words(refusal))
        return again(self, CHOOSE)


@dataclass(frozen=True)
class ListSignups(State[tuple[SignupLine, ...]]):
    """What my children are going to."""

    page: int = 0

    about_child: ClassVar[bool] = True
    at_leisure: ClassVar[bool] = True

    def needs(self) -> MySignups:
        return MySignups()

    def show(self, known: tuple[SignupLine, ...]) -> Screen:
        if not known:
            return Screen(_("Your children are not signed up for any event."), (ALL_EVENTS,))
        page = within(self.page, count(known, LINES_A_PAGE))
        numbered = tuple(enumerate(on_page(known, page, LINES_A_PAGE), page * LINES_A_PAGE + 1))
        return Screen(
            lines(_("My sign-ups"), *(signup_words(number, line) for number, line in numbered)),
            (
                *(Button(label(f"{number}. {line.title}"), f"{line.event}:{line.child}") for number, line in numbered),
                *turning(page, count(known, LINES_A_PAGE)),
                ALL_EVENTS,
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
            case Tapped(choice):
                return go(signup(choice))
        return again(self, _("Please choose an event."))


def signup_words(number: int, line: SignupLine) -> Words:
    """A sign-up in a list."""
    return lines(
        "",
        f"{number}. {line.title}",
        _("{name}, {when}", name=line.child_name, when=when_words(line.starts)),
        _("called off") if line.called_off else None,
    )


def signup(argument: str) -> ReadSignup:
    """The sign-up behind `5:7`: the event and the child. ValueError for anything else."""
    number, _colon, child = argument.partition(":")
    return ReadSignup(int(number), int(child))
