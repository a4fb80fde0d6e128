"""A month of the office in a real Chromium: the registry is imported, applications are decided, money is granted, a child is accepted, a lesson
is cancelled; and in two other browsers the families read what happened, each push without a reload."""

from datetime import date
from pathlib import Path

from playwright.async_api import Browser, Dialog, Page, ViewportSize, expect

from bot.domain.calendar import Month
from bot.domain.messages import SYSTEM
from bot.domain.money import Money
from bot.domain.staff import AddStaff, StaffAdded, StaffRole
from bot.i18n import Words, _, render
from bot.office import passwords
from bot.registry.template import workbook
from bot.storage.calendar import live
from bot.storage.desk import Desk
from tests.office.clerk import PASSWORD
from tests.year.parents import InBrowser
from tests.year.story import (
    applies,
    begins_to_apply,
    charged,
    enrols_in_chess,
    gets_the_certificate,
    granted,
    looks_for_a_club,
    says_hello,
)
from tests.year.town import CHESS, CLUBS, Staff, address, club, settings, town

DESK, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=360, height=740)
BROKEN = (
    club(7, "Без возраста", age="кому угодно"),
    club(8, "Без даты", start="когда-нибудь"),
    club(9, "Без цены", price="дорого"),
)
STAYS = (
    "document.querySelector('[data-ticks]').addEventListener('submit', (sent) => sent.preventDefault(), {once: true})"
)
"""The form is not sent this once."""
SIBLING = "Смирнов Олег Павлович"


class Clerk:
    """A member of the staff before the office's pages."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.sure = 0
        """How often it was asked once more."""
        page.on("dialog", self.agrees)

    async def agrees(self, dialog: Dialog) -> None:
        self.sure += 1
        await dialog.accept()

    async def signs_in(self, login: str) -> None:
        """By the form."""
        await self.page.goto(f"{self.url}/office/")
        await self.page.fill("#login", login)
        await self.page.fill("#password", PASSWORD)
        await self.presses(_("Sign in"))
        await self.sees(_("Sign out"))

    async def opens(self, path: str) -> None:
        await self.page.goto(f"{self.url}/office{path}")

    async def follows(self, words: str) -> None:
        """A link of the page."""
        await self.page.locator("main a", has_text=words).first.click()

    async def presses(self, words: Words) -> None:
        """A button of the page."""
        await self.page.locator("main button", has_text=render(words, "ru")).first.click()

    async def sees(self, *wanted: Words) -> None:
        for words in wanted:
            await expect(self.page.locator("body")).to_contain_text(render(words, "ru"), timeout=60_000)

    async def fits(self) -> None:
        """Nothing has to be pushed aside to be read."""
        assert await self.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


class ByOffice(Staff):
    """Decides in the office's pages what tests/year decides by commands."""

    def __init__(self, desk: Desk, operator: Clerk, provider: Clerk) -> None:
        super().__init__(desk)
        self.operator, self.provider = operator, provider

    async def accepts_the_application(self) -> None:
        await self.operator.opens("/applications")
        await self.operator.follows("Смирнова Вера")
        await self.operator.presses(_("Accept"))
        await self.operator.sees(_("Accepted. The originals are awaited until {day}.", day=date(2026, 9, 26)))

    async def has_seen_the_originals(self) -> None:
        await self.operator.opens("/applications/visits")
        await self.operator.follows("Смирнова Вера")
        await self.operator.presses(_("Everything agrees: issue the certificate"))
        await self.operator.sees(_("The certificate is active."))

    async def takes_the_child(self, program: str) -> None:
        await self.provider.opens("/requests")
        await self.provider.sees(program, "Смирнова Вера")
        await self.provider.follows("Смирнова Вера")
        await self.provider.presses(_("Take the child"))


async def test_a_month_of_the_office(browser: Browser, tmp_path: Path) -> None:
    troubles: list[str] = []

    async def window(size: ViewportSize) -> Page:
        page = await browser.new_page(viewport=size, locale="ru-RU", reduced_motion="reduce")
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
        return page

    async with address() as here, town(settings(f"sqlite:///{tmp_path / 'month.db'}"), clubs=False) as service:
        here.serves(service.routes)
        operator, provider = Clerk(await window(DESK), here.url), Clerk(await window(PHONE), here.url)
        mother, father = [InBrowser(await window(PHONE), here.url) for _each in range(2)]
        staff = ByOffice(service.desk, operator, provider)

        await hired(service.desk, "operator", StaffRole.OPERATOR, municipality=1)
        await operator.signs_in("operator")
        await imports_the_registry(operator, tmp_path)
        await hired(service.desk, "provider", StaffRole.PROVIDER, provider=1)
        await provider.signs_in("provider")

        await says_hello(mother)
        await begins_to_apply(mother)
        await applies(mother)
        await says_hello(father)
        await begins_to_apply(father, SIBLING)
        await applies(father, SIBLING, "100-200-300 30")
        await forgets_the_reason(Clerk(await browser.new_page(locale="ru-RU"), here.url))
        await rejects(operator, father)
        await gets_the_certificate(mother, staff)
        await runs_the_grant(operator, mother, service.desk)

        await looks_for_a_club(mother)
        await enrols_in_chess(mother, staff)
        await mother.looks_away()
        await staff.lets_time_pass_until(date(2026, 9, 10))
        await mother.sees(*charged(CHESS, date(2026, 9, 1), 303_584, 617_282))
        await cancels_a_lesson(provider, mother)
        await provider.fits()
        assert troubles == []
        await staff.finds_everything_in_order()
        for page in (operator.page, provider.page, mother.page, father.page):
            await page.close()


async def hired(desk: Desk, login: str, role: StaffRole, **where: int) -> None:
    hired = await desk.do(AddStaff(login, login, role, passwords.HASHER.hash(PASSWORD), **where), SYSTEM)
    assert isinstance(hired, StaffAdded), hired


async def imports_the_registry(operator: Clerk, folder: Path) -> None:
    """Three rows are bad: the preview says which and why, the others are taken."""
    file = folder / "registry.xlsx"
    file.write_bytes(workbook([*CLUBS, *BROKEN]))
    await operator.opens("/imports")
    await operator.page.set_input_files("#file", str(file))
    await operator.page.check("#agreements")
    await operator.presses(_("Show what would change"))
    await operator.sees("registry.xlsx", _("Apply the file"))
    await operator.sees(*(_("{number}", number=row) for row in (6, 7, 8)), "дорого", "когда-нибудь", "кому угодно")
    await operator.fits()
    await operator.presses(_("Apply the file"))
    await operator.sees(_("What was changed"))
    await expect(operator.page.locator("#job[data-refresh]")).to_have_count(0, timeout=60_000)


async def forgets_the_reason(operator: Clerk) -> None:
    """What was refused stands in the browser's history as the page it was filled in on: «reload» and «back» send nothing again."""
    await operator.signs_in("operator")
    await operator.opens("/applications")
    await operator.follows("Смирнов Олег")
    at = operator.page.url
    await operator.page.fill("#words", "В свидетельстве другая дата рождения.")
    await operator.page.locator("form[action$='/reject'] button").click()
    await operator.sees(_("Something is not filled in as it should be; it is said beside each field."))
    await expect(operator.page.locator("#words")).to_have_value("В свидетельстве другая дата рождения.")
    assert operator.page.url == at
    await operator.opens("/")
    back = await operator.page.go_back()
    assert (operator.page.url, back and (back.request.method, back.status)) == (at, ("GET", 200))
    await operator.page.close()


async def rejects(operator: Clerk, father: InBrowser) -> None:
    """With a reason from the list, which the family reads at once, and own words, which stand with the application."""
    await father.looks_away()
    await operator.opens("/applications")
    await operator.follows("Смирнов Олег")
    await operator.page.select_option("#reason", "wrong_data")
    await operator.page.fill("#words", "В свидетельстве другая дата рождения.")
    await operator.page.locator("form[action$='/reject'] button").click()
    await operator.sees(_("Rejected; the parent is told the reason and may correct the application."))
    await father.sees("Олег: заявление на сертификат отклонено.")
    await father.taps("Certificate")
    await father.sees("В свидетельстве другая дата рождения.")


async def runs_the_grant(operator: Clerk, mother: InBrowser, desk: Desk) -> None:
    """The next period is opened ahead of the calendar: its money comes, and is told."""
    await mother.looks_away()
    await operator.opens("/money")
    await operator.follows("winter")
    await operator.presses(_("Open it now"))
    await live(desk)  # the minute that the clock would bring
    await operator.sees(_("{count} of {all} certificates have the nominal.", count=1, all=1))
    await mother.sees(granted(date(2026, 8, 27)))


async def cancels_a_lesson(provider: Clerk, mother: InBrowser) -> None:
    """September has nine lessons, one was not held: a ninth of 3 035.84 comes back (R5.4)."""
    await mother.looks_away()
    await provider.opens("/enrollments")
    await provider.follows("Смирнова Вера")
    await provider.follows(render(_("Lessons that were not held"), "ru"))
    asked = provider.sure
    await provider.page.evaluate(STAYS)
    await provider.presses(_("They were not held"))
    assert provider.sure == asked, "nothing is ticked, so there is nothing to be sure of"
    await provider.page.check("#day-2026-09-08")
    await provider.presses(_("They were not held"))
    await mother.sees(Money(33_731), _("{month}", month=Month(2026, 9)))
    assert provider.sure == asked + 1
