"""What the messengers' servers share: a socket on 127.0.0.1, logs of calls and refusals, faults, rates, chats."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar
from urllib.parse import parse_qsl

import orjson
from aiohttp import web

from tests.patience import PATIENCE

from .faults import Fault, Faults

Json = dict[str, Any]
T = TypeVar("T")
LARGEST_BODY = 60 * 1024**2


class Refused(Exception):
    """The messenger says no, with its own code and words."""

    def __init__(self, code: int, text: str, retry_after: int = 0) -> None:
        super().__init__(f"{code} {text}")
        self.code, self.text, self.retry_after = code, text, retry_after


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    params: Json


@dataclass(frozen=True, slots=True)
class Refusal:
    method: str
    params: Json
    code: int
    text: str


@dataclass(eq=False, slots=True)
class Message:
    """A message as it stands in its chat now. `rows` are inline buttons as the messenger got them; `changed` is the
    server's revision of its last sending or edit; `attached` is what it carries besides text, as the API shows it."""

    id: int
    chat: "Chat"
    by_bot: bool
    sender: int
    text: str
    rows: list[list[Json]]
    date: float
    changed: int
    attached: Json = field(default_factory=dict)
    deleted: bool = False

    @property
    def labels(self) -> list[str]:
        return [label(button) for row in self.rows for button in row]

    def __str__(self) -> str:
        return "\n".join([self.text, *(" ".join(f"[{label(button)}]" for button in row) for row in self.rows)])


@dataclass(eq=False, slots=True)
class Chat:
    """A private chat (its id is the person's) or a group. `keyboard` is the standing keyboard under the input field."""

    id: int
    kind: str
    title: str
    messages: dict[int, Message] = field(default_factory=dict)
    keyboard: list[list[Json]] = field(default_factory=list)
    keyboard_goes: bool = False
    reachable: bool = False


def label(button: Json) -> str:
    """What stands on a button of Telegram or VK; VK draws the one for a place by itself."""
    return str(button["text"] if "text" in button else button["action"].get("label", "Location"))


class Window:
    """A sliding window: at most `limit` in any `seconds`."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit, self.seconds = limit, seconds
        self.times: deque[float] = deque()

    def wait(self) -> float:
        """Seconds until one more fits; 0 if it fits now."""
        now = time.monotonic()
        while self.times and self.times[0] <= now - self.seconds:
            self.times.popleft()
        return self.times[0] + self.seconds - now if len(self.times) >= self.limit else 0

    def take(self) -> None:
        self.times.append(time.monotonic())


class LocalServer(ABC):
    """`check=False` accepts without validating and logs no calls, for speed. `clock` gives Unix time to messages.
    `calls` are the accepted ones, `refused` the others; `watch` is called with each message sent, edited or deleted, `witness`
    with the name and the result of each accepted call before its answer goes out, and with `post` and the event of each post to a bot."""

    def __init__(self, *, check: bool, strict_rates: bool, clock: Callable[[], float]) -> None:
        self.check, self.strict_rates, self.clock = check, strict_rates, clock
        self.url = ""
        self.faults = Faults()
        self.calls: list[Call] = []
        self.refused: list[Refusal] = []
        self.accepted = 0
        self.chats: dict[int, Chat] = {}
        self.revision = 0
        self.watch: Callable[[Message], None] | None = None
        self.witness: Callable[[str, Any], None] | None = None
        self.closed = False
        self._waiting: list[asyncio.Future[None]] = []

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()

        def request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
            return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=LARGEST_BODY)

        server = web.Server(self._serve, access_log=None, handler_cancellation=True, request_factory=request)
        self._runner = web.ServerRunner(server, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1024).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *failure: object) -> None:
        self.closed = True
        self.happened()
        await self._runner.cleanup()

    @abstractmethod
    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer any request to this server."""

    @abstractmethod
    def _no(self, refused: Refused, params: Json) -> web.Response:
        """The refusal in this messenger's words."""

    async def _act(
        self,
        request: web.BaseRequest,
        method: str,
        params: Json,
        do: Callable[[Json], Any],
        answer: Callable[[Any], bytes],
    ) -> web.StreamResponse:
        """One call: a fault may come before or after it; it is logged as accepted or as refused."""
        fault = self.faults.take(method, params) if self.faults.waiting else None
        if fault and (early := await self._early(request, fault, params)):
            return early
        try:
            result = do(params)
            if asyncio.iscoroutine(result):
                result = await result
        except Refused as refused:
            self.refused.append(Refusal(method, params, refused.code, refused.text))
            response = self._no(refused, params)
        else:
            self.accepted += 1
            if self.check:
                self.calls.append(Call(method, params))
            if self.witness:
                self.witness(method, result)
            if self._waiting:
                self.happened()
            response = web.Response(body=answer(result), content_type="application/json")
        if fault and fault.linger:
            await asyncio.sleep(fault.linger)
        return _cut(request) if fault and fault.cuts_after else response

    async def _early(self, request: web.BaseRequest, fault: Fault, params: Json) -> web.StreamResponse | None:
        if fault.pause:
            await asyncio.sleep(fault.pause)
        if fault.cuts_before:
            return _cut(request)
        if fault.page:
            return web.Response(status=fault.status, text=fault.page, content_type="text/html")
        return self._no(Refused(fault.code, fault.text, fault.retry_after), params) if fault.code else None

    def happened(self) -> None:
        """Wake everybody who waits for a change."""
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, condition: Callable[[], T], timeout: float = PATIENCE) -> T:
        """The first true value of `condition`, or its last one after `timeout` seconds or when the server closes."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while not (value := condition()) and not self.closed and loop.time() < deadline:
            future = loop.create_future()
            self._waiting.append(future)
            await asyncio.wait((future,), timeout=deadline - loop.time())
        return value

    def shown(self, message: Message) -> None:
        """A message was sent, edited or deleted."""
        self.revision += 1
        message.changed = self.revision
        if self.watch:
            self.watch(message)
        if self._waiting:
            self.happened()


async def parameters(request: web.BaseRequest) -> Json:
    """The parameters of a call from the address and a JSON, form or multipart body; uploads are `web.FileField`s."""
    params: Json = dict(request.query) if request.query_string else {}
    if request.content_type == "multipart/form-data":
        params.update(await request.post())
    elif body := await request.read():
        if request.content_type == "application/json":
            params.update(orjson.loads(body))
        else:
            params.update(parse_qsl(body.decode(), keep_blank_values=True))
    return params


def _cut(request: web.BaseRequest) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response()
