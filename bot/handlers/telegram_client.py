"""Calls to the Bot API. aiogram has the names, the server's address, the proxy, uploads and the errors; what goes out often goes as
plain JSON over connections of our own (posting.py), past its forms and models, which cost ten times as much as the call."""

from functools import cache
from typing import Any
from urllib.parse import urlsplit

import orjson
from aiogram import Bot, methods
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError, ClientDecodeError, TelegramNetworkError
from aiogram.methods import TelegramMethod

from bot.handlers.posting import NoAnswer, Posting

TIMEOUT = 8.0
"""Seconds for a call; less than a stop waits for what is in flight."""
Trouble = AiogramError
"""Whatever `call` raises, and aiogram's own calls too."""


class TelegramClient:
    """`bot` for set-up and uploads, `call` for everything that is frequent."""

    def __init__(self, token: str, api_url: str = "https://api.telegram.org", proxy: str = "") -> None:
        """`proxy` is an address such as `socks5://host:1080`. Raises aiogram's TokenValidationError for a token that cannot be one."""
        server = TelegramAPIServer.from_base(api_url)
        self._session = AiohttpSession(proxy=proxy or None, api=server, timeout=TIMEOUT)
        self.bot = Bot(token, session=self._session)
        self._posting = Posting(api_url, proxy)
        self._path = cache(lambda name: urlsplit(server.api_url(token, name)).path)

    async def call(self, name: str, params: dict[str, Any], seconds: float = TIMEOUT) -> Any:
        """The `result` of a method. Raises aiogram's errors; none of them carries the token or an address."""
        try:
            answer = await self._posting.post(self._path(name), orjson.dumps(params), "application/json", seconds)
        except NoAnswer as trouble:
            raise TelegramNetworkError(_method(name), str(trouble)) from None
        if answer.status == 200:
            try:
                body = orjson.loads(answer.body)
            except ValueError as trouble:
                raise ClientDecodeError("Failed to decode object", trouble, "") from None
            if isinstance(body, dict) and body.get("ok") is True and "result" in body:
                return body["result"]
        self._session.check_response(self.bot, _method(name), answer.status, answer.body.decode(errors="replace"))
        raise ClientDecodeError("Unexpected answer", ValueError(answer.status), "")

    async def close(self) -> None:
        """Close the connections."""
        await self._posting.close()
        await self._session.close()


def _method(name: str) -> TelegramMethod[Any]:
    """aiogram's class for a method: errors name it."""
    kind: type[TelegramMethod[Any]] = getattr(methods, name[0].upper() + name[1:])
    return kind.model_construct()
