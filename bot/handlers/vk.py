"""VK: its channel and its intake over one client."""

import asyncio
from collections.abc import Sequence

from starlette.routing import BaseRoute

from bot.config import Settings
from bot.handlers.intake import Intake
from bot.handlers.vk_channel import VkChannel
from bot.handlers.vk_client import VkClient
from bot.handlers.vk_intake import VkIntake
from bot.notifications.delivery import Channel


class VK:
    """Polls, unless there is an address for the Callback API."""

    def __init__(self, settings: Settings, intake: Intake) -> None:
        client = VkClient(settings.vk_token, settings.vk_group_id, settings.vk_api_url, settings.vk_per_second)
        self.channel: Channel = VkChannel(client, settings.vk_per_chat)
        self._intake = VkIntake(client, intake)
        self._called_back = bool(settings.vk_callback_url)
        self._secret, self._confirmation = settings.vk_secret, settings.vk_confirmation
        self._work: asyncio.Task[None] | None = None

    def routes(self) -> Sequence[BaseRoute]:
        """The Callback API's address, if it is used."""
        return (self._intake.route(self._secret, self._confirmation),) if self._called_back else ()

    def trouble(self) -> str:
        """What is not well with taking updates; empty when all is."""
        return self._intake.pulse.trouble()

    async def start(self) -> None:
        """Begin to take events; does not wait for VK, which may be out of reach."""
        work = self._intake.serve() if self._called_back else self._intake.poll()
        self._work = asyncio.create_task(work, name="intake:vk")

    async def stop(self) -> None:
        """Take what has been brought, and no more."""
        self._intake.stop()
        if self._work is not None:
            await self._work
