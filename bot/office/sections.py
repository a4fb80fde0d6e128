"""The menu: an operator's pages in sections, each with its tabs; for everybody else the pages that name themselves."""

from collections.abc import Iterable

from bot.domain.staff import StaffRole
from bot.i18n import _
from bot.office.page import Page, Section

OPERATORS = (
    Section(_("Today"), (("/", _("Today")),)),
    Section(
        _("Applications"),
        (
            ("/applications", _("To decide")),
            ("/applications/visits", _("Visits")),
            ("/applications/unvisited", _("Not come in time")),
        ),
    ),
    Section(
        _("Certificates"),
        (
            ("/certificates", _("Find")),
            ("/certificates/queue", _("Queue for money")),
            ("/certificates/attacked", _("Attacked numbers")),
        ),
    ),
    Section(
        _("Learning"),
        (
            ("/enrollments/waiting-for-us", _("What waits for us")),
            ("/enrollments", _("Find")),
            ("/enrollments/waiting", _("Waiting lists")),
            ("/enrollments/renewals", _("Next period")),
        ),
    ),
    Section(_("Money"), (("/money", _("Periods")), ("/money/categories", _("Categories")), ("/bills", _("Bills")))),
    Section(
        _("Providers"),
        (
            ("/providers", _("Agreements")),
            ("/proposals", _("Proposed programs")),
            ("/comments", _("Comments")),
        ),
    ),
    Section(
        _("Municipality"),
        (
            ("/place/texts", _("Texts")),
            ("/imports", _("Imports")),
            ("/announcements", _("Announcements")),
            ("/events", _("Events")),
            ("/place/districts", _("Districts")),
            ("/place/days", _("Working days")),
            ("/place/policy", _("Policy")),
        ),
    ),
)


def menu_of(role: StaffRole, pages: Iterable[Page]) -> tuple[Section, ...]:
    """What this member of the staff finds at the top of every page."""
    sections = OPERATORS if role is StaffRole.OPERATOR else ()
    inside = {path for section in sections for path, _words in section.tabs}
    alone = [each for each in pages if each.menu is not None and role in each.who and each.path not in inside]
    return (*sections, *(Section(each.menu, ((each.path, each.menu),)) for each in alone if each.menu is not None))
