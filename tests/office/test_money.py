"""An operator plans a period, sets nominals, opens it, and sees the grants run."""

from bot.domain.certificate_staff import ListCategories
from bot.domain.period import ListPeriods
from bot.storage.calendar import live
from tests.office.clerk import OfficeHouse
from tests.storage.families import Family


def test_a_period_is_planned_opened_and_granted(house: OfficeHouse) -> None:
    town = house.town
    family = Family(town)
    clerk = house.operator()
    clerk.opens("/money")
    clerk.sends("/money/periods", name="2027/28", start="2027-05-01", stop="2028-05-31")
    clerk.sees("These days belong to another period already")
    clerk.sends("/money/periods", name="2027/28", start="2027-06-01", stop="2028-05-31")
    clerk.sees("is planned.", "2027/28", "not set")
    period = town.asks(ListPeriods(), town.operator)[0].id
    at = f"/money/periods/{period}"
    clerk.opens(at)
    clerk.sends(f"{at}/nominals/{town.everyone}", amount="13 000,50", certificates="x")
    clerk.sees("A whole number from 0 to 1,000,000,000.")
    clerk.sends(f"{at}/nominals/{town.everyone}", amount="13 000,50", certificates="100", total="")
    clerk.sees("The nominal is ₽13,000.50 now.")
    clerk.sends(f"{at}/open")
    clerk.sees(
        "its nominals are granted within a minute", "0 of 1 certificates have the nominal.", "begins within a minute"
    )
    clerk.sends(f"{at}/grant", number="0000000000")
    clerk.sees("There is no certificate with this number here.")
    clerk.sends(f"{at}/grant", number="Petrova")
    clerk.sees("There is no certificate with this number here.")
    town.runner.run(live(town.desk))
    clerk.opens(at)
    clerk.sees("1 of 1 certificates have the nominal.", "Given out of the budget ₽13,000.50")
    clerk.opens(f"/certificates/{family.certificate}")
    clerk.sees("₽13,000.50", "₽12,000")


def test_a_nominal_goes_down_only_as_far_as_nobody_has_committed_more(house: OfficeHouse) -> None:
    town = house.town
    group = town.group(price=900_000)
    for _each in range(2):
        Family(town).learns(group)
    clerk = house.operator()
    at = f"/money/periods/{town.period}"
    clerk.opens(at)
    clerk.sends(f"{at}/nominals/{town.everyone}", amount="500")
    clerk.sees("2 children have committed more already")
    clerk.sends(f"{at}/nominals/{town.everyone}", amount="15000")
    clerk.sees("The nominal is ₽15,000 now. 2 balances changed.")
    clerk.opens("/money/categories")
    clerk.sends("/money/categories", code="all", name="Everybody")
    clerk.sees("There is a category of that code already")
    clerk.sends("/money/categories", code="orphan", name="Orphans")
    clerk.sees("The category is added", "Orphans")
    assert [each.code for each in town.asks(ListCategories(town.municipality), town.operator)] == ["all", "orphan"]
