"""A parent's year in VK, over real HTTP, against a server that refuses what VK refuses."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.servers import VKServer
from tests.year.parents import InMessenger
from tests.year.story import lives_a_year
from tests.year.town import Staff, settings, town


@pytest.fixture
async def vk() -> AsyncIterator[VKServer]:
    async with VKServer("vk1.T", 1, strict_rates=True) as server:
        yield server


async def test_a_parent_lives_a_whole_year_in_vk(vk: VKServer, tmp_path: Path) -> None:
    about = settings(f"sqlite:///{tmp_path / 'year.db'}", vk_token="vk1.T", vk_group_id=1, vk_api_url=vk.url)
    async with town(about) as service:
        await vk.until(lambda: any(call.method == "groups.getLongPollServer" for call in vk.calls), 10)
        await lives_a_year(InMessenger(vk.user(7)), Staff(service.desk))
    assert vk.refused == []
