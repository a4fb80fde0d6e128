"""Every movement of money is told with its amount, its reason and what is left (R3.9), in both languages."""

from datetime import date
from typing import Any

import pytest

from bot.dialogs.core import Button, Screen
from bot.dialogs.doors import open_door
from bot.domain.calendar import Month
from bot.domain.ledger import Why
from bot.domain.money import ZERO, Money
from bot.domain.movements import Adjusted, Charged, ExpiryWarned, Granted, PassedOn, Returned, Withdrawn
from bot.i18n import render
from bot.notifications.notice import About
from bot.notifications.notices import NOTICES

ABOUT = About(child="Anna", program="Robots", provider="House of Arts")
DAY, LAST = date(2026, 10, 1), date(2027, 5, 31)
MOVED: dict[str, Any] = {"day": DAY, "key": "k"}


def said(fact: Any, language: str = "en") -> str:
    return render(NOTICES[type(fact)].says(fact, ABOUT).text, language)


def test_a_charge_says_the_month_what_stays_put_aside_and_what_is_free() -> None:
    text = said(Charged(7, 5, Month(2026, 10), Money(100_000), Money(200_000), Money(610_000), **MOVED))
    for part in (
        "Anna",
        "«Robots»",
        "October 2026",
        "₽1,000",
        "October 1, 2026",
        "aside for this club: ₽2,000",
        "Free on the certificate: ₽6,100",
    ):
        assert part in text
    assert "put aside" not in said(Charged(7, 5, Month(2026, 12), Money(100_000), ZERO, Money(1), **MOVED))


def test_a_return_says_why() -> None:
    told = {
        Why.LESSONS: "Lessons were cancelled in October 2026",
        Why.TERMINATED: "ends early",
        Why.REFUSED: "refused",
        Why.WITHDRAWN: "given back",
        Why.COMPLETED: "over",
        Why.MISTAKE: "mistake",
    }
    for why, reason in told.items():
        month = Month(2026, 10) if why is Why.LESSONS else None
        assert reason in said(Returned(7, 5, Money(28_571), why, Money(638_571), month, **MOVED))
        assert "budget" in said(PassedOn(7, 5, Money(28_571), why, month, **MOVED))


def test_an_adjustment_goes_both_ways() -> None:
    assert "got ₽3,000 more" in said(Adjusted(7, 5, 1, Money(300_000), Why.NOMINAL, Money(1), **MOVED))
    assert "has ₽3,000 less" in said(Adjusted(7, 5, 1, Money(-300_000), Why.CATEGORY, Money(1), **MOVED))


def test_a_withdrawal_says_why_and_what_is_not_touched() -> None:
    assert "period is over" in said(Withdrawn(7, 5, 1, Money(70_000), Why.EXPIRY, **MOVED))
    assert "Clubs that were paid before" in said(Withdrawn(7, 5, 1, Money(70_000), Why.EXPIRY, **MOVED))
    for why in (Why.FREEZE, Why.CONVERSION, Why.REVOCATION, Why.AGE):
        assert "Clubs that were paid before" not in said(Withdrawn(7, 5, 1, Money(70_000), why, **MOVED))


@pytest.mark.parametrize(
    "fact",
    [
        Granted(7, 5, 1, Money(1), Money(2), DAY, LAST, **MOVED),
        Adjusted(7, 5, 1, Money(1), Why.NOMINAL, Money(2), **MOVED),
        Charged(7, 5, Month(2026, 10), Money(1), Money(2), Money(3), **MOVED),
        Returned(7, 5, Money(1), Why.REFUSED, Money(2), **MOVED),
        PassedOn(7, 5, Money(1), Why.REFUSED, **MOVED),
        Withdrawn(7, 5, 1, Money(1), Why.EXPIRY, **MOVED),
        ExpiryWarned(7, 5, 1, Money(1), LAST, 14),
    ],
    ids=lambda fact: type(fact).__name__,
)
def test_each_notice_leads_to_its_cause_and_speaks_russian(fact: Any) -> None:
    screen: Screen = NOTICES[type(fact)].says(fact, ABOUT)
    buttons = [button for button in screen.buttons if isinstance(button, Button)]
    assert buttons and all(
        open_door(button.choice.removeprefix(">")) for button in buttons if button.choice != ">search"
    )
    text = said(fact, "ru")
    assert "Anna" in text and "certificate" not in text and "budget" not in text
