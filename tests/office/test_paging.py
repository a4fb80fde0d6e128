"""No list of the office grows without end: what does not fit on a page is on the next one."""

from datetime import date, timedelta

import pytest

from bot.domain.waiting import WaitForPlace
from bot.office import paging
from bot.storage import schema
from tests.office.clerk import Clerk, OfficeHouse
from tests.storage.families import Family

START = date(2026, 9, 1)


@pytest.fixture(autouse=True)
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE", 2)


def turns_over(clerk: Clerk, path: str, first: tuple[str, str], last: str) -> None:
    """Two stand on the first page, the third on the second."""
    clerk.opens(path)
    clerk.sees(*first, "Next page")
    clerk.sees_no(last)
    clerk.opens(f"{path}{'&' if '?' in path else '?'}page=1")
    clerk.sees(last, "Previous page")
    clerk.sees_no(*first, "Next page")


def test_a_providers_lists_have_pages(house: OfficeHouse) -> None:
    town, clerk = house.town, house.provider()
    groups = [town.group(name=name, seats=1) for name in ("Archery", "Ballet", "Chess")]
    turns_over(clerk, "/programs", ("Archery", "Ballet"), "Chess")
    asked = [Family(town).asks_for(group, START) for group in groups]
    turns_over(clerk, "/requests", ("Archery", "Ballet"), "Chess")
    turns_over(clerk, "/enrollments?state=requested", ("Chess", "Ballet"), "Archery")
    for group in groups:
        waits = Family(town)
        town.does(WaitForPlace(waits.child, group), waits.guardian)
    turns_over(clerk, "/waiting", ("Archery", "Ballet"), "Chess")
    for program, (chain, comment) in enumerate(zip(asked, ("Fine", "Fun", "Loud"), strict=True), start=1):
        said = {"stars": 5, "comment": comment, "comment_state": "shown", "given_at": town.now}
        answered = {"reply": "Thank you"} if comment == "Fine" else {}
        whose = {"chain": chain, "program": program, "person": town.person()}
        town.adds(schema.rating, **whose, state="given", **said, **answered)
    turns_over(clerk, "/ratings", ("Fun", "Loud"), "Fine")


def test_events_to_come_and_past_have_pages(house: OfficeHouse) -> None:
    town, clerk = house.town, house.operator()
    for title, days in (
        ("Tomorrow", 1),
        ("Soon", 2),
        ("Later", 3),
        ("Yesterday", -1),
        ("Before", -2),
        ("Long ago", -3),
    ):
        ages = {"age_min": 5, "age_max": 17}
        town.adds(
            schema.event,
            municipality=town.municipality,
            title=title,
            starts_at=town.now + timedelta(days=days),
            description="",
            address="",
            **ages,
        )
    turns_over(clerk, "/events", ("Tomorrow", "Soon"), "Later")
    turns_over(clerk, "/events?past=1", ("Yesterday", "Before"), "Long ago")


def test_bills_have_pages_for_who_sends_and_for_who_decides(house: OfficeHouse) -> None:
    town = house.town
    sums = {"charged": 100_000, "refunded": 0, "parent": 0, "advance": 0}
    for month, state in (("2026-04", "sent"), ("2026-05", "accepted"), ("2026-06", "sent"), ("2026-07", "paid")):
        whose = {"provider": town.provider, "municipality": town.municipality, "kind": "bill", "month": month}
        town.adds(schema.bill, **whose, **sums, state=state, sent_at=town.now)
    operator, provider = house.operator(), house.provider()
    turns_over(operator, "/bills", ("June 2026", "May 2026"), "April 2026")
    operator.opens("/bills?month=2026-07")
    operator.sees("July 2026")
    provider.opens("/bills")
    provider.sees("July 2026", "June 2026", "Next page")
    provider.opens("/bills?page=1")
    provider.sees("May 2026", "April 2026", "Previous page")


def test_proposals_and_imports_have_pages(house: OfficeHouse) -> None:
    town, clerk = house.town, house.operator()
    for name in ("Archery", "Ballet", "Chess"):
        town.group(name=name)
        job = {"municipality": town.municipality, "kind": "registry", "phase": "apply", "state": "done"}
        told = {"hash": "", "agreements": False, "by": "vera", "created_at": town.now, "changed_at": town.now}
        town.adds(schema.job, **job, **told, file=f"{name.lower()}.xlsx")
    town.run(lambda tx: tx.sql(schema.program.update().values(state="proposed")))
    turns_over(clerk, "/proposals", ("Archery", "Ballet"), "Chess")
    turns_over(clerk, "/imports", ("chess.xlsx", "ballet.xlsx"), "archery.xlsx")


def test_accounts_have_pages_and_are_found_by_a_part_of_the_name(house: OfficeHouse) -> None:
    clerk = house.administrator("chief")
    house.provider("zoya")
    house.operator("olga")
    turns_over(clerk, "/staff", ("chief", "olga"), "zoya")
    clerk.opens("/staff?words=ZOY")
    clerk.sees("zoya", "House of Arts")
    clerk.sees_no("olga", "Next page")
