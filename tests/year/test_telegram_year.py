"""A parent's year in Telegram, over real HTTP, against a server that refuses what Telegram refuses."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.handlers.telegram_channel import TelegramChannel
from tests.servers import TelegramServer
from tests.year.parents import InMessenger
from tests.year.story import lives_a_year
from tests.year.town import Staff, settings, town

SAME = "message is not modified"


@pytest.fixture
async def telegram(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TelegramServer]:
    """A year is told in half a minute: one message a second in a chat would make it three."""
    monkeypatch.setattr(TelegramChannel, "per_chat", 30.0)
    async with TelegramServer("1:T") as server:
        yield server


async def test_a_parent_lives_a_whole_year_in_telegram(telegram: TelegramServer, tmp_path: Path) -> None:
    about = settings(
        f"sqlite:///{tmp_path / 'year.db'}",
        telegram_token="1:T",
        telegram_api_url=telegram.url,
        telegram_discretion="full",
    )
    async with town(about) as service:
        await lives_a_year(InMessenger(telegram.user(7)), Staff(service.desk))
    assert [refused for refused in telegram.refused if SAME not in refused.text] == []
