"""What a family is told about an enrollment: which child, which club, what happened, and a door to where it is decided."""

from datetime import date

import pytest

from bot.dialogs.doors import open_door
from bot.dialogs.enrollment import ReadEnrollment
from bot.domain import enrollment_facts as facts
from bot.domain.calendar import Month
from bot.domain.enrollment import Reason
from bot.domain.messages import Fact
from bot.domain.money import ZERO, Money
from bot.i18n import LANGUAGES, render
from bot.notifications.notice import About
from bot.notifications.notices.enrollment import NOTICES

ABOUT = About(child="Anna", program="Robots", provider="House of Arts", address="Lenin street, 1")
DAY = date(2026, 9, 8)
TOLD: tuple[tuple[Fact, str], ...] = (
    (facts.Requested(1, 5, Money(100), Money(200), DAY), "₽1 is set aside; ₽2 is left"),
    (facts.Requested(1, 5, ZERO, ZERO, DAY, needs_yes=True), "The child asks to enrol. Please say yes or no"),
    (facts.RequestApproved(1, 5, DAY), "A parent said yes"),
    (facts.RequestWithdrawn(1, 5, "guardian", "", ZERO, ZERO), "The family gave the place back"),
    (facts.RequestWithdrawn(1, 5, "provider", "no teacher", ZERO, ZERO), "Reason: no teacher."),
    (facts.RequestWithdrawn(1, 5, "municipality", "x", ZERO, ZERO), "The municipality gave the place up"),
    (facts.RequestWithdrawn(1, 5, "system", Reason.NO_YES, ZERO, ZERO), "no parent said yes in time"),
    (facts.RequestRefused(1, 5, "full"), "The request was refused.\nReason: full."),
    (facts.OfferMade(1, 5, DAY), "The club takes the child! Accept the offer by September 8, 2026"),
    (facts.OfferRevoked(1, 5, "no teacher"), "The provider took its offer back"),
    (facts.Concluded(1, 5, DAY), "The first day: September 8, 2026. Address: Lenin street, 1"),
    (facts.Concluded(1, 5, DAY, on_paper=True), "signed on paper"),
    (facts.NoticeGiven(1, 5, "guardian", "", DAY, ZERO, ZERO), "The last day is September 8, 2026"),
    (facts.NoticeGiven(1, 5, "provider", "x", DAY, ZERO, ZERO), "The provider ends the lessons"),
    (facts.NoticeGiven(1, 5, "municipality", Reason.AGREEMENT_ENDED, DAY, ZERO, ZERO), "agreement with this provider"),
    (facts.NoticeGiven(1, 5, "system", Reason.EIGHTEEN, DAY, ZERO, ZERO), "turned 18"),
    (facts.EnrollmentEnded(1, 5), "Yesterday was the last day"),
    (facts.ProgramEnded(1, 5), "The program is over"),
    (facts.GroupSwitched(1, 5, 6), "in another group now"),
    (facts.Claimed(1, 5, Money(100), Money(200), DAY), "House of Arts says that you enrolled there in person"),
    (facts.Claimed(1, 5, Money(100), Money(200), DAY, Money(668_373)), "The family pays the provider ₽6,683.73 itself"),
    (facts.ClaimConfirmed(1, 5, DAY), "is confirmed"),
    (facts.ClaimDenied(1, 5, ZERO, ZERO), "this was not you"),
    (facts.DisputeOpened(1, 5), "nothing is paid meanwhile"),
    (facts.DisputeDecided(1, 5, True, "forged", Money(1)), "you are right"),
    (facts.DisputeDecided(1, 5, False, "signed", ZERO), "the enrolment stands"),
    (facts.RequestOverdue(1, 5), "has not answered in time"),
    (facts.OfferOverdue(1, 5), "still waits for you"),
    (facts.ClaimOverdue(1, 5), "have not said whether it was you"),
    (facts.ProgramStarts(1, 5, DAY), "Lessons begin tomorrow, September 8, 2026"),
    (
        facts.ParentPaymentDue(1, 5, Month(2026, 9), Money(6713), DAY),
        "for September 2026 is ₽67.13. Please pay it to House of Arts",
    ),
)


@pytest.mark.parametrize(("fact", "says"), TOLD)
def test_a_notice_names_child_and_club_says_what_happened_and_leads_to_the_card(fact: Fact, says: str) -> None:
    screen = NOTICES[type(fact)].says(fact, ABOUT)
    text = render(screen.text, "en")
    assert "Anna: «Robots»." in text and says in text
    doors = [button.choice for row in screen.buttons for button in (row if isinstance(row, tuple) else (row,))]
    assert doors[0].startswith(">") and open_door(doors[0][1:]) == ReadEnrollment(5)


def test_every_notice_is_among_these() -> None:
    assert {type(fact) for fact, _says in TOLD} == set(NOTICES)


@pytest.mark.parametrize(("fact", "_says"), TOLD)
def test_a_notice_reads_whole_in_every_language(fact: Fact, _says: str) -> None:
    for language in LANGUAGES:
        text = render(NOTICES[type(fact)].says(fact, ABOUT).text, language)
        assert "{" not in text and ".." not in text
