"""Certificates: found by number, name or birth date; one certificate with its money, its learning, its guardians and all that may be done to it."""

from dataclasses import replace
from typing import Any

from starlette.responses import Response

from bot.dialogs.certificate_words import KINDS, REJECTIONS, REVOCATIONS, STATES
from bot.dialogs.chats import CHANNELS
from bot.domain.certificate import CertificateKind, CertificateState, ConvertCertificate, Revocation
from bot.domain.certificate_staff import (
    ChangeGroup,
    FindCertificates,
    Freeze,
    IssueLinkingCode,
    ListAttackedNumbers,
    ListCategories,
    ListQueue,
    OneApplication,
    Revoke,
    Unfreeze,
)
from bot.domain.family import CutGuardian, ReadFamily
from bot.domain.linking import IssueRestoreCode
from bot.domain.movements import Balance
from bot.domain.story import EnrollmentsOf
from bot.i18n import _
from bot.office import family_words
from bot.office.certificate_words import told
from bot.office.enrollment_words import STATES as LEARNING
from bot.office.page import OPERATOR, Visit, form, page
from bot.office.paging import part

FOUND_STATES = (CertificateState.ACTIVE, CertificateState.FROZEN, CertificateState.REVOKED, CertificateState.CLOSED_AGE)


async def find(visit: Visit) -> Response:
    """`?words=` a number or a name, `?born=`, `?state=`, `?kind=`."""
    states = {each.value: each for each in CertificateState}
    kinds = {each.value: each for each in CertificateKind}
    asked = FindCertificates(
        visit.asked("words").strip(),
        visit.asked_day("born"),
        states.get(visit.asked("state")),
        kinds.get(visit.asked("kind")),
    )
    found = await part(visit, "/certificates", lambda skip, most: replace(asked, skip=skip, most=most))
    known = {"asked": asked, "states": STATES, "kinds": KINDS, "choices": FOUND_STATES, "found": found}
    return visit.page("certificates.html", _("Certificates"), **known)


async def queue(visit: Visit) -> Response:
    """Who waits for a certificate with money, in order."""
    place = visit.me.municipality
    found = await part(visit, "/certificates/queue", lambda skip, most: ListQueue(place, skip, most))
    return visit.page("queue.html", _("Queue for certificates with money"), found=found)


async def attacked(visit: Visit) -> Response:
    """Numbers that somebody tries to guess a way into."""
    found = await visit.read(ListAttackedNumbers(visit.me.municipality))
    return visit.page("attacked.html", _("Attacked numbers"), numbers=found)


async def one(visit: Visit) -> Response:
    """All of it on one page."""
    work = visit.found(await visit.read(OneApplication(visit.id("certificate"))))
    seen = work.application.seen
    known: dict[str, Any] = {
        "it": work.application,
        "seen": seen,
        "states": STATES,
        "kinds": KINDS,
        "reasons": {**REJECTIONS, **REVOCATIONS},
        "revocations": [(each.value, words) for each, words in REVOCATIONS.items()],
        "categories": [(each.id, each.name) for each in await visit.read(ListCategories(visit.me.municipality))],
        "balance": await visit.read(Balance(seen.child)),
        "family": await visit.read(ReadFamily(seen.child)),
        "learned": await visit.read(EnrollmentsOf(seen.child)),
        "short": LEARNING,
        "rights": family_words.RIGHTS,
        "channels": CHANNELS,
    }
    return visit.page(
        "certificate.html", _("Certificate {number}: {name}", number=seen.number or "—", name=seen.name), **known
    )


async def convert(visit: Visit) -> Response:
    """To one that carries money (or into the queue), or back."""
    to = visit.entry.choice("to", CertificateKind)
    return await visit.does(ConvertCertificate(visit.id("certificate"), to), told, _of(visit), one)


async def change_group(visit: Visit) -> Response:
    """To another category."""
    command = ChangeGroup(visit.id("certificate"), visit.entry.number("group", most=2**62))
    return await visit.does(command, told, _of(visit), one)


async def freeze(visit: Visit) -> Response:
    """R2.12."""
    return await visit.does(Freeze(visit.id("certificate")), told, _of(visit), one)


async def unfreeze(visit: Visit) -> Response:
    """R2.12."""
    return await visit.does(Unfreeze(visit.id("certificate")), told, _of(visit), one)


async def revoke(visit: Visit) -> Response:
    """With a reason, and words for the parent."""
    reason, words = visit.entry.choice("reason", Revocation), visit.entry.text("words", most=500)
    return await visit.does(Revoke(visit.id("certificate"), reason, words), told, _of(visit), one)


async def code(visit: Visit) -> Response:
    """A one-time code to link the certificate, for whoever has shown a document."""
    work = visit.found(await visit.read(OneApplication(visit.id("certificate"))))
    return await visit.does(IssueLinkingCode(work.application.seen.number), told, _of(visit), one)


async def cut(visit: Visit) -> Response:
    """A guardian shall not see the child any more."""
    work = visit.found(await visit.read(OneApplication(visit.id("certificate"))))
    command = CutGuardian(work.application.seen.child, visit.id("person"))
    return await visit.does(command, family_words.told, _of(visit), one)


async def restore(visit: Visit) -> Response:
    """A code for a guardian whose last chat is lost."""
    visit.found(await visit.read(OneApplication(visit.id("certificate"))))
    return await visit.does(IssueRestoreCode(visit.id("person")), family_words.told, _of(visit), one)


def _of(visit: Visit) -> str:
    return f"/certificates/{visit.id('certificate')}"


PAGES = (
    page("/certificates", find, OPERATOR),
    page("/certificates/queue", queue, OPERATOR),
    page("/certificates/attacked", attacked, OPERATOR),
    page("/certificates/{certificate:int}", one, OPERATOR),
    form("/certificates/{certificate:int}/convert", convert, OPERATOR),
    form("/certificates/{certificate:int}/category", change_group, OPERATOR),
    form("/certificates/{certificate:int}/freeze", freeze, OPERATOR),
    form("/certificates/{certificate:int}/unfreeze", unfreeze, OPERATOR),
    form("/certificates/{certificate:int}/revoke", revoke, OPERATOR),
    form("/certificates/{certificate:int}/code", code, OPERATOR),
    form("/certificates/{certificate:int}/guardians/{person:int}/cut", cut, OPERATOR),
    form("/certificates/{certificate:int}/guardians/{person:int}/code", restore, OPERATOR),
)
