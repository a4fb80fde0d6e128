"""Every field of a policy in a clerk's words, grouped as it is shown; what its values are called."""

from collections.abc import Mapping

from bot.i18n import Words, _

GROUPS: tuple[tuple[Words, Mapping[str, Words]], ...] = (
    (
        _("Who may take part"),
        {
            "child_requests_need_guardian": _("A request by a child from 14 on waits for a parent's yes"),
            "min_age": _("The youngest age of a certificate, full years"),
            "max_age": _("The birthday on which a certificate ends"),
        },
    ),
    (
        _("Applications and certificates"),
        {
            "conversion": _("How a certificate gets money"),
            "identity_check": _("How the originals are seen"),
            "visit_days": _("Days to come with the originals"),
            "snils": _("Whether an application asks for the SNILS"),
            "decision_working_days": _("Working days to decide an application"),
            "unused_days": _("Days without use before a certificate loses its money; 0: never"),
            "unused_warning_days": _("Days between the warning and that loss"),
            "blackout": _("Days on which applications are taken, but not decided"),
        },
    ),
    (
        _("Money"),
        {
            "unit": _("What a nominal counts"),
            "next_period_opens_days": _("Days before the next period at which it is opened and granted"),
            "prorate_grant": _("A certificate issued inside a period gets only the days that are left"),
            "expiry_warning_days": _("Days before money burns on which families are warned, the earliest first"),
            "allow_full_parent_pay": _("A program may be requested with an empty balance, the family pays it all"),
            "parent_pay_day": _("The day of the next month by which a family pays its part"),
            "advance_limit_percent": _("The most of a bill that may be paid in advance, per cent"),
        },
    ),
    (
        _("Enrolment"),
        {
            "request_days": _("Days for a provider to answer a request"),
            "claim_days": _("Days for a family to answer an enrolment entered by a provider"),
            "acceptance_days": _("Days for a family to accept an offer"),
            "backdating_days": _("How many days ago an enrolment may start"),
            "age_on": _("The day on which the child's age must fit"),
            "accounting_limit": _("Clubs at a time on a certificate without money; empty: no limit"),
            "offer_hours": _("Hours that a family has to take a free place"),
            "renewal_offer_working_days": _("Working days before a period's end to ask whether a child goes on"),
            "renewal_deadline_days": _("Days before the period's last day up to which its seat is kept"),
            "moving_away": _("When a child has moved away, what it learns now"),
            "on_18": _("When a child has turned 18, what it learns now"),
        },
    ),
    (
        _("A family's week"),
        {
            "travel_minutes": _("Minutes from a lesson in one district to one in another"),
            "walk_minutes": _("Minutes from one address to another of the same district"),
            "alone_from_age": _("From this age a child goes to lessons alone"),
        },
    ),
    (
        _("Ratings"),
        {
            "rating_edit_days": _("Days in which a rating may be changed"),
            "rating_shown_from": _("How many ratings make a score that is shown"),
        },
    ),
    (
        _("Reports"),
        {"coverage_goal_percent": _("Of the children who live here so many are to have a certificate, per cent")},
    ),
    (
        _("Messages and personal data"),
        {
            "quiet_from": _("From this time messages wait"),
            "quiet_until": _("From this time messages go again; equal to the other: never quiet"),
            "retention_days": _("Days that sent words are kept"),
            "conversation_days": _("Days before a conversation that nobody goes on with is forgotten"),
        },
    ),
)
FIELDS: Mapping[str, Words] = {name: words for _title, named in GROUPS for name, words in named.items()}
CHOICES: Mapping[str, Mapping[str, Words]] = {
    "conversion": {
        "on_request": _("by a button of the parent or the operator"),
        "automatic": _("by itself, with the first request"),
    },
    "identity_check": {"visit": _("at a visit"), "none": _("not at all")},
    "snils": {"optional": _("it may be left out"), "required": _("it is required"), "absent": _("it is not asked for")},
    "unit": {"money": _("roubles")},
    "age_on": {
        "start": _("the first day of learning"),
        "request": _("the day of the request"),
        "september": _("1 September"),
    },
    "moving_away": {"month_end": _("ends at the end of the month"), "finish": _("goes on to its end")},
    "on_18": {"finish": _("goes on to its end"), "month_end": _("ends at the end of the month")},
}
YES_NO: Mapping[str, Words] = {"true": _("yes"), "false": _("no")}


def written(name: str, value: object) -> Words:
    """A value as it is read: a field's JSON in words."""
    match value:
        case bool():
            return YES_NO[str(value).lower()]
        case None:
            return _("none")
        case {"start": str(start), "stop": str(stop)}:
            return f"{start} – {stop}"
        case list():
            return ", ".join(map(str, value))
        case str() if name in CHOICES:
            return CHOICES[name][value]
        case str():
            return value[:5]
    return str(value)
