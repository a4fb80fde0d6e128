"""A parent's year in the web chat, in a real Chromium on a screen of a phone's size; pushes come without a reload."""

from pathlib import Path

from playwright.async_api import Browser, ViewportSize

from bot.domain.linking import ChatLinked
from tests.year.parents import InBrowser
from tests.year.story import begins_to_apply, lives_a_year, says_hello, step
from tests.year.town import Staff, address, settings, town

PHONE = ViewportSize(width=360, height=740)


async def test_a_parent_lives_a_whole_year_in_the_web_chat(browser: Browser, tmp_path: Path) -> None:
    page = await browser.new_page(viewport=PHONE, locale="ru-RU", reduced_motion="reduce")
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    async with address() as here, town(settings(f"sqlite:///{tmp_path / 'year.db'}", public_url=here.url)) as service:
        here.serves(service.routes)
        parent = InBrowser(page, here.url)
        await lives_a_year(parent, Staff(service.desk))
        await parent.taps("Share")
        await parent.sees("Send this to whom it may interest:", f"{here.url}/chat?start=program_1")
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await page.get_by_role("button", name="Скопировать ссылку").click()
        await page.get_by_role("button", name="Скопировано").wait_for()
        assert await page.evaluate("navigator.clipboard.readText()") == f"{here.url}/chat?start=program_1"
        assert troubles == []
        await page.close()


async def test_news_in_the_middle_of_a_question_leave_the_question_open(browser: Browser, tmp_path: Path) -> None:
    page = await browser.new_page(viewport=PHONE, locale="ru-RU", reduced_motion="reduce")
    async with address() as here, town(settings(f"sqlite:///{tmp_path / 'year.db'}")) as service:
        here.serves(service.routes)
        parent = InBrowser(page, here.url)
        await says_hello(parent)
        await begins_to_apply(parent)
        await parent.looks_away()
        await service.desk.run(lambda tx: tx.tell(ChatLinked(1)))
        await parent.sees("чат")
        assert await page.locator("button", has_text="Пропустить").is_visible(), "the question can still be answered"
        await parent.types("112-233-445 95")
        await parent.sees(step(6))
        assert "112-233-445 95" not in await page.inner_text("#log"), "a secret answer is masked"
        await page.close()
