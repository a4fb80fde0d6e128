"""Posting small bodies to a messenger's server over connections that are kept alive: HTTP/1.1, parsed by httptools.

A general client spends more on a message than the whole turn that wrote it; see docs/decisions/0032. It knows POST, TLS, SOCKS and HTTP proxies,
answers of any length and in chunks; no redirects, no cookies, no compression, which no messenger's API asks for.
"""

import asyncio
import ssl
from collections import deque
from dataclasses import dataclass
from urllib.parse import urlsplit

from httptools import HttpParserError, HttpResponseParser

IDLE = 15.0
"""Seconds after which a connection that nobody uses is not trusted any more: servers close theirs without a word."""
LARGEST_ANSWER = 64 * 1024 * 1024


class NoAnswer(Exception):
    """The server was not reached, has hung up, took too long, or does not speak HTTP. Whether it has acted is not known."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


class Posting:
    """A server, and the connections to it that are free."""

    def __init__(self, server: str, proxy: str = "") -> None:
        """`server` such as `https://api.telegram.org`; `proxy` such as `socks5://host:1080`."""
        address = urlsplit(server)
        self._tls = address.scheme == "https"
        self._host, self._port = address.hostname or "", address.port or (443 if self._tls else 80)
        self._proxy = proxy
        self._context: ssl.SSLContext | None = None
        self._head = f" HTTP/1.1\r\nHost: {address.netloc.rpartition('@')[2]}\r\nContent-Type: "
        self._free: deque[_Connection] = deque()
        self._closed = False

    async def post(self, path: str, body: bytes, kind: str, seconds: float) -> Answer:
        """The answer to a body of this content type. Raises NoAnswer; whoever is cancelled leaves no answer for the next one to find."""
        try:
            async with asyncio.timeout(seconds):
                connection = self._idle() or await self._connect()
                head = f"POST {path}{self._head}{kind}\r\nContent-Length: {len(body)}\r\n\r\n"
                try:
                    answer = await connection.ask(head.encode("ascii") + body)
                except BaseException:  # cancelled or timed out, too: its answer would be the next one's
                    connection.close()
                    raise
        except (OSError, TimeoutError, HttpParserError) as trouble:
            raise NoAnswer(type(trouble).__name__) from None
        if self._closed or not connection.open:
            connection.close()
        else:
            self._free.append(connection)
        return answer

    async def close(self) -> None:
        """Hang up; what is still under way is dropped."""
        self._closed = True
        while self._free:
            self._free.pop().close()
        await asyncio.sleep(0)  # so that the sockets are closed before the loop is

    def _idle(self) -> "_Connection | None":
        """The connection used last, if it is young enough; the others rest longer still."""
        soon = asyncio.get_running_loop().time() - IDLE
        while self._free:
            connection = self._free.pop()
            if connection.open and connection.used > soon:
                return connection
            connection.close()
        return None

    async def _connect(self) -> "_Connection":
        loop = asyncio.get_running_loop()
        if self._tls and self._context is None:
            self._context = ssl.create_default_context()
        name = self._host if self._tls else None
        if self._proxy:
            from python_socks.async_.asyncio import Proxy

            sock = await Proxy.from_url(self._proxy).connect(self._host, self._port)
            made = await loop.create_connection(_Connection, sock=sock, ssl=self._context, server_hostname=name)
        else:
            made = await loop.create_connection(
                _Connection, self._host, self._port, ssl=self._context, server_hostname=name, happy_eyeballs_delay=0.25
            )
        return made[1]


class _Connection(asyncio.Protocol):
    """One connection: a request at a time."""

    def __init__(self) -> None:
        """Not connected yet."""
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._parser = HttpResponseParser(self)
        self._body: list[bytes] = []
        self._size = 0
        self._until_end = False
        self.used = 0.0

    @property
    def open(self) -> bool:
        """Whether the server has not hung up."""
        return self._transport is not None and not self._transport.is_closing()

    async def ask(self, request: bytes) -> Answer:
        """Send, and wait for the whole answer."""
        loop = asyncio.get_running_loop()
        if self._transport is None:
            raise ConnectionResetError
        self._parser = HttpResponseParser(self)
        self._body, self._size, self._until_end = [], 0, True
        self._waiting = loop.create_future()
        self._transport.write(request)
        answer = await self._waiting
        self.used = loop.time()
        return answer

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()

    # --- what the loop tells -----------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._waiting is None or self._waiting.done():
            self.close()  # an answer that nobody asked for
            return
        try:
            self._parser.feed_data(data)
        except HttpParserError as trouble:
            self._fail(trouble)

    def connection_lost(self, trouble: Exception | None) -> None:
        self._transport = None
        if trouble is None and self._until_end and self._parser.get_status_code() >= 200:
            self.on_message_complete()  # an answer of no stated length ends with the connection
        self._fail(trouble if isinstance(trouble, OSError) else ConnectionResetError())

    def _fail(self, trouble: Exception) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(trouble)

    # --- what the parser tells ---------------------------------------------------------------------------------------

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() in (b"content-length", b"transfer-encoding"):
            self._until_end = False

    def on_body(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > LARGEST_ANSWER:
            self.close()
            return
        self._body.append(piece)

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < 200 or self._waiting is None or self._waiting.done():
            return
        self._waiting.set_result(Answer(status, b"".join(self._body)))
        if not self._parser.should_keep_alive():
            self.close()
