"""What waits, providers by rating, what is left undone: answers → pictures and tables."""

from bot.domain.certificate import CertificateState
from bot.domain.certificate_staff import CertificateSeen
from bot.domain.enrollment import EnrollmentState
from bot.domain.enrollment_seen import Waiting as RequestLine
from bot.domain.municipality import Place
from bot.domain.provider import ProgramWork
from bot.domain.rating import STARS
from bot.domain.report import RatedProvider, RequestsSeen, Undone, Waiting, Waits
from bot.i18n import Value, Words, _, joined, n_
from bot.office.charts import Bar, Chart
from bot.office.export import Cell, Table
from bot.office.report_sections import ALL, SAME, Section

STATES: dict[Waiting, Words] = {
    CertificateState.SUBMITTED: _("Application: the municipality decides"),
    CertificateState.AWAITING_VISIT: _("Application: originals to be shown"),
    EnrollmentState.REQUESTED: _("Request: the provider answers"),
    EnrollmentState.CLAIMED: _("Entered by the provider: the family answers"),
    EnrollmentState.ACCEPTED: _("Offer: the family accepts"),
    EnrollmentState.WAITLISTED: _("In the waiting list"),
    EnrollmentState.OFFERED: _("A free place: the family takes it"),
    EnrollmentState.ACTIVE: _("Learns"),
    EnrollmentState.COMPLETED: _("Learned to the end"),
    EnrollmentState.TERMINATED: _("Ended early"),
    EnrollmentState.REFUSED: _("Refused"),
    EnrollmentState.WITHDRAWN: _("Withdrawn by the family"),
    EnrollmentState.RENEWAL_OFFERED: _("Next period offered"),
    EnrollmentState.LEFT: _("Left the waiting list"),
    EnrollmentState.LAPSED: _("The offer lapsed"),
}
WAITS = (_("up to a day"), _("2–5 days"), _("6–10 days"), _("longer"))
"""As `report.WAITS` divides them."""
UNDONE = (
    _("Overdue applications"),
    _("Originals not shown yet"),
    _("Overdue requests"),
    _("Open disputes"),
    _("Programs without a price or timetable"),
)
BEST = 30
"""Providers in the picture; the table has all."""


# --- requests ---------------------------------------------------------------------------------------------------------


def requests_lead(seen: RequestsSeen) -> tuple[Words, ...]:
    """The sentence above the pictures."""
    waiting, overdue = sum(each.count for each in seen.waiting), sum(each.overdue for each in seen.waiting)
    late = n_("{count} of them is overdue.", "{count} of them are overdue.", overdue)
    return (
        joined(" ", (n_("{count} family waits.", "{count} families wait.", waiting), *([late] if overdue else []))),
    )


def requests_sections(seen: RequestsSeen) -> tuple[Section, ...]:
    """What waits now, by state and by municipality where there are several; what the period's requests have become."""
    title = _("What waits now, and how long")
    says = joined(" ", (_("How many wait in each state, by how long they do."), SAME))
    sections = [_waits(title, says, _("State"), seen.waiting)]
    if len(seen.places) > 1:
        says = joined(" ", (_("How many wait in each municipality, by how long they do."), SAME))
        sections.append(_waits(_("By municipality"), says, _("Municipality"), seen.places))
    title = _("What the period's requests have become")
    says = joined(" ", (_("How many of the enrollments asked for in the period are in each state."), SAME))
    bars = tuple(Bar(STATES[state], (count,), count) for state, count in seen.became)
    rows = tuple((STATES[state], count) for state, count in seen.became)
    became = Section(Table(title, (_("State"), _("How many")), rows), Chart(title, says, bars))
    return *sections, became


def _waits(title: Words, says: Words, what: Words, lines: tuple[Waits, ...]) -> Section:
    names = [each.of.name if isinstance(each.of, Place) else STATES[each.of] for each in lines]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (name, *each.by_days, each.count, each.overdue) for name, each in zip(names, lines, strict=True)
    )
    bars = tuple(
        Bar(name, each.by_days, _late(each.count, each.overdue)) for name, each in zip(names, lines, strict=True)
    )
    return Section(Table(title, (what, *WAITS, ALL, _("Overdue")), rows), Chart(title, says, bars, WAITS))


def _late(count: int, overdue: int) -> Value:
    return _("{number} ({late} late)", number=count, late=overdue) if overdue else count


# --- ratings ----------------------------------------------------------------------------------------------------------


def ratings_lead(providers: tuple[RatedProvider, ...]) -> tuple[Words, ...]:
    """The sentences above the picture."""
    rated = [each for each in providers if each.count]
    return (
        _(
            "{rated} of {all} providers have a rating, from {count} families' answers.",
            rated=len(rated),
            all=len(providers),
            count=sum(each.count for each in rated),
        ),
        *([_("The picture shows the first {count}, the table all of them.", count=BEST)] if len(rated) > BEST else []),
    )


def ratings_sections(providers: tuple[RatedProvider, ...], several: bool) -> tuple[Section, ...]:
    """The best first."""
    title = _("Providers by rating")
    heading: tuple[Words, ...] = (
        _("Provider"),
        _("Rating"),
        _("Ratings"),
        *(n_("{count} star", "{count} stars", each) for each in STARS),
    )
    rows: list[tuple[Cell, ...]] = [
        (each.name, round(each.score, 2) if each.score else None, each.count, *each.stars) for each in providers
    ]
    if several:
        heading = (*heading, _("Municipality"))
        rows = [(*row, each.place) for row, each in zip(rows, providers, strict=True)]
    rated = [each for each in providers if each.score][:BEST]
    bars = tuple(
        Bar(
            each.name,
            (each.score or 0,),
            _("{stars} ({count})", stars=round(each.score or 0, 1), count=each.count),
        )
        for each in rated
    )
    says = joined(" ", (_("The mean of each provider's ratings, out of 5, and how many there are."), SAME))
    return (Section(Table(title, heading, tuple(rows)), Chart(title, says, bars, whole=max(STARS)) if bars else None),)


# --- what is left undone ----------------------------------------------------------------------------------------------


def undone_lead(lines: tuple[Undone, ...]) -> tuple[Words, ...]:
    """The sentence above the picture."""
    total = sum(sum(_counts(each)) for each in lines)
    return (
        n_("{count} thing is left undone.", "{count} things are left undone.", total)
        if total
        else _("Nothing is left undone."),
    )


def undone_sections(lines: tuple[Undone, ...]) -> tuple[Section, ...]:
    """Of one municipality a bar a list, of several a bar each."""
    title = _("What is left undone")
    table = Table(title, (_("Municipality"), *UNDONE), tuple((each.place.name, *_counts(each)) for each in lines))
    says = joined(" ", (_("How many there are in each list."), SAME))
    if len(lines) == 1:
        counts = zip(UNDONE, _counts(lines[0]), strict=True)
        bars = tuple(Bar(name, (count,), count) for name, count in counts)
        return (Section(table, Chart(title, says, bars)),)
    bars = tuple(Bar(each.place.name, _counts(each), sum(_counts(each))) for each in lines)
    return (Section(table, Chart(title, says, bars, UNDONE)),)


def _counts(each: Undone) -> tuple[int, ...]:
    return each.applications, each.unvisited, each.requests, each.disputes, each.programs


def undone_lists(
    applications: tuple[CertificateSeen, ...], requests: tuple[RequestLine, ...], programs: tuple[ProgramWork, ...]
) -> tuple[Section, ...]:
    """The lists themselves, for the municipality's own operator."""
    late = tuple(each for each in applications if each.overdue)
    unvisited = tuple(each for each in applications if each.state is CertificateState.AWAITING_VISIT)
    yes = _("yes")
    return (
        Section(
            Table(
                UNDONE[0],
                (_("No."), _("Child"), _("Born"), _("To be decided by")),
                tuple((str(each.certificate), each.name, each.birth_date, each.decide_by) for each in late),
            )
        ),
        Section(
            Table(
                UNDONE[1],
                (_("No."), _("Child"), _("Born"), _("To be shown by")),
                tuple((str(each.certificate), each.name, each.birth_date, each.visit_by) for each in unvisited),
            )
        ),
        Section(
            Table(
                _("Overdue requests and disputes"),
                (
                    _("No."),
                    _("Certificate"),
                    _("Child"),
                    _("Program"),
                    _("Group"),
                    _("State"),
                    _("Until"),
                    _("Dispute"),
                ),
                tuple(
                    (
                        str(each.id),
                        each.number,
                        each.child_name,
                        each.program,
                        each.group,
                        STATES[each.state],
                        each.until,
                        yes if each.disputed else "",
                    )
                    for each in requests
                ),
            )
        ),
        Section(
            Table(
                UNDONE[4],
                (_("No."), _("Program"), _("Provider"), _("Price"), _("Timetable")),
                tuple(
                    (
                        str(each.id),
                        each.name,
                        each.provider,
                        "" if each.has_price else NONE,
                        "" if each.has_timetable else NONE,
                    )
                    for each in programs
                ),
            )
        ),
    )


NONE = _("none")
