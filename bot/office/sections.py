"""The menu: pages in sections, each with its tabs; a page that names itself and is in none of them comes after them."""

from collections.abc import Iterable

from bot.domain.staff import StaffRole
from bot.i18n import _
from bot.office.page import Page, Section

OPERATORS = (
    Section(_("Today"), (("/", _("Today")),), ("/trail",)),
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
        ("/children",),
    ),
    Section(
        _("Learning"),
        (
            ("/enrollments/waiting-for-us", _("What waits for us")),
            ("/enrollments", _("Find")),
            ("/enrollments/waiting", _("Waiting lists")),
            ("/enrollments/renewals", _("Next period")),
        ),
        ("/groups",),
    ),
    Section(
        _("Money"),
        (("/money", _("Periods")), ("/money/categories", _("Categories")), ("/bills", _("Bills"))),
        ("/advances",),
    ),
    Section(
        _("Providers"),
        (
            ("/providers", _("Agreements")),
            ("/proposals", _("Proposed programs")),
            ("/comments", _("Comments")),
        ),
        ("/programs", "/modules"),
    ),
    Section(
        _("Municipality"),
        (
            ("/place/texts", _("Texts")),
            ("/announcements", _("Announcements")),
            ("/events", _("Events")),
            ("/place/districts", _("Districts")),
            ("/place/days", _("Working days")),
            ("/place/policy", _("Policy")),
        ),
    ),
    Section(
        _("Reports and imports"),
        (
            ("/reports", _("Reports")),
            ("/reports/population", _("Children who live here")),
            ("/imports", _("Imports")),
        ),
    ),
)


PROVIDERS = (
    Section(_("Today"), (("/", _("Today")),), ("/trail",)),
    Section(_("Requests"), (("/requests", _("Requests")), ("/claim", _("In person"))), ("/card",)),
    Section(_("Learning"), (("/enrollments", _("Find")), ("/waiting", _("Waiting lists")))),
    Section(_("Programs"), (("/programs", _("Programs")),), ("/modules", "/groups")),
    Section(_("Events"), (("/events", _("Events")),)),
    Section(_("Bills"), (("/bills", _("Bills")),), ("/advances",)),
    Section(_("Ratings"), (("/ratings", _("Ratings")),)),
)
ADMINISTRATORS = (
    Section(_("Today"), (("/", _("Today")),), ("/trail",)),
    Section(_("Municipalities"), (("/region", _("Municipalities")),)),
    Section(_("Staff"), (("/staff", _("Staff")),)),
    Section(_("Working days"), (("/place/days", _("Working days")),)),
)
SECTIONS = {StaffRole.OPERATOR: OPERATORS, StaffRole.PROVIDER: PROVIDERS, StaffRole.ADMINISTRATOR: ADMINISTRATORS}


def menu_of(role: StaffRole, pages: Iterable[Page]) -> tuple[Section, ...]:
    """What this member of the staff finds at the top of every page."""
    sections = SECTIONS[role]
    inside = {path for section in sections for path, _words in section.tabs}
    alone = [each for each in pages if each.menu is not None and role in each.who and each.path not in inside]
    return (*sections, *(Section(each.menu, ((each.path, each.menu),)) for each in alone if each.menu is not None))
