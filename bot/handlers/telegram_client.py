"""Calls to the Bot API. aiogram has the names, the server's address, the proxy, uploads and the errors; what goes out often goes as
plain JSON through aiogram's own connections, past its forms and models, which cost ten times as much as the call."""

from functools import cache
from typing import Any

import orjson
from aiogram import Bot, methods
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError, ClientDecodeError, TelegramNetworkError
from aiogram.methods import TelegramMethod
from aiohttp import ClientError, ClientTimeout
from yarl import URL

TIMEOUT = 8.0
"""Seconds for a call; less than a stop waits for what is in flight."""
CONNECTIONS = 300
"""More than may be in flight: a call that waits for a connection would seem to have left."""
JSON = {"Content-Type": "application/json"}
Trouble = AiogramError
"""Whatever `call` raises, and aiogram's own calls too."""


class TelegramClient:
    """`bot` for set-up and uploads, `call` for everything that is frequent."""

    def __init__(self, token: str, api_url: str = "https://api.telegram.org", proxy: str = "") -> None:
        """`proxy` is an address such as `socks5://host:1080`. Raises aiogram's TokenValidationError for a token that cannot be one."""
        self._session = AiohttpSession(
            proxy=proxy or None, api=TelegramAPIServer.from_base(api_url), limit=CONNECTIONS, timeout=TIMEOUT
        )
        self.bot = Bot(token, session=self._session)
        self._url = cache(lambda name: URL(self._session.api.api_url(token, name), encoded=True))
        self._patience = cache(lambda seconds: ClientTimeout(total=seconds))

    async def call(self, name: str, params: dict[str, Any], seconds: float = TIMEOUT) -> Any:
        """The `result` of a method. Raises aiogram's errors; none of them carries the token or an address."""
        session = await self._session.create_session()
        try:
            async with session.post(
                self._url(name), data=orjson.dumps(params), headers=JSON, timeout=self._patience(seconds)
            ) as answer:
                raw = await answer.read()
        except (ClientError, TimeoutError, OSError) as trouble:
            raise TelegramNetworkError(_method(name), type(trouble).__name__) from None
        if answer.status == 200:
            try:
                body = orjson.loads(raw)
            except ValueError as trouble:
                raise ClientDecodeError("Failed to decode object", trouble, "") from None
            if isinstance(body, dict) and body.get("ok") is True and "result" in body:
                return body["result"]
        self._session.check_response(self.bot, _method(name), answer.status, raw.decode(errors="replace"))
        raise ClientDecodeError("Unexpected answer", ValueError(answer.status), "")

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()


def _method(name: str) -> TelegramMethod[Any]:
    """aiogram's class for a method: errors name it."""
    kind: type[TelegramMethod[Any]] = getattr(methods, name[0].upper() + name[1:])
    return kind.model_construct()
