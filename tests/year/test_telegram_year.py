"""A parent's year in Telegram, over real HTTP, against a server that refuses what Telegram refuses."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.servers import TelegramServer
from tests.year.parents import InMessenger
from tests.year.story import lives_a_year, lives_the_first_days
from tests.year.town import Staff, address, settings, town


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer("1:T") as server:
        yield server


def channel(telegram: TelegramServer, **more: str) -> dict[str, str]:
    """Settings of a service that may say all in Telegram; at one message a second in a chat a year would last two minutes."""
    fast = {"telegram_per_chat": "30"}
    return {"telegram_token": "1:T", "telegram_api_url": telegram.url, "telegram_discretion": "full", **fast, **more}


def refusals(telegram: TelegramServer) -> list[str]:
    """What the server has refused; an edit that changes nothing is none of our business."""
    return [refused.text for refused in telegram.refused if "message is not modified" not in refused.text]


async def test_a_parent_lives_a_whole_year_in_telegram(telegram: TelegramServer, empty_database: str) -> None:
    async with town(settings(empty_database, **channel(telegram))) as service:
        await lives_a_year(InMessenger(telegram.user(7)), Staff(service.desk))
    assert refusals(telegram) == []


async def test_a_parent_gets_the_certificate_where_telegram_calls_a_webhook(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    async with address() as here:
        hook = {"telegram_webhook_url": f"{here.url}/telegram/webhook", "telegram_webhook_secret": "knock-knock"}
        about = settings(f"sqlite:///{tmp_path / 'year.db'}", **channel(telegram, **hook))
        async with town(about, neighbour=True) as service:
            here.serves(service.routes)
            await lives_the_first_days(InMessenger(telegram.user(7)), Staff(service.desk))
    assert telegram.updates.polls == 0
    assert refusals(telegram) == []
