"""Ask for a place: for whom? -> which group? -> dates, price and terms -> your own part, apart -> sent."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import ClassVar

from bot.dialogs.clash_words import warned
from bot.dialogs.core import (
    CHOOSE,
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
    done,
    go,
    instead,
)
from bot.dialogs.dates import NotADate, typed_date
from bot.dialogs.enrollment_card import ReadEnrollment
from bot.dialogs.enrollment_refusals import OTHER_GROUPS, why_not
from bot.dialogs.enrollment_terms import group_lines, sent_words, summary, terms
from bot.dialogs.enrollment_words import own_part_asked
from bot.dialogs.reading import count, cut, on_page, turned, turning
from bot.dialogs.waiting import JoinWaitingList, not_taken_words
from bot.domain.enrollment import EnrollmentState, RequestEnrollment
from bot.domain.enrollment_facts import Requested
from bot.domain.enrollment_refusals import NotNow
from bot.domain.enrollment_seen import EnrollmentSeen, GroupOpen, GroupsOf, Offered, OneEnrollment, WeighRequest
from bot.domain.family import ChildSeen, MyChildren, Rights
from bot.domain.gate_refusals import DifferentNow, LessonsClash
from bot.domain.lessons import count as lessons_on
from bot.domain.lessons import days
from bot.domain.messages import Command, Fact, Refusal
from bot.domain.pricing import Quote
from bot.domain.waiting import OfferIsOver, PlaceNotTaken, TakePlace
from bot.i18n import Words, _, lines

GROUPS_A_PAGE = 5
DAYS_OFFERED = 6
WEEKS_LOOKED_AT = timedelta(weeks=6)
CONTINUE = _("Continue the request for a club")


@dataclass(frozen=True)
class ChooseChildFor(State[tuple[ChildSeen, ...]]):
    """Who is to go there? Not asked with one child."""

    program: int

    about_child: ClassVar[bool] = True

    def needs(self) -> MyChildren:
        return MyChildren()

    def show(self, known: tuple[ChildSeen, ...]) -> Screen | Turn:
        mine = [child for child in known if child.rights is not Rights.READ]
        if not known:
            return Screen(
                lines(
                    _("Clubs are requested with a child's certificate, and I do not know your children yet."),
                    _("Apply for a certificate, or link one that you have."),
                ),
                (Button(_("To the certificate"), ">certificate"),),
            )
        if not mine:
            return Screen(_("You may look, but the child's parents decide about clubs."))
        if len(mine) == 1:
            return instead(ChooseGroup(self.program, mine[0].id))
        return Screen(
            _("Who would like to go there?"), tuple(Button(cut(child.first_name), str(child.id)) for child in mine)
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(child):
                return go(ChooseGroup(self.program, int(child)))
        return again(self, CHOOSE)


@dataclass(frozen=True)
class ChooseGroup(State[tuple[GroupOpen, ...]]):
    """Which group? Not asked with one."""

    program: int
    child: int
    page: int = 0

    about_child: ClassVar[bool] = True

    def needs(self) -> GroupsOf:
        return GroupsOf(self.program)

    def show(self, known: tuple[GroupOpen, ...]) -> Screen | Turn:
        if not known:
            return Screen(
                _("This program has no groups now. Look for another club."), (Button(_("Find a club"), ">search"),)
            )
        if len(known) == 1:
            return instead(ConfirmRequest(self.program, self.child, known[0].id))
        shown = on_page(known, self.page, GROUPS_A_PAGE)
        return Screen(
            lines(_("Which group?"), *(line for group in shown for line in ("", *group_lines(group)))),
            (
                *(Button(cut(", ".join(filter(None, (group.name, group.module)))), str(group.id)) for group in shown),
                *turning(self.page, count(known, GROUPS_A_PAGE)),
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
            case Tapped(group):
                return go(ConfirmRequest(self.program, self.child, int(group)))
        return again(self, CHOOSE)


@dataclass(frozen=True)
class ConfirmRequest(State[Offered | Refusal]):
    """Dates, both parts of the price by months, what clashes, the terms (R6.4). `seen` is the price as it was shown.

    `offer`: the place in the waiting list whose seat is taken (R6.11); 0 for a request as such.
    """

    program: int
    child: int
    group: int
    start: date | None = None
    seen: Quote | None = None
    offer: int = 0

    about_child: ClassVar[bool] = True
    draft: ClassVar[Words | None] = CONTINUE

    def needs(self) -> WeighRequest:
        return WeighRequest(self.child, self.group, self.start, self.offer)

    def show(self, known: Offered | Refusal) -> Screen | Turn:
        if isinstance(known, Refusal):
            return instead(SeeRefusal(self.program, self.child, self.group, known, self.start, self.offer))
        if (self.start, self.seen) != (known.start, known.quote):
            changed = _("The price or the balance has changed. Please look again.") if self.seen else None
            return instead(replace(self, start=known.start, seen=known.quote), changed)
        return Screen(
            lines(*summary(known), "", *warned(known.clashes, known.torn), *terms(known)),
            (*_sending(known), Button(_("Another start date"), "day")),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("day"):
                return go(ChooseStart(self.program, self.child, self.group, self.offer, self.start))
            case Tapped("pay" | "pay all the same" as choice) if self.start and self.seen:
                anyway = choice != "pay"
                return go(AgreeToPay(self.program, self.child, self.group, self.start, self.seen, self.offer, anyway))
            case Tapped("send" | "send all the same" as choice) if self.start and self.seen:
                anyway = choice != "send"
                wish = _wish(self.child, self.group, self.start, self.seen, self.offer, anyway=anyway)
                return ask(wish, meanwhile=self)
            case Happened(DifferentNow()):
                return instead(self)
            case Happened(LessonsClash() as clash):  # it has come up since the screen was shown: now it is on it
                return instead(self, why_not(clash)[0])
            case Happened(fact):
                return _answered(fact, SeeRefusal(self.program, self.child, self.group, fact, self.start, self.offer))
        return again(self, CHOOSE)


def _sending(known: Offered) -> tuple[Button, ...]:
    """The way on; past a clash only in words that say so."""
    pays = bool(known.quote.parent.total)
    if known.clashes:
        anyway = Button(_("Continue all the same"), "pay all the same")
        return (anyway if pays else Button(_("Send all the same"), "send all the same"),)
    return (Button(_("Continue"), "pay") if pays else Button(_("Send the request"), "send"),)


@dataclass(frozen=True)
class ChooseStart(State[Offered | Refusal]):
    """From which day? The next lessons are buttons, any other day is typed; `now`: the day that stands so far."""

    program: int
    child: int
    group: int
    offer: int = 0
    now: date | None = None

    about_child: ClassVar[bool] = True

    def needs(self) -> WeighRequest:
        return WeighRequest(self.child, self.group, offer=self.offer)

    def show(self, known: Offered | Refusal) -> Screen | Turn:
        if isinstance(known, Refusal):
            return Screen(_("Write the first day, for example 14.09.2026."), wants="date")
        last = min(known.stop, known.earliest + WEEKS_LOOKED_AT)
        lessons = [day for day in days(known.earliest, last) if lessons_on(known.group.timetable, day, day)]
        return Screen(
            lines(
                _("From which day will the child come?"),
                _("Choose a lesson, or write a day from {start} to {stop}.", start=known.earliest, stop=known.stop),
            ),
            tuple(Button(_("{day}", day=day), day.isoformat()) for day in lessons[:DAYS_OFFERED]),
            wants="date",
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(day):
                return self._from(date.fromisoformat(day))
            case Typed(text):
                try:
                    return self._from(typed_date(text, self.now))
                except NotADate as mistake:
                    return again(self, mistake.why)
        return again(self, CHOOSE)

    def _from(self, day: date) -> Turn:
        return instead(ConfirmRequest(self.program, self.child, self.group, day, offer=self.offer))


@dataclass(frozen=True)
class AgreeToPay(State[None]):
    """The family's own part, confirmed apart (R6.4)."""

    program: int
    child: int
    group: int
    start: date
    seen: Quote
    offer: int = 0
    anyway: bool = False
    """What the lessons clash with has been seen."""

    about_child: ClassVar[bool] = True
    draft: ClassVar[Words | None] = CONTINUE

    def show(self, known: None) -> Screen:
        return Screen(own_part_asked(self.seen), (Button(_("I agree, send the request"), "send"),))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("send"):
                wish = _wish(self.child, self.group, self.start, self.seen, self.offer, pays=True, anyway=self.anyway)
                return ask(wish, meanwhile=self)
            case Happened(
                DifferentNow() | LessonsClash()
            ):  # said there; not `back`: whoever continued a draft comes from the menu
                return instead(ConfirmRequest(self.program, self.child, self.group, self.start, self.seen, self.offer))
            case Happened(fact):
                return _answered(fact, SeeRefusal(self.program, self.child, self.group, fact, self.start, self.offer))
        return again(self, CHOOSE)


@dataclass(frozen=True)
class SeeRefusal(State[tuple[GroupOpen, ...]]):
    """Why not, and where to go from here (R6.3)."""

    program: int
    child: int
    group: int
    refusal: Fact
    start: date | None = None
    offer: int = 0

    about_child: ClassVar[bool] = True

    def needs(self) -> GroupsOf:
        return GroupsOf(self.program)

    def show(self, known: tuple[GroupOpen, ...]) -> Screen:
        why, steps = why_not(self.refusal)
        if self.offer:
            kept = Button(_("Back to the free place"), f">waiting:{self.offer}")
            return Screen(why, (*(step for step in steps if step != OTHER_GROUPS), kept))
        return Screen(why, tuple(step for step in steps if step != OTHER_GROUPS or len(known) > 1))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("day"):
                return instead(ChooseStart(self.program, self.child, self.group, self.offer, self.start))
            case Tapped("groups"):
                return instead(ChooseGroup(self.program, self.child))
            case Tapped("wait"):
                return go(JoinWaitingList(group=self.group, child=self.child))
            case Tapped("again"):
                return instead(ConfirmRequest(self.program, self.child, self.group, self.start, offer=self.offer))
        return again(self, CHOOSE)


@dataclass(frozen=True)
class TakeOffered(State[EnrollmentSeen | None]):
    """The seat that is offered from the waiting list: dates, price and terms as in a request (R6.11)."""

    enrollment: int

    about_child: ClassVar[bool] = True

    def needs(self) -> OneEnrollment:
        return OneEnrollment(self.enrollment)

    def show(self, known: EnrollmentSeen | None) -> Turn:
        if known is None or known.group is None or known.state != EnrollmentState.OFFERED:
            return instead(ReadEnrollment(self.enrollment))
        return instead(ConfirmRequest(known.program, known.child, known.group.id, offer=known.id))


def _wish(
    child: int, group: int, start: date, seen: Quote, offer: int, pays: bool = False, anyway: bool = False
) -> Command:
    if offer:
        return TakePlace(offer, start, seen, pays, anyway)
    return RequestEnrollment(child, group, start, seen, pays, anyway)


def _answered(fact: Fact, refused: SeeRefusal) -> Turn:
    match fact:
        case Requested():
            return done(ReadEnrollment(fact.enrollment), sent_words(fact))
        case PlaceNotTaken():
            return done(ReadEnrollment(fact.enrollment), not_taken_words(fact))
        case OfferIsOver() | NotNow():
            return done(ReadEnrollment(fact.enrollment), _("The time to take this place is over."))
    return instead(refused)
