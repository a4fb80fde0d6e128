"""Telegram: its channel and its intake over one client."""

import asyncio
from collections.abc import Sequence

from starlette.routing import BaseRoute

from bot.config import Settings
from bot.handlers.intake import Intake
from bot.handlers.telegram_channel import TelegramChannel
from bot.handlers.telegram_client import TelegramClient
from bot.handlers.telegram_intake import TelegramIntake
from bot.notifications.delivery import Channel


class Telegram:
    """Polls, unless there is an address for a webhook."""

    def __init__(self, settings: Settings, intake: Intake) -> None:
        client = TelegramClient(settings.telegram_token, settings.telegram_api_url, settings.telegram_proxy)
        self.channel: Channel = TelegramChannel(client, settings.telegram_per_second, settings.telegram_per_chat)
        self._intake = TelegramIntake(client, intake)
        self._url, self._secret = settings.telegram_webhook_url, settings.telegram_webhook_secret
        self._work: asyncio.Task[None] | None = None

    def routes(self) -> Sequence[BaseRoute]:
        """The webhook, if there is one."""
        return (self._intake.route(self._secret),) if self._url else ()

    def trouble(self) -> str:
        """What is not well with taking updates; empty when all is."""
        return self._intake.pulse.trouble()

    async def start(self) -> None:
        """Begin to take updates; does not wait for Telegram, which may be out of reach."""
        work = self._intake.serve(self._url, self._secret) if self._url else self._intake.poll()
        self._work = asyncio.create_task(work, name="intake:telegram")

    async def stop(self) -> None:
        """Take what has been brought, and no more."""
        self._intake.stop()
        if self._work is not None:
            await self._work
