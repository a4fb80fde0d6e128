"""Notices of certificates: each renders in both languages, with a door to its cause and no number of the certificate."""

import re
from datetime import date

import pytest

from bot.dialogs.core import Button
from bot.dialogs.doors import open_door
from bot.domain import certificate as c
from bot.domain.application import ApplicationHeld, ApplicationSubmitted
from bot.domain.messages import AboutChild
from bot.i18n import render
from bot.notifications.notice import About, Topic
from bot.notifications.notices.certificate import NOTICES

DAY = date(2026, 12, 25)
FACTS: tuple[AboutChild, ...] = (
    ApplicationSubmitted(3, 4, DAY),
    ApplicationHeld(3, 4, DAY),
    c.ApplicationAccepted(3, 4, DAY),
    *(c.ApplicationRejected(3, 4, reason) for reason in c.Rejection),
    c.CertificateIssued(3, 4),
    c.BecameFunded(3, 4),
    c.BecameAccounting(3, 4, unused=True),
    c.BecameAccounting(3, 4, unused=False),
    c.QueuedForFunded(3, 4, 7),
    c.QueueMoved(3, 4, 6),
    c.GroupChanged(3, 4),
    c.CertificateFrozen(3, 4),
    c.CertificateUnfrozen(3, 4),
    *(c.CertificateRevoked(3, 4, reason) for reason in c.Revocation),
    c.CertificateClosed(3, 4),
    c.UnusedSoon(3, 4, DAY),
    c.CertificateLinked(3, 4),
    c.GuardianAdded(3, 4),
)


def test_every_notice_is_tried_here():
    assert {type(fact) for fact in FACTS} == set(NOTICES)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: type(fact).__name__)
def test_a_notice_names_the_child_and_opens_its_cause(fact: AboutChild):
    screen = NOTICES[type(fact)].says(fact, About(child="Анна"))
    buttons = [each for row in screen.buttons for each in (row if isinstance(row, tuple) else (row,))]
    for language in ("ru", "en"):
        words = render(screen.text, language)
        assert "Анна" in words
        assert len(words) < 1_000
    assert not re.search(
        r"[A-Za-z]{3}", " ".join([render(screen.text, "ru"), *(render(b.label, "ru") for b in buttons)])
    )
    assert all(isinstance(button, Button) and open_door(button.choice.removeprefix(">")) for button in buttons)


def test_a_held_application_is_told_like_any_other():
    sent, held = ApplicationSubmitted(3, 4, DAY), ApplicationHeld(3, 4, DAY)
    about = About(child="Анна")
    assert NOTICES[ApplicationSubmitted].says(sent, about) == NOTICES[ApplicationHeld].says(held, about)


def test_what_the_operator_adds_to_a_reason_reaches_the_parent_with_it():
    for fact in (
        c.ApplicationRejected(3, 4, c.Rejection.WRONG_DATA),
        c.CertificateRevoked(3, 4, c.Revocation.OTHER),
    ):
        screen = NOTICES[type(fact)].says(fact, About(child="Анна", words="Нужен адрес по прописке."))
        assert "Нужен адрес по прописке." in render(screen.text, "ru")


def test_who_may_see_a_child_is_told_always():
    assert {NOTICES[c.CertificateLinked].topic, NOTICES[c.GuardianAdded].topic} == {Topic.ALWAYS}
