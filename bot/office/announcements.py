"""The municipality writes to a chosen audience: written, counted and seen as it will be read, sent; stopped while it goes out."""

from starlette.responses import Response

from bot.dialogs.catalogue_words import DIRECTIONS
from bot.dialogs.certificate_words import KINDS
from bot.domain.announcement import (
    AGES,
    LONGEST,
    Announce,
    AnnouncementMade,
    AnnouncementState,
    AnnouncementStopped,
    Audience,
    CountAudience,
    ListAnnouncements,
    NobodyToTell,
    NotGoing,
    OneAnnouncement,
    StopAnnouncement,
    WrongAnnouncement,
)
from bot.domain.catalogue import Direction
from bot.domain.certificate import CertificateKind
from bot.domain.messages import Fact
from bot.domain.municipality import DistrictsOf
from bot.i18n import Words, _, joined, n_
from bot.office.page import OPERATOR, Visit, form, page
from bot.office.paging import part

STATES = {
    AnnouncementState.GOING: _("goes out"),
    AnnouncementState.STOPPED: _("stopped"),
    AnnouncementState.DONE: _("everybody is told"),
}
WRONG = {
    "words": _("The message needs words, {most} characters at most.", most=LONGEST),
    "words_en": _("The English words may have {most} characters at most.", most=LONGEST),
    "district": _("There is no such district here."),
    "ages": _("The ages make no sense: the lower one comes first."),
}


async def announcements(visit: Visit) -> Response:
    """The latest first."""
    found = await part(visit, "/announcements", ListAnnouncements)
    return visit.page("announcements.html", _("Announcements"), found=found, states=STATES, whom=whom)


async def new(visit: Visit) -> Response:
    """What to write, and to whom."""
    return await _written(visit, "announcement_new.html", _("A new announcement"))


async def weigh(visit: Visit) -> Response:
    """As it will be read, and by how many; nothing is sent yet."""
    audience = _audience(visit)
    _words(visit)
    if visit.entry.wrong:
        return await new(visit)
    count = await visit.read(CountAudience(audience))
    if not count:
        visit.trouble = told(NobodyToTell())
        return await new(visit)
    named = await _place_name(visit, audience.district)
    known = {"count": count, "audience": audience, "whom": whom(audience, named)}
    return await _written(visit, "announcement_seen.html", _("Before it is sent"), **known)


async def send(visit: Visit) -> Response:
    """From the next minute on."""
    words, english = _words(visit)
    return await visit.does(
        Announce(visit.me.municipality, words, english, _audience(visit)), told, "/announcements", new
    )


async def one(visit: Visit) -> Response:
    """How far it is."""
    it = visit.found(await visit.read(OneAnnouncement(visit.id("announcement"))))
    return visit.page("announcement.html", _("Announcement"), it=it, states=STATES, whom=whom(it.audience, it.district))


async def stop(visit: Visit) -> Response:
    """Whoever has not been told is not told any more."""
    number = visit.id("announcement")
    return await visit.does(StopAnnouncement(number), told, f"/announcements/{number}", one)


async def _written(visit: Visit, template: str, title: Words, **known: object) -> Response:
    places = await visit.read(DistrictsOf(visit.me.municipality))
    anybody: list[tuple[str | int, Words]] = [("", _("it does not matter"))]
    choices = {
        "districts": [*anybody, *((place.id, place.name) for place in places)],
        "directions": [*anybody, *DIRECTIONS.items()],
        "kinds": [*anybody, *KINDS.items()],
        "most": LONGEST,
    }
    return visit.page(template, title, **choices, **known)


async def _place_name(visit: Visit, district: int) -> str:
    return next((each.name for each in await visit.read(DistrictsOf(visit.me.municipality)) if each.id == district), "")


def _words(visit: Visit) -> tuple[str, str]:
    return visit.entry.text("words", most=LONGEST, least=1), visit.entry.text("words_en", most=LONGEST)


def _audience(visit: Visit) -> Audience:
    entry = visit.entry
    return Audience(
        entry.number_or_none("district", most=2**62) or 0,
        entry.choice("direction", Direction) if entry.raw("direction") else None,
        entry.choice("kind", CertificateKind) if entry.raw("kind") else None,
        entry.number_or_none("age_min", AGES[0], AGES[-1]),
        entry.number_or_none("age_max", AGES[0], AGES[-1]),
    )


def whom(audience: Audience, district: str) -> Words:
    """An audience in words."""
    if audience.all:
        return _("everybody in the municipality")
    youngest, oldest = audience.age_min, audience.age_max
    parts: tuple[Words | None, ...] = (
        _("district: {name}", name=district) if audience.district else None,
        _("learns: {direction}", direction=DIRECTIONS[audience.direction]) if audience.direction else None,
        _("certificate: {kind}", kind=KINDS[audience.kind]) if audience.kind else None,
        _("from {age} years on", age=youngest) if youngest is not None else None,
        _("up to {age} years", age=oldest) if oldest is not None else None,
    )
    return _("families with a child: {what}", what=joined(", ", [part for part in parts if part is not None]))


def told(fact: Fact) -> Words:
    """What came of it."""
    match fact:
        case AnnouncementMade(people=people):
            return n_("It goes out to {count} person.", "It goes out to {count} people.", people)
        case AnnouncementStopped():
            return _("Stopped: whoever has not read it yet will not get it.")
        case WrongAnnouncement(what):
            return WRONG[what]
        case NobodyToTell():
            return _("Nobody would get it: choose others.")
        case NotGoing(state):
            return _("Not possible now. Its state: {state}.", state=STATES[state])
    return _("This is not available.")


PAGES = (
    page("/announcements", announcements, OPERATOR),
    page("/announcements/new", new, OPERATOR),
    form("/announcements/weigh", weigh, OPERATOR),
    form("/announcements/change", new, OPERATOR),
    form("/announcements", send, OPERATOR),
    page("/announcements/{announcement:int}", one, OPERATOR),
    form("/announcements/{announcement:int}/stop", stop, OPERATOR),
)
