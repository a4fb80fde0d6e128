"""Answers → what a report shows: a picture and the table that says the same, or a table alone. Coverage and money; the rest in report_lists.py."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.dialogs.catalogue_words import DIRECTIONS
from bot.domain.catalogue import Direction
from bot.domain.money import Money
from bot.domain.report import CoverageSeen, Covered, MoneySeen, Sums
from bot.i18n import Value, Words, _, joined, n_
from bot.office.charts import Bar, Chart, Goal
from bot.office.export import Cell, Percent, Table

ALL = _("All")
NOT_TOLD = _("Not told")
SAME = _("The table says the same in numbers.")
SEXES: dict[str, Words] = {"f": _("Girls"), "m": _("Boys")}


@dataclass(frozen=True)
class Section:
    """A table, and what it looks like."""

    table: Table
    chart: Chart | None = None


# --- coverage ---------------------------------------------------------------------------------------------------------


def coverage_lead(seen: CoverageSeen) -> tuple[Words, ...]:
    """The sentences above all pictures."""
    whole, (least, most) = seen.all, seen.goals
    goal = (
        _("{least}%", least=least)
        if least == most
        else _("{least}–{most}%, as each has set it", least=least, most=most)
    )
    if whole.percent is None:
        return (
            n_("{count} child uses a certificate.", "{count} children use a certificate.", whole.using),
            _("How many children live here is not told yet, so there is no coverage. Import the population first."),
        )
    return (
        _(
            "{using} of {living} children use a certificate: {percent}%. The goal is {goal}.",
            using=whole.using,
            living=whole.living or 0,
            percent=round(whole.percent, 1),
            goal=goal,
        ),
        _(
            "A certificate is in use if the child has learned on it in this period, up to {day}; ages are those of that day. How many live here is of 1 January {years}.",
            day=seen.day,
            years=joined(", ", map(str, seen.years)),
        ),
    )


def coverage_sections(seen: CoverageSeen) -> tuple[Section, ...]:
    """By municipality where there are several, else by district; by age, sex and direction."""
    least, most = seen.goals
    goal = Goal(least, _("goal {percent}%", percent=least)) if least == most else None
    several = len(seen.places) > 1
    by_place = (
        (_("Municipality"), _("By municipality"), seen.places)
        if several
        else (_("District"), _("By district"), seen.districts)
    )
    return (
        _covered(*by_place, lambda each: each.name or NOT_TOLD, goal, seen.all),
        _covered(
            _("Age"),
            _("By age"),
            seen.ages,
            lambda each: n_("{count} year", "{count} years", int(each.key)),
            goal,
            seen.all,
        ),
        _covered(_("Sex"), _("By sex"), seen.sexes, lambda each: SEXES.get(each.key, NOT_TOLD), goal, seen.all),
        _by_direction(seen),
    )


def _covered(
    what: Words,
    title: Words,
    lines: Iterable[Covered],
    name: Callable[[Covered], Words],
    goal: Goal | None,
    whole: Covered,
) -> Section:
    lines = tuple(lines)
    heading = (what, _("Live here"), _("Have a certificate"), _("Use it"), _("Coverage"))
    rows = [(name(each), *_numbers(each)) for each in lines]
    table = Table(title, heading, (*rows, (ALL, *_numbers(whole))))
    if not any(each.percent is not None for each in lines):
        says = joined(" ", (_("How many children use a certificate."), SAME))
        bars = tuple(Bar(name(each), (each.using,), each.using) for each in lines)
        return Section(table, Chart(title, says, bars))
    says = joined(" ", (_("Which part of the children uses a certificate, against the goal."), SAME))
    return Section(table, Chart(title, says, tuple(_share(name(each), each) for each in lines), goal=goal))


def _numbers(each: Covered) -> tuple[Cell, ...]:
    percent = Percent(each.percent) if each.percent is not None else None
    return each.living, each.holders, each.using, percent


def _share(label: Words, each: Covered) -> Bar:
    if each.percent is None:
        return Bar(label, (0,), n_("{count} child", "{count} children", each.using))
    return Bar(label, (each.percent,), _("{number}%", number=round(each.percent, 1)))


def _by_direction(seen: CoverageSeen) -> Section:
    title = _("By direction")
    names = {each.key: DIRECTIONS[Direction(each.key)] for each in seen.directions}
    rows = tuple(
        (names[each.key], each.using, Percent(each.percent) if each.percent is not None else None)
        for each in seen.directions
    )
    says = _("How many children learn in each direction. A child may learn in several.")
    bars = tuple(Bar(names[each.key], (each.using,), each.using) for each in seen.directions)
    heading = (_("Direction"), _("Learn in it"), _("Of all who live here"))
    return Section(Table(title, heading, rows), Chart(title, joined(" ", (says, SAME)), bars))


# --- money ------------------------------------------------------------------------------------------------------------

MONEY = (
    _("Granted"),
    _("Charged"),
    _("Refunded"),
    _("Expired"),
    _("Taken back otherwise"),
    _("Paid to providers"),
    _("On hold"),
    _("Free on certificates"),
)
STANDS = MONEY[5:]


def money_lead(seen: MoneySeen) -> tuple[Words, ...]:
    """The sentences above the pictures."""
    whole = seen.all
    return (
        _(
            "Granted {granted}: {paid} are with the providers, {held} on hold, {free} free, {expired} expired, {returned} were taken back otherwise.",
            granted=whole.granted,
            paid=whole.paid,
            held=whole.on_hold,
            free=whole.free,
            expired=whole.expired,
            returned=whole.returned,
        ),
        _(
            "Paid, on hold and free are what there is at a month's end; the other columns are what has moved in the month."
        ),
    )


def money_sections(seen: MoneySeen) -> tuple[Section, ...]:
    """By month, and by municipality where there are several."""
    title = _("By month")
    says = joined(" ", (_("Where the granted money is at each month's end."), SAME))
    rows = (*((month, *_sums(sums)) for month, sums in seen.months), (ALL, *_sums(seen.all)))
    bars = tuple(_stands(month, sums) for month, sums in seen.months)
    by_month = Section(Table(title, (_("Month"), *MONEY), rows), Chart(title, says, bars, STANDS))
    if len(seen.places) < 2:
        return (by_month,)
    title = _("By municipality")
    says = joined(" ", (_("Where each municipality's granted money is now."), SAME))
    rows = (*((place.name, *_sums(sums)) for place, sums in seen.places), (ALL, *_sums(seen.all)))
    bars = tuple(_stands(place.name, sums) for place, sums in seen.places)
    return by_month, Section(Table(title, (_("Municipality"), *MONEY), rows), Chart(title, says, bars, STANDS))


def _sums(sums: Sums) -> tuple[Cell, ...]:
    moved = (sums.granted, sums.charged, sums.refunded, sums.expired, sums.returned)
    return *moved, sums.paid, sums.on_hold, sums.free


def _stands(label: Value, sums: Sums) -> Bar:
    parts = (sums.paid, sums.on_hold, sums.free)
    return Bar(label, tuple(each.kopecks for each in parts), short(sum(parts, Money(0))))


def short(money: Money) -> Value:
    """A sum for a picture: whole roubles, thousands or millions of them."""
    roubles = money.kopecks / 100
    if abs(roubles) >= 1_000_000:
        return _("₽{number} million", number=round(roubles / 1_000_000, 1))
    if abs(roubles) >= 10_000:
        return _("₽{number} thousand", number=round(roubles / 1_000, 1))
    return Money(round(roubles) * 100)
