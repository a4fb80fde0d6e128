"""R4.9: the family's own part follows the enrollment wherever it goes."""

from datetime import date

from bot.domain.enrollment import DecideDispute, OpenDispute
from tests.storage.families import Family, lives_day
from tests.storage.town import Town


def test_9_nobody_is_reminded_to_pay_for_what_a_dispute_has_undone(town: Town) -> None:
    family = Family(town, kopecks=100_000)
    running = family.learns(town.group(price=900_000), date(2026, 9, 1), pays=True)
    town.does(OpenDispute(running), family.guardian)
    town.does(DecideDispute(running, True, "they were never there"), town.operator)
    town.comes(date(2026, 10, 7))
    lives_day(town, date(2026, 10, 7))
    assert town.notices("ParentPaymentDue") == []
