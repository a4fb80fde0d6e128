"""The calendar of a child's money: what is paid when, what burns -> what leaving a club would change -> what fits then."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, ClassVar

from bot.dialogs.charge import GONE
from bot.dialogs.core import CHOOSE, AnyState, Button, Event, Row, Screen, State, Tapped, Turn, again, go, instead
from bot.dialogs.fitting import ShowSets
from bot.dialogs.leaving_words import leaving_lines
from bot.dialogs.program_card import packed
from bot.dialogs.reading import cut, turned, turning, within
from bot.domain.forecast import Expected, Forecast, ForecastSeen, Leaving, PurseAhead
from bot.domain.money import Money
from bot.i18n import Words, _, joined, lines


@dataclass(frozen=True)
class ShowForecast(State[ForecastSeen | None]):
    """Day by day: what the certificate pays, what the family pays the provider, what burns when."""

    child: int
    page: int = 0

    about_child: ClassVar[bool] = True
    at_leisure = True

    def needs(self) -> Forecast:
        return Forecast(self.child)

    def show(self, known: ForecastSeen | None) -> Screen:
        if known is None:
            return GONE
        texts = tuple(packed(_blocks(known)))
        fits = Button(_("What fits the rest"), "fits")
        left = Button(_("If we leave a club"), "leave")
        return Screen(
            texts[within(self.page, len(texts))],
            (
                *turning(self.page, len(texts)),
                *((fits,) if any(purse.available for purse in known.purses) else ()),
                *((left,) if known.leaving else ()),
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("fits"):
                return go(ShowSets(self.child))
            case Tapped("leave"):
                return go(WeighLeaving(self.child))
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
        return again(self, CHOOSE)


def _blocks(known: ForecastSeen) -> Iterator[Words]:
    """What there is now, a block for each day, what burns, and what the sums rest on."""
    yield lines(_("{child}: the calendar of money.", child=known.first_name), *_now(known.purses))
    if not known.expected:
        yield _("No payments are to come.")
    for day, each in groupby(known.expected, key=lambda one: one.day):
        yield lines(_("{day}:", day=day), *(line for one in each for line in expected(one)))
    for purse in known.purses:
        if purse.burns:
            yield _(
                "After {until} what is free then burns, if nothing else is chosen: {amount}.",
                until=purse.until,
                amount=purse.burns,
            )
    notes = (
        (_("Your part you pay to the provider yourself; it never comes out of the certificate."), _has_own),
        (_("Requests that wait for an answer are counted as if they came true today."), _has_open),
    )
    told = tuple(note for note, holds in notes if holds(known))
    if told:
        yield lines(*told)


def _has_own(known: ForecastSeen) -> bool:
    return any(one.parent for one in known.expected)


def _has_open(known: ForecastSeen) -> bool:
    return not all(one.settled for one in known.expected)


def _now(purses: tuple[PurseAhead, ...]) -> Iterator[Words]:
    for purse in purses:
        if len(purses) > 1:
            yield _("For clubs from {start} to {until}:", start=purse.start, until=purse.until)
        yield _("Free: {amount}", amount=purse.available)
        yield _("Put aside for chosen clubs: {amount}", amount=purse.held)


def expected(one: Expected) -> Iterator[Words]:
    """One club's payment of a month: what is put aside pays it, what the family pays, what comes back."""
    values: dict[str, Any] = {
        "program": one.program,
        "certificate": one.certificate,
        "parent": one.parent,
        "day": one.pay_by,
    }
    if one.certificate and one.parent:
        both = _("«{program}»: the certificate pays {certificate}, you pay {parent} by {day}.", **values)
        yield joined("", ("• ", both))
    elif one.certificate:
        yield joined("", ("• ", _("«{program}»: the certificate pays {certificate}.", **values)))
    elif one.parent:
        yield joined("", ("• ", _("«{program}»: you pay the provider {parent} by {day}.", **values)))
    if one.back:
        back = _("«{program}»: {sum} come back for cancelled lessons.", program=one.program, sum=one.back)
        yield joined("", ("• ", back))


@dataclass(frozen=True)
class WeighLeaving(State[ForecastSeen | None]):
    """What would change if a club were left today? Nothing is done here. With one club it is not asked which."""

    child: int
    enrollment: int = 0

    about_child: ClassVar[bool] = True

    def needs(self) -> Forecast:
        return Forecast(self.child)

    def show(self, known: ForecastSeen | None) -> Screen | Turn:
        if known is None or not known.leaving:
            return GONE
        chosen = {one.enrollment: one for one in known.leaving}.get(self.enrollment)
        if chosen is None and len(known.leaving) == 1:
            return instead(replace(self, enrollment=known.leaving[0].enrollment))
        if chosen is None:
            return Screen(
                _("Which club? I only count: nothing is changed."),
                tuple(Button(cut(one.program), str(one.enrollment)) for one in known.leaving),
            )
        return Screen(lines(*_changes(known, chosen)), _next(chosen))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("fits"):
                return go(ShowSets(self.child, without=self.enrollment))
            case Tapped(enrollment):
                return go(replace(self, enrollment=int(enrollment)))
        return again(self, CHOOSE)


def _next(chosen: Leaving) -> tuple[Row, ...]:
    fits = (Button(_("What fits instead"), "fits"),) if chosen.left else ()
    return (*fits, Button(_("Open the club"), f">enrollment:{chosen.enrollment}"))


def _changes(known: ForecastSeen, chosen: Leaving) -> Iterator[Words]:
    yield _("If you leave «{program}» today (nothing is changed yet):", program=chosen.program)
    yield from leaving_lines(chosen)
    own = [one for one in known.expected if one.enrollment == chosen.enrollment and one.parent]
    spared = [one.parent for one in own if chosen.last is None or one.month.first > chosen.last]
    if spared:
        yield _("Of your own part you would not pay {sum} more.", sum=sum(spared, Money(0)))


DOORS: dict[str, Callable[[str], AnyState]] = {"forecast": lambda argument: ShowForecast(int(argument))}
