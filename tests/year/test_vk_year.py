"""A parent's year in VK, over real HTTP, against a server that counts and refuses what VK refuses."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers import VKServer
from tests.year.parents import InMessenger
from tests.year.story import lives_a_year, lives_the_first_days
from tests.year.town import Staff, address, settings, town


@pytest.fixture
async def vk() -> AsyncIterator[VKServer]:
    async with VKServer("vk1.T", 1, strict_rates=True) as server:
        yield server


def channel(vk: VKServer, **more: str) -> dict[str, Any]:
    """Settings of a service for the server's community; a chat is not kept waiting for a fifth of a second each time."""
    return {"vk_token": "vk1.T", "vk_group_id": 1, "vk_api_url": vk.url, "vk_per_chat": 20, **more}


def called(vk: VKServer, method: str) -> bool:
    return any(call.method == method for call in vk.calls)


async def test_a_parent_lives_a_whole_year_in_vk(vk: VKServer, tmp_path: Path) -> None:
    async with town(settings(f"sqlite:///{tmp_path / 'year.db'}", **channel(vk))) as service:
        assert await vk.until(lambda: called(vk, "groups.getLongPollServer"))
        await lives_a_year(InMessenger(vk.user(7)), Staff(service.desk))
    assert vk.refused == []


async def test_a_parent_gets_the_certificate_where_vk_calls_back(vk: VKServer, tmp_path: Path) -> None:
    async with address() as here:
        url = f"{here.url}/vk/callback"
        back = {"vk_callback_url": url, "vk_secret": "knock-knock", "vk_confirmation": "c0nf1rm"}
        about = settings(f"sqlite:///{tmp_path / 'year.db'}", **channel(vk, **back))
        async with town(about, neighbour=True) as service:
            here.serves(service.routes)
            await vk.call_back(url, "knock-knock", "c0nf1rm")
            await lives_the_first_days(InMessenger(vk.user(7)), Staff(service.desk))
    assert not called(vk, "groups.getLongPollServer")
    assert vk.refused == []
