"""What fits the rest of a certificate: (whose?) -> sets of clubs -> one set -> its clubs' cards, each with its request."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from bot.dialogs.charge import GONE
from bot.dialogs.core import CHOOSE, AnyState, Button, Event, Row, Screen, State, Tapped, Turn, again, go, instead
from bot.dialogs.program_card import ReadProgram
from bot.dialogs.program_price import QUEUED
from bot.dialogs.reading import cut
from bot.dialogs.timetable import in_words
from bot.domain.catalogue import Filters
from bot.domain.family import ChildSeen, MyChildren, that_may_pay
from bot.domain.fitting import Candidate, ClubSet, SetsFor, SetsSeen
from bot.domain.money import Money
from bot.i18n import Words, _, joined, lines

WHY: Mapping[str, Words] = {
    "no_certificate": _("There is no certificate yet, so there is nothing to fit. Apply for one under «Certificate»."),
    "accounting": _("This certificate carries no money. It opens free clubs: look for them under «Find a club»."),
    "queued": QUEUED,
    "pending": _("The certificate is not issued yet. As soon as it is, I will find what fits."),
    "no_money": _("Nothing is free on the certificate now. There are free clubs too: see «Find a club»."),
}


@dataclass(frozen=True)
class ChooseWhoseRest(State[tuple[ChildSeen, ...]]):
    """Whose certificate is to pay? Not asked where one is in use."""

    filters: Filters

    about_child: ClassVar[bool] = True

    def needs(self) -> MyChildren:
        return MyChildren()

    def show(self, known: tuple[ChildSeen, ...]) -> Screen | Turn:
        if not known:
            return Screen(
                _("I do not know your children yet. Apply for a certificate first."),
                (Button(_("Apply for a certificate"), ">apply"),),
            )
        paying = that_may_pay(known)
        if len(paying) == 1:
            return instead(ShowSets(paying[0].id, filters=self.filters))
        return Screen(_("Whose certificate?"), tuple(Button(cut(child.first_name), str(child.id)) for child in paying))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(child):
                return go(ShowSets(int(child), filters=self.filters))
        return again(self, CHOOSE)


@dataclass(frozen=True)
class ShowSets(State[SetsSeen | None]):
    """Sets of one to three clubs. `without`: as if that enrollment were left today; `filters`: among what a search found."""

    child: int
    without: int = 0
    filters: Filters | None = None

    about_child: ClassVar[bool] = True
    at_leisure = True

    def needs(self) -> SetsFor:
        return SetsFor(self.child, self.without, self.filters)

    def show(self, known: SetsSeen | None) -> Screen:
        if known is None:
            return GONE
        if known.why:
            return Screen(
                lines(joined("", (known.first_name, ":")), WHY[known.why]),
                (Button(_("Certificate"), f">certificate:{self.child}"), Button(_("Find a club"), ">search")),
            )
        if not known.sets:
            return Screen(lines(*_money(known), "", _none(self.filters)), self._elsewhere())
        numbered = tuple(enumerate(known.sets, 1))
        return Screen(
            lines(
                *_money(known),
                "",
                _("These clubs can be paid to the end and do not clash:")
                if any(each.cost for each in known.sets)
                else _("No paid club fits, but free ones do, and they do not clash:"),
                *(line for number, each in numbered for line in ("", *_short(number, each))),
            ),
            (
                *(Button(cut(f"{number}. {_names(each)}"), _key(each)) for number, each in numbered),
                *((self._all(),) if self.filters is not None else ()),
            ),
        )

    def _all(self) -> Button:
        return Button(_("Look among all clubs"), "all")

    def _elsewhere(self) -> tuple[Row, ...]:
        return (*((self._all(),) if self.filters is not None else ()), Button(_("Find a club"), ">search"))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("all"):
                return instead(replace(self, filters=None))
            case Tapped(groups):
                return go(ReadSet(self.child, tuple(map(int, groups.split("-"))), self.without, self.filters))
        return again(self, CHOOSE)


@dataclass(frozen=True)
class ReadSet(State[SetsSeen | None]):
    """One set: where and when each club meets, what it costs, what is left; each opens its card."""

    child: int
    groups: tuple[int, ...]
    without: int = 0
    filters: Filters | None = None

    about_child: ClassVar[bool] = True
    at_leisure = True

    def needs(self) -> SetsFor:
        return SetsFor(self.child, self.without, self.filters)

    def show(self, known: SetsSeen | None) -> Screen | Turn:
        chosen = next((each for each in known.sets if each.groups == self.groups), None) if known else None
        if known is None or chosen is None:
            changed = _("Meanwhile something has changed: a place is taken, or the money is. This is what fits now.")
            return instead(ShowSets(self.child, self.without, self.filters), changed)
        return Screen(
            lines(
                _("Together: {cost}. On the certificate {left} would be left.", cost=chosen.cost, left=chosen.left)
                if chosen.cost
                else _("Together, and free:"),
                _("You would pay {sum} to the providers yourself.", sum=chosen.own) if chosen.own else None,
                *(line for club in chosen.clubs for line in ("", *_club(club))),
                "",
                _("Open a club to ask for a place. Nothing is promised yet."),
            ),
            tuple(Button(cut(club.program_name), f"{club.program}-{club.group}") for club in chosen.clubs),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(chosen):
                program, group = map(int, chosen.split("-"))
                return go(ReadProgram(program, self.child, group=group))
        return again(self, CHOOSE)


def _money(known: SetsSeen) -> Iterator[Words]:
    """What there is, until when, and what happens to it otherwise."""
    assert known.days is not None
    values: dict[str, Words] = {"child": known.first_name, "program": known.leaving}
    if known.first:
        yield _("{child}: {sum} come with the first request for a paid club.", child=known.first_name, sum=known.free)
        return
    if known.leaving:
        yield _("{child}, if «{program}» is left today: {sum} are free.", sum=known.free, **values)
    else:
        yield _("{child}: {sum} are free.", child=known.first_name, sum=known.free)
    yield _("What is not spent by {until} burns.", until=known.days.stop)


def _none(filters: Filters | None) -> Words:
    if filters is not None:
        return _("None of the clubs that were found fits: too dear, full, or at a time that is taken.")
    return _("No club fits now: all are too dear, full, or at a time that is taken. Look again later.")


def _names(each: ClubSet) -> str:
    return " + ".join(club.program_name for club in each.clubs)


def _key(each: ClubSet) -> str:
    return "-".join(map(str, each.groups))


def _short(number: int, each: ClubSet) -> Iterator[Words]:
    """A set in a list: its price, then a line a club."""
    values: dict[str, Words | Money] = {"number": str(number), "cost": each.cost, "left": each.left, "own": each.own}
    if not each.cost:
        yield f"{number}."
    elif each.own:
        yield _("{number}. {cost}, {left} would be left, and you pay {own} yourself", **values)
    else:
        yield _("{number}. {cost}, {left} would be left", **values)
    for club in each.clubs:
        when, start = in_words(club.course.lessons), club.course.days.start
        line = _("«{program}»: {when}, from {start}", program=club.program_name, when=when, start=start)
        yield joined("", ("• ", line))


def _club(club: Candidate) -> Iterator[Words]:
    """A club of a set, with all that tells whether one can live with it."""
    yield _("«{program}», {provider}", program=club.program_name, provider=club.provider)
    yield in_words(club.course.lessons)
    if club.course.address:
        yield _("Address: {address}", address=club.course.address)
    yield _("Lessons: {days}", days=club.course.days)
    if club.cost:
        yield _("The certificate pays: {sum}", sum=club.cost)
    if club.own:
        yield _("You pay the provider yourself: {sum}", sum=club.own)
    if club.torn:
        yield _("If one adult brings several children, this time is hard: see «The week».")


def fits(argument: str) -> AnyState:
    """`fits:12` for a child, `fits:12:50` as if it left an enrollment. ValueError for anything else."""
    child, _sign, without = argument.partition(":")
    return ShowSets(int(child), int(without or 0))


DOORS: dict[str, Callable[[str], AnyState]] = {"fits": fits}
