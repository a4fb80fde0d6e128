"""Calls to the VK API. vk-api has the uploads, the long poll and the errors; calls go out over connections of our own, at our own pace.

vk-api is synchronous: a thread for each call costs more than the call, and time that nobody can foresee. What it still does runs in daemon
threads with one of a few sessions: a default executor's thread would keep the process alive until its call ends, and one session takes one
call at a time.
"""

import asyncio
import io
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar, Union
from urllib.parse import urlsplit

import orjson
import requests
from jconfig import MemoryConfig  # type: ignore[import-untyped]
from requests.adapters import HTTPAdapter
from vk_api import VkApi, VkUpload
from vk_api.bot_longpoll import VkBotLongPoll
from vk_api.exceptions import ApiError, VkApiError
from yarl import URL

from bot.handlers.posting import NoAnswer, Posting
from bot.notifications.pace import Pace

VERSION = "5.199"
BUILT_IN = "https://api.vk.ru/"
"""The host that vk-api writes into its addresses."""
TIMEOUT = (3.0, 5.0)
"""Seconds to connect and to read; together what a stop waits for."""
SESSIONS = 4
FORM = "application/x-www-form-urlencoded"
HOLD = 25
"""Seconds that VK holds a long poll."""
TOO_MANY = 6
"""The error of a call too many in a second."""
AT_ONCE = 25
"""Calls in one `execute`."""
LARGEST_CODE = 60_000
"""Characters of one `execute`; our own caution."""
Trouble = (VkApiError, requests.RequestException)
"""Whatever a call raises."""


class Unanswered(VkApiError):  # type: ignore[misc]
    """No answer, or none of the API's."""


Call = tuple[str, Mapping[str, Any]]
T = TypeVar("T")


@dataclass(frozen=True)
class Failed:
    """What one call inside `execute` was refused with."""

    code: int
    why: str


Result = Union[Any, Failed]


class _Transport(HTTPAdapter):
    """Every request has a time-out, and goes to the configured host."""

    def __init__(self, api_url: str) -> None:
        super().__init__()
        self._host = api_url.rstrip("/") + "/"

    def send(self, request: requests.PreparedRequest, *rest: Any, **options: Any) -> requests.Response:
        if request.url and request.url.startswith(BUILT_IN):
            request.url = self._host + request.url.removeprefix(BUILT_IN)
        options["timeout"] = options.get("timeout") or TIMEOUT
        return super().send(request, *rest, **options)


class _Api(VkApi):  # type: ignore[misc]
    """vk-api without its own pauses and its endless repetition after error 6."""

    RPS_DELAY = 0

    def too_many_rps_handler(self, error: ApiError) -> None:
        raise error


class LongPoll(VkBotLongPoll):  # type: ignore[misc]
    """vk-api's long poll that leaves events as they came: one that cannot be parsed must not take the others with it."""

    def _parse_event(self, raw_event: Any) -> Any:
        return raw_event


class VkClient:
    """The API on behalf of one community."""

    def __init__(self, token: str, group_id: int, api_url: str, per_second: float = 20.0) -> None:
        """VK takes `per_second` calls, and refuses the next one (error 6)."""
        self.group_id, self.pace = group_id, Pace(per_second)
        self._token, self._api_url = token, api_url
        self._posting = Posting(api_url)
        self._path = f"{urlsplit(api_url).path.rstrip('/')}/method/"
        self._idle = [self._session() for _number in range(SESSIONS)]
        self._room = asyncio.Semaphore(SESSIONS)

    def _session(self) -> _Api:
        session = requests.Session()
        session.trust_env = False
        for scheme in ("https://", "http://"):
            session.mount(scheme, _Transport(self._api_url))
        return _Api(token=self._token, api_version=VERSION, config=MemoryConfig, session=session)

    async def call(self, method: str, params: Mapping[str, Any], raw: bool = False) -> Any:
        """The `response` of a method, or with `raw` the whole answer. Raises one of `Trouble`."""
        return await self._paced(lambda: self._post(method, params, raw), 1)

    async def execute(self, calls: Sequence[Call], booked: bool = False) -> Sequence[Result]:
        """Up to 25 calls in one, in order: for each its response, or how it failed. Raises `Trouble` when none was tried.

        `booked`: whoever calls has taken a place in the pace.
        """
        if not calls:
            return ()
        code = f"return [{','.join(f'API.{method}({orjson.dumps(params).decode()})' for method, params in calls)}];"
        answer = await self._paced(lambda: self._post("execute", {"code": code}, raw=True), 0 if booked else 1)
        failures = iter(answer.get("execute_errors", ()))
        return [_result(one, failures) for one in answer["response"]]

    async def upload(self, peer: int, name: str, content: bytes) -> str:
        """Upload a document for one chat; returns what `attachment` takes. Raises one of `Trouble`."""

        def put(api: _Api) -> str:
            file = io.BytesIO(content)
            file.name = name
            upload = VkUpload(api)
            upload.http = api.http  # the one with time-outs
            saved = upload.document_message(file, title=name, peer_id=peer)["doc"]
            return f"doc{saved['owner_id']}_{saved['id']}"

        return await self._paced(lambda: self._with(put), 2)

    async def upload_photo(self, peer: int, name: str, content: bytes) -> str:
        """Upload a picture that is shown at once; returns what `attachment` takes. Raises one of `Trouble`."""

        def put(api: _Api) -> str:
            file = io.BytesIO(content)
            file.name = name
            upload = VkUpload(api)
            upload.http = api.http  # the one with time-outs
            [saved] = upload.photo_messages(file, peer_id=peer)
            key = f"_{saved['access_key']}" if saved.get("access_key") else ""
            return f"photo{saved['owner_id']}_{saved['id']}{key}"

        return await self._paced(lambda: self._with(put), 2)

    async def long_poll(self) -> LongPoll:
        """Connect to the long poll. Raises one of `Trouble`."""
        return await self._paced(lambda: self._with(lambda api: LongPoll(api, self.group_id, wait=HOLD)), 1)

    async def close(self) -> None:
        """Close the connections; the threads are daemons."""
        await self._posting.close()

    async def _post(self, method: str, params: Mapping[str, Any], raw: bool) -> Any:
        said = {**params, "v": VERSION, "access_token": self._token}
        form = URL.build(query=said).raw_query_string.encode()  # in C: urllib takes longer than the call
        try:
            answer = await self._posting.post(self._path + method, form, FORM, sum(TIMEOUT))
        except NoAnswer as trouble:
            raise Unanswered(str(trouble)) from None
        try:
            body = orjson.loads(answer.body)
        except ValueError:
            raise Unanswered(f"HTTP {answer.status}") from None
        if "error" in body:
            raise ApiError(None, method, {}, raw, body["error"])
        return body if raw else body["response"]

    async def _with(self, work: Callable[[_Api], T]) -> T:
        """Run work with a session of its own."""
        async with self._room:
            api = self._idle.pop()
            try:
                return await in_daemon(lambda: work(api))
            finally:
                self._idle.append(api)

    async def _paced(self, work: Callable[[], Awaitable[T]], calls: int) -> T:
        """Do work that makes so many calls, when their turn has come."""
        clock = asyncio.get_running_loop().time
        now = clock()
        leaving = [self.pace.leave(now) for _call in range(calls)]
        if leaving:
            await asyncio.sleep(leaving[-1].left - now)
        try:
            answer = await work()
        except BaseException as trouble:
            for call in leaving:
                if getattr(trouble, "code", 0) == TOO_MANY:
                    self.pace.refused(call, "", clock(), 1.0, sure=True)
                else:
                    self.pace.lost(call, clock())
            raise
        for call in leaving:
            self.pace.taken(call, clock())
        return answer


def _result(one: Any, failures: Any) -> Result:
    """`execute` gives false for a call that failed, and the errors beside, in order."""
    if one is not False:
        return one
    error = next(failures)
    return Failed(int(error["error_code"]), str(error["error_msg"]))


def in_daemon(work: Callable[[], T]) -> Awaitable[T]:
    """Run work in a daemon thread: when nobody waits any more, its end is of no interest to anybody."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def run() -> None:
        try:
            result = work()
        except BaseException as trouble:
            _tell(loop, done, trouble=trouble)
        else:
            _tell(loop, done, result=result)

    threading.Thread(target=run, daemon=True, name="vk").start()
    return done


def _tell(
    loop: asyncio.AbstractEventLoop, done: "asyncio.Future[T]", result: Any = None, trouble: BaseException | None = None
) -> None:
    def tell() -> None:
        if done.done():
            return
        if trouble is not None:
            done.set_exception(trouble)
        else:
            done.set_result(result)

    with suppress(RuntimeError):  # the loop is closed: the process is ending
        loop.call_soon_threadsafe(tell)
