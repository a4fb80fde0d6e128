"""The parent, wherever she is: she taps, types and sees; each channel in its own way, the story is the same."""

from datetime import date
from typing import Any, Protocol

from playwright.async_api import ElementHandle, Page
from playwright.async_api import TimeoutError as TooLong

from bot.i18n import Value, _, render
from tests.patience import PATIENCE
from tests.servers.local import LocalServer, Message
from tests.servers.telegram_person import TelegramPerson
from tests.servers.vk_person import VKPerson


def ru(words: Value) -> str:
    """A sentence of the dialogs, or a value, as a Russian reader has it; what is no sentence (a name) stays as it is."""
    return render(_(words) if isinstance(words, str) else words, "ru")


class Parent(Protocol):
    """What a parent does on any channel; words are those of the dialogs."""

    async def starts(self, link: str = "") -> None:
        """The first contact, or a link to the bot."""

    async def taps(self, words: Value) -> None:
        """The newest button whose label begins so."""

    async def types(self, text: str) -> None:
        """A message."""

    async def gives_phone(self, phone: str) -> None:
        """In the easiest way that the channel has."""

    async def gives_day(self, day: date) -> None:
        """In the easiest way that the channel has."""

    async def sees(self, *texts: Value) -> None:
        """All of it stands in what has come since she last did something: in texts and on buttons."""

    async def does_not_see(self, text: Value) -> bool:
        """Nothing that has come since says so."""

    async def looks_away(self) -> None:
        """Only what comes from now on is news."""


class InMessenger:
    """A parent in a messenger's local server."""

    def __init__(self, person: TelegramPerson | VKPerson) -> None:
        self.person = person

    @property
    def server(self) -> LocalServer:
        return self.person.server

    async def starts(self, link: str = "") -> None:
        self.person.starts(link)

    async def taps(self, words: Value) -> None:
        await self.server.until(lambda: self._button(ru(words)))
        found = self._button(ru(words))
        assert found, f"no button {ru(words)!r} in the chat, which ends with:\n{self.person.screen}"
        self.person.taps_on(*found)

    async def types(self, text: str) -> None:
        self.person.writes(text)

    async def gives_phone(self, phone: str) -> None:
        if isinstance(self.person, TelegramPerson):
            await self.server.until(lambda: self.person.keyboard)
            self.person.phone = phone
            self.person.taps(self.person.keyboard[0])
        else:
            await self.types(phone)

    async def gives_day(self, day: date) -> None:
        await self.types(f"{day:%d.%m.%Y}")

    async def sees(self, *texts: Value) -> None:
        await self.person.sees(*map(ru, texts))

    async def does_not_see(self, text: Value) -> bool:
        news = [
            str(message) for message in self.person.messages if message.by_bot and message.changed > self.person.since
        ]
        return not any(ru(text) in message for message in news)

    async def looks_away(self) -> None:
        self.person.acts()

    def _button(self, words: str) -> tuple[Message, str] | None:
        """The newest message with such a button, and its whole label."""
        for message in reversed(self.person.messages):
            for name in message.labels if message.by_bot else ():
                if name.startswith(words):
                    return message, name
        return None


class InBrowser:
    """A parent before the web chat's page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url

    async def starts(self, link: str = "") -> None:
        await self.page.goto(f"{self.url}/chat" + (f"?start={link}" if link else ""))

    async def taps(self, words: Value) -> None:
        found: Any = await self.page.wait_for_function(NEWEST_BUTTON, arg=ru(words), timeout=PATIENCE * 1000)
        button = found.as_element()
        assert isinstance(button, ElementHandle)
        await self.looks_away()
        await button.click()

    async def types(self, text: str) -> None:
        await self.looks_away()
        await self.page.fill("#words", text)
        await self.page.press("#words", "Enter")

    async def gives_phone(self, phone: str) -> None:
        assert await self.page.get_attribute("#words", "type") == "tel"
        await self.types(phone)

    async def gives_day(self, day: date) -> None:
        await self.looks_away()
        await self.page.fill("#day", day.isoformat())
        await self.page.press("#words", "Enter")

    async def sees(self, *texts: Value) -> None:
        wanted = [ru(text) for text in texts]
        try:
            await self.page.wait_for_function(ALL_IN_NEWS, arg=wanted, timeout=PATIENCE * 1000)
        except TooLong as late:
            raise AssertionError(f"{wanted} not in:\n{await self.page.evaluate(NEWS)}") from late

    async def does_not_see(self, text: Value) -> bool:
        return ru(text) not in await self.page.evaluate(NEWS)

    async def looks_away(self) -> None:
        await self.page.evaluate(
            "() => document.querySelectorAll('#log article').forEach((a) => { a.dataset.seen = 'yes'; })"
        )


NEWEST_BUTTON = """(words) => [...document.querySelectorAll("#log article:not(.parent) .keys button")].reverse()
    .find((button) => button.textContent.startsWith(words) && button.offsetParent !== null)"""
NEWS = """() => [...document.querySelectorAll("#log article:not(.parent):not([data-seen])")].map((a) => a.innerText).join("\\n")"""
ALL_IN_NEWS = f"""(texts) => {{ const news = ({NEWS})(); return texts.every((text) => news.includes(text)); }}"""
