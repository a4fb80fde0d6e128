"""The menu: for each role its pages in sections, each with its tabs."""

from collections.abc import Mapping

from bot.domain.staff import StaffRole
from bot.i18n import _
from bot.office.page import Section

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
    Section(_("Reports"), (("/reports", _("Reports")),)),
)
SECTIONS: Mapping[StaffRole, tuple[Section, ...]] = {
    StaffRole.OPERATOR: OPERATORS,
    StaffRole.PROVIDER: PROVIDERS,
    StaffRole.ADMINISTRATOR: ADMINISTRATORS,
}
"""What this member of the staff finds at the top of every page."""
