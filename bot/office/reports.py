"""Reports (R10): an overview, a page a report with its pictures and tables, each as a workbook too.

An operator sees the own municipality; the region's administrator all of them side by side, or one of them.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response

from bot.domain.calendar import Span
from bot.domain.certificate_staff import ListApplications
from bot.domain.enrollment_seen import ListRequests
from bot.domain.provider import ListPrograms
from bot.domain.report import (
    Coverage,
    MoneyByMonth,
    ProvidersByRating,
    ReadScope,
    RequestsByState,
    Scope,
    WhatIsUndone,
)
from bot.i18n import Words, _
from bot.office.charts import svg
from bot.office.export import written, xlsx
from bot.office.page import ADMINISTRATOR, OPERATOR, NotFound, Page, Visit, page, workbook
from bot.office.report_lists import (
    ratings_lead,
    ratings_sections,
    requests_lead,
    requests_sections,
    undone_lead,
    undone_lists,
    undone_sections,
)
from bot.office.report_sections import Section, coverage_lead, coverage_sections, money_lead, money_sections

Told = tuple[tuple[Words, ...], tuple[Section, ...]]
"""The sentences on top, and what stands below them."""


@dataclass(frozen=True)
class Asked:
    """What the report is about: as the address says it, checked against what may be asked."""

    scope: Scope
    span: Span
    municipality: int

    @property
    def several(self) -> bool:
        """Municipalities stand side by side."""
        return not self.municipality and len(self.scope.places) > 1

    @property
    def periods(self) -> list[tuple[str, str]]:
        """Choices of a period: its first day, its name."""
        return [(each.span.start.isoformat(), each.name) for each in self.scope.spans]

    @property
    def address(self) -> str:
        """The parameters of an address that asks the same."""
        return urlencode({"period": self.span.start.isoformat(), "municipality": self.municipality})


async def _asked(visit: Visit) -> Asked:
    scope = await visit.read(ReadScope())
    municipality = visit.asked_number("municipality")
    if municipality and municipality not in {place.id for place in scope.places}:
        raise NotFound
    spans = {each.span.start.isoformat(): each.span for each in scope.spans}
    return Asked(scope, spans.get(visit.asked("period"), scope.now), municipality)


# --- what each report tells -------------------------------------------------------------------------------------------


async def _coverage(visit: Visit, asked: Asked) -> Told:
    seen = await visit.read(Coverage(asked.span, asked.municipality))
    return coverage_lead(seen), coverage_sections(seen)


async def _money(visit: Visit, asked: Asked) -> Told:
    seen = await visit.read(MoneyByMonth(asked.span, asked.municipality))
    return money_lead(seen), money_sections(seen)


async def _requests(visit: Visit, asked: Asked) -> Told:
    seen = await visit.read(RequestsByState(asked.span, asked.municipality))
    return requests_lead(seen), requests_sections(seen)


async def _ratings(visit: Visit, asked: Asked) -> Told:
    providers = await visit.read(ProvidersByRating(asked.municipality))
    return ratings_lead(providers), ratings_sections(providers, asked.several)


async def _undone(visit: Visit, asked: Asked) -> Told:
    lines = await visit.read(WhatIsUndone(asked.municipality))
    return undone_lead(lines), undone_sections(lines)


async def _lists(visit: Visit) -> tuple[Section, ...]:
    """They name children: they are the municipality's own."""
    place = visit.me.municipality
    if not place:
        return ()
    return undone_lists(
        await visit.read(ListApplications(place)),
        await visit.read(ListRequests(overdue=True)),
        await visit.read(ListPrograms(place, lacking=True)),
    )


@dataclass(frozen=True)
class Report:
    """A report: the end of its address, its name, what it tells; `timely`: it is about a period; `lists`: what its own page has besides."""

    key: str
    title: Words
    tells: Callable[[Visit, Asked], Awaitable[Told]]
    timely: bool = True
    lists: Callable[[Visit], Awaitable[tuple[Section, ...]]] | None = None

    async def whole(self, visit: Visit, asked: Asked) -> Told:
        """With its lists."""
        lead, sections = await self.tells(visit, asked)
        return lead, (*sections, *(await self.lists(visit) if self.lists is not None else ()))


REPORTS = (
    Report("coverage", _("Coverage"), _coverage),
    Report("money", _("Money by month"), _money),
    Report("requests", _("Requests and waiting"), _requests),
    Report("ratings", _("Ratings"), _ratings, timely=False),
    Report("undone", _("Left undone"), _undone, timely=False, lists=_lists),
)


# --- pages ------------------------------------------------------------------------------------------------------------


async def overview(visit: Visit) -> Response:
    """The sentence of each report."""
    asked = await _asked(visit)
    told = [(report, (await report.tells(visit, asked))[0]) for report in REPORTS]
    return visit.page("reports.html", _("Reports"), asked=asked, told=told)


def _shows(report: Report) -> Callable[[Visit], Awaitable[Response]]:
    async def show(visit: Visit) -> Response:
        asked = await _asked(visit)
        lead, sections = await report.whole(visit, asked)
        pictures = [
            svg(section.chart, f"picture-{number}", visit.language) if section.chart else ""
            for number, section in enumerate(sections)
        ]
        return visit.page(
            "report.html",
            report.title,
            asked=asked,
            report=report,
            lead=lead,
            sections=list(zip(sections, pictures, strict=True)),
            written=lambda cell: written(cell, visit.language),
        )

    return show


def _exports(report: Report) -> Callable[[Visit], Awaitable[Response]]:
    async def export(visit: Visit) -> Response:
        asked = await _asked(visit)
        _lead, sections = await report.whole(visit, asked)
        content = xlsx([section.table for section in sections], visit.language)
        return workbook(content, f"{report.key}-{asked.span.start}")

    return export


PAGES: tuple[Page, ...] = (
    page("/reports", overview, OPERATOR, ADMINISTRATOR),
    *(page(f"/reports/{each.key}", _shows(each), OPERATOR, ADMINISTRATOR) for each in REPORTS),
    *(page(f"/reports/{each.key}.xlsx", _exports(each), OPERATOR, ADMINISTRATOR) for each in REPORTS),
)
