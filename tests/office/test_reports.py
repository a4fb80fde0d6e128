"""Reports in the office: one's own numbers on every page and in every workbook, the region's side by side."""

import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from python_calamine import load_workbook

from bot.domain.population import Living, SetPopulation
from bot.domain.staff import StaffRole
from bot.office.reports import REPORTS
from bot.registry.population import BLANK
from bot.storage import schema
from tests.office.clerk import Clerk, OfficeHouse
from tests.storage.money import enrols
from tests.storage.registries import another_town
from tests.storage.town import Town

EVIL = '=HYPERLINK("https://evil.example")'


def busy(town: Town) -> None:
    """A learner in time, a request that is late, an application that is late; a provider with a hostile name."""
    town.does(SetPopulation(town.municipality, 2026, (Living(town.district, 9, "f", 8),)), town.operator)
    learner = town.child(sex="f", district=town.district)
    enrols(town, town.certificate(learner))
    late = {"state": "requested", "overdue": True, "until": date(2026, 8, 20)}
    enrols(town, town.certificate(town.child(surname=EVIL)), **late)
    applied: dict[str, Any] = {"state": "submitted", "decide_by": date(2026, 8, 31), "number": None}
    town.certificate(town.child(surname="Late"), kopecks=0, submitted_at=town.now - timedelta(days=9), **applied)
    town.run(lambda tx: tx.sql(schema.provider.update().values(name=EVIL)))
    town.comes(date(2026, 9, 4))


def sheets(clerk: Clerk, path: str) -> dict[str, list[list[Any]]]:
    """A workbook's sheets by name; none of its cells is a formula."""
    response = clerk.town.runner.run(clerk.client.get(f"/office{path}"))
    assert response.status_code == 200 and "attachment" in response.headers["content-disposition"]
    with ZipFile(BytesIO(response.content)) as packed:
        assert not any(re.search(rb"<f[ >]", packed.read(name)) for name in packed.namelist() if "worksheets" in name)
    with load_workbook(BytesIO(response.content)) as book:
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_an_operator_reads_each_report_and_takes_it_away(house: OfficeHouse) -> None:
    busy(house.town)
    clerk = house.operator()
    clerk.opens("/reports")
    clerk.sees(
        "1 of 8 children use a certificate: 12.5%. The goal is 25%.",
        "Granted ₽24,000",
        "2 families wait. 2 of them are overdue.",
    )
    clerk.opens("/reports/coverage")
    clerk.sees("By district", "Leninsky 8 1 1 12.5%", "9 years 8 2 1 12.5%", "Girls 8 1 1 12.5%", "goal 25%")
    assert clerk.html.count('role="img"') == 4
    clerk.opens("/reports/money?period=2026-09-01")
    clerk.sees("September 2026 ₽24,000 ₽0 ₽0 ₽0 ₽0 ₽0 ₽7,800 ₽16,200")
    clerk.opens("/reports/requests")
    clerk.sees("Application: the municipality decides 0 0 0 1 1 1", "Request: the provider answers 0 1 0 0 1 1")
    clerk.opens("/reports/ratings")
    clerk.sees("0 of 1 providers have a rating", EVIL)
    clerk.opens("/reports/undone")
    clerk.sees("Overdue applications: 1", "Late Anna", f"{EVIL} Anna")
    found = {each.key: sheets(clerk, f"/reports/{each.key}.xlsx") for each in REPORTS}
    assert found["coverage"]["By district"][1] == ["Leninsky", 8, 1, 1, 0.125]
    assert found["money"]["By month"][1][:2] == ["September 2026", 24_000]
    assert found["ratings"]["Providers by rating"][1][0] == EVIL
    assert found["undone"]["Overdue requests and disputes"][1][2].startswith(EVIL)


def test_another_municipality_sees_nothing_of_it_and_a_provider_no_report(house: OfficeHouse) -> None:
    busy(house.town)
    sea = another_town(house.town)
    clerk = house.clerk("sea", StaffRole.OPERATOR, municipality=sea)
    for report in REPORTS:
        clerk.opens(f"/reports/{report.key}")
        clerk.sees_no("Leninsky", EVIL, "Late", "24,000", "12.5%")
        for cells in sheets(clerk, f"/reports/{report.key}.xlsx").values():
            assert not any(cell in (8, 24_000, EVIL, "Leninsky") for row in cells for cell in row)
        clerk.opens(f"/reports/{report.key}?municipality={house.town.municipality}")
        assert clerk.status == 404
    provider = house.provider()
    for path in ("", "/coverage", "/undone.xlsx", "/population"):
        provider.opens(f"/reports{path}")
        assert provider.status == 404


def test_the_region_sees_municipalities_side_by_side_or_one_of_them(house: OfficeHouse) -> None:
    busy(house.town)
    another_town(house.town)
    clerk = house.administrator()
    clerk.opens("/reports/coverage")
    clerk.sees("By municipality", "Murmansk 8 2 1 12.5%", "Seaside — 0 0 —")
    clerk.opens("/reports/money")
    clerk.sees("By municipality", "Seaside ₽0")
    clerk.opens("/reports/requests")
    clerk.sees("By municipality", "Murmansk 0 1 0 1 2 2")
    clerk.opens("/reports/undone")
    clerk.sees("Murmansk 1 0 1 0 0", "Seaside 0 0 0 0 0")
    clerk.sees_no("Late Anna")
    clerk.opens(f"/reports/coverage?municipality={house.town.municipality}")
    clerk.sees("By district", "Leninsky 8 1 1 12.5%")


def test_the_population_is_looked_at_imported_and_replaced(house: OfficeHouse) -> None:
    def children(*rows: tuple[str, int]) -> dict[str, tuple[str, bytes]]:
        lines = [
            {"municipality": "Murmansk", "year": 2026, "district": name, "age": 9, "children": number}
            for name, number in rows
        ]
        return {"file": ("children.xlsx", BLANK.workbook(lines))}

    sea = another_town(house.town)
    clerk = house.operator()
    clerk.opens("/reports/population")
    clerk.sends("/reports/population", files=children(("Leninsky", 8)), act="look")
    clerk.sees("Murmansk, 2026: 8 children.", "Nothing was changed yet.", "Nothing yet.")
    clerk.sends("/reports/population", files=children(("Leninsky", 8)), act="import")
    clerk.sees("The population is imported: 8 children.", "Murmansk 2026 8")
    clerk.sends("/reports/population", files=children(("Leninsky", 9), ("Atlantis", 1)), act="import")
    assert clerk.status == 422
    clerk.sees(
        "1 row cannot be taken, so nothing was changed.",
        "3 Район The district “Atlantis” is not known there.",
        "Murmansk 2026 8",
    )
    clerk.sends("/reports/population", files=children(("Leninsky", 9)), act="import")
    clerk.sees("Murmansk 2026 9")
    clerk.sends("/reports/population", files={"file": ("../../etc/x.xlsx", b"PK\x03\x04 broken")}, act="import")
    clerk.sees("nothing was changed", "damaged", "Murmansk 2026 9")
    clerk.opens("/trail")
    clerk.sees("set how many children live there")
    clerk.sends("/reports/population", act="import")
    clerk.sees("Please choose a file.")
    elsewhere = house.clerk("sea", StaffRole.OPERATOR, municipality=sea)
    elsewhere.opens("/reports/population")
    elsewhere.sends("/reports/population", files=children(("Leninsky", 1)), act="import")
    elsewhere.sees("“Murmansk” is another municipality.", "Nothing yet.")
