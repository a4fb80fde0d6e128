"""A VK server in this process: what a community's bot calls and what it is refused (VK API 5.199)."""

import time
from collections.abc import Callable
from itertools import count
from typing import Any

import orjson
from aiohttp import web

from .local import Chat, Json, LocalServer, Refused, Window, parameters
from .vk_events import Events
from .vk_messages import Mail
from .vk_person import VKPerson
from .vk_rules import CHATS, WORDS, compiled, no, numbers, whole

ENABLED = frozenset({"message_new", "message_event", "message_allow", "message_deny", "message_edit"})
HTTP = {429: 6, 500: 10}  # faults that name an HTTP status, in VK's own codes


class VKServer(LocalServer):
    """`strict_rates` refuses above 20 calls in any second. A callback button's event can be answered for
    `event_lifetime` seconds of `clock`. `enabled` names the events that the community's settings let out.
    `long_poll_servers` is how many calls of groups.getLongPollServer pass before error 29."""

    def __init__(
        self,
        token: str = "vk1.T",
        group_id: int = 1,
        *,
        check: bool = True,
        strict_rates: bool = False,
        clock: Callable[[], float] = time.time,
        event_lifetime: float = 60,
        enabled: frozenset[str] = ENABLED,
        long_poll_servers: int | None = None,
    ) -> None:
        super().__init__(check=check, strict_rates=strict_rates, clock=clock)
        self.token, self.group_id, self.event_lifetime = token, group_id, event_lifetime
        self.long_poll_servers = long_poll_servers
        self.users: dict[int, VKPerson] = {}
        self.unreachable: dict[int, int] = {}
        self.taps: dict[str, tuple[VKPerson, int, float]] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.documents: dict[str, Json] = {}
        self.events = Events(self, set(enabled))
        self.ids = count(1)
        self.mail = Mail(self)
        self._overall = Window(20, 1)
        self._methods: dict[str, Callable[[Json], Any]] = {
            "groups.getById": self._group,
            "groups.getLongPollServer": self._long_poll_server,
            "groups.getLongPollSettings": self.events.settings,
            "groups.setLongPollSettings": self.events.set_settings,
            "messages.send": self.mail.send,
            "messages.edit": self.mail.edit,
            "messages.delete": self.mail.delete,
            "messages.sendMessageEventAnswer": self.mail.answer_event,
            "messages.getConversations": self.mail.conversations,
            "messages.getHistory": self.mail.history,
            "messages.getByConversationMessageId": self.mail.by_number,
            "docs.getMessagesUploadServer": self._upload_server,
            "docs.save": self._save_document,
            "photos.getMessagesUploadServer": self._upload_server,
            "photos.saveMessagesPhoto": self._save_photo,
            "users.get": self._users,
            "execute": self._execute,
        }

    async def __aexit__(self, *failure: object) -> None:
        self.events.stop()
        await super().__aexit__(*failure)

    def user(self, id: int, language: str = "ru", first_name: str = "Parent", started: bool = False) -> VKPerson:
        """A person, the same for the same id. The community may write to her after she has written (or `started`)."""
        if id not in self.users:
            self.chats[id] = Chat(id, "user", first_name, reachable=started)
            self.users[id] = VKPerson(self, id, first_name, language, self.chats[id])
        return self.users[id]

    def group(self, id: int = 1, title: str = "Group") -> Chat:
        """A conversation of many with peer_id 2000000000 + id that the community is in; pass it as `chat=`."""
        return self.chats.setdefault(CHATS + id, Chat(CHATS + id, "chat", title, reachable=True))

    def push(self, kind: str, about: Json, event_id: str = "") -> str:
        """Any event, well-formed or not; a repeat brings its event_id along."""
        return self.events.push(kind, about, event_id)

    async def call_back(self, url: str, secret: str = "", confirmation: str = "") -> None:
        """Confirm this address and deliver events to it (Callback API)."""
        await self.events.call_back(url, secret, confirmation)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        params = await parameters(request)
        if request.path.startswith("/method/"):
            return await self._act(
                request, request.path.removeprefix("/method/"), params, self._method(request.path), _yes
            )
        if request.path == "/longpoll":
            return await self._act(request, "a_check", params, self.events.a_check, orjson.dumps)
        if request.path == "/upload":
            return await self._act(request, "upload", params, self._upload, orjson.dumps)
        return web.Response(status=404, text="<html>404</html>", content_type="text/html")

    def _method(self, path: str) -> Callable[[Json], Any]:
        name = path.removeprefix("/method/")

        def call(params: Json) -> Any:
            if params.get("access_token") != self.token:
                raise no(5, "invalid access_token (4)." if params.get("access_token") else "no access_token passed.")
            if not str(params.get("v", "")).replace(".", "", 1).isdecimal():
                raise no(8, "v (version) is required")
            if self.strict_rates:
                if self._overall.wait():
                    raise no(6)
                self._overall.take()
            if name not in self._methods:
                raise no(3)
            return self._methods[name](params)

        return call

    def _no(self, refused: Refused, params: Json) -> web.Response:
        code = HTTP.get(refused.code, refused.code)
        error = {
            "error_code": code,
            "error_msg": refused.text if code == refused.code else WORDS[code],
            "request_params": [
                {"key": key, "value": str(value)} for key, value in params.items() if key != "access_token"
            ],
        }
        return web.Response(
            status=500 if refused.code == 500 else 200,
            body=orjson.dumps({"error": error}),
            content_type="application/json",
        )

    def own_group(self, params: Json) -> None:
        if whole(params, "group_id") != self.group_id:
            raise no(15, "group_id is not this token's")

    def _group(self, params: Json) -> Json:
        return {
            "groups": [
                {
                    "id": self.group_id,
                    "name": "Kruzhok",
                    "screen_name": f"club{self.group_id}",
                    "is_closed": 0,
                    "type": "group",
                }
            ],
            "profiles": [],
        }

    def _long_poll_server(self, params: Json) -> Json:
        if self.long_poll_servers is not None:
            if self.long_poll_servers <= 0:
                raise no(29)
            self.long_poll_servers -= 1
        return self.events.server_address(params)

    def _users(self, params: Json) -> list[Json]:
        return [self.users[id].profile for id in numbers(params, "user_ids", 1000) if id in self.users]

    # Files and execute

    def _upload_server(self, params: Json) -> Json:
        self.mail.chat(whole(params, "peer_id"))
        return {"upload_url": f"{self.url}/upload"}

    def _upload(self, params: Json) -> Json:
        """A document comes as `file`, a picture as `photo` (VkUpload: `file0`, …)."""
        file = next((value for value in params.values() if isinstance(value, web.FileField)), None)
        if file is None:
            return {"error": "no_file"}
        token = f"upload{next(self.ids)}"
        self.files[token] = file.filename, file.file.read()
        if params.get("file") is file:
            return {"file": token}
        return {"server": 1, "photo": f'[{{"photo":"{token}"}}]', "hash": f"hash-of-{token}"}

    def _save_photo(self, params: Json) -> list[Json]:
        """What was uploaded must be a picture, and come with the hash that the upload gave."""
        token = str(params.get("hash")).removeprefix("hash-of-")
        name, content = self.files.get(token, ("", b""))
        if token not in str(params.get("photo")) or not content.startswith((b"\x89PNG", b"\xff\xd8")):
            raise no(100, "photo is undefined")
        number = next(self.ids)
        photo = {
            "id": number,
            "owner_id": -self.group_id,
            "album_id": -3,
            "date": int(self.clock()),
            "access_key": f"key{number}",
            "sizes": [{"type": "x", "url": f"{self.url}/{token}", "width": 604, "height": 400}],
            "text": "",
        }
        self.documents[f"photo-{self.group_id}_{number}"] = photo
        return [photo]

    def _save_document(self, params: Json) -> Json:
        token = str(params.get("file"))
        if token not in self.files:
            raise no(100, "file is invalid")
        name, content = self.files[token]
        number = next(self.ids)
        document = {
            "id": number,
            "owner_id": -self.group_id,
            "title": str(params.get("title") or name),
            "size": len(content),
            "ext": name.rpartition(".")[2],
            "date": int(self.clock()),
            "type": 1,
            "url": f"{self.url}/{token}",
        }
        self.documents[f"doc-{self.group_id}_{number}"] = document
        return {"type": "doc", "doc": document}

    def _execute(self, params: Json) -> "Executed":
        """Up to 25 calls in one; a failed one gives false and a line in execute_errors."""
        results: list[Any] = []
        errors: list[Json] = []
        for method, written in compiled(str(params.get("code") or "")):
            given = {
                name: ",".join(map(str, value)) if isinstance(value, list) else value for name, value in written.items()
            }
            try:
                if method not in self._methods or method == "execute":
                    raise no(3)
                results.append(self._methods[method](given))
            except Refused as refused:
                results.append(False)
                errors.append({"method": method, "error_code": refused.code, "error_msg": refused.text})
        return Executed(results, errors)


class Executed:
    """The answer of `execute`, whose errors stand beside the response."""

    def __init__(self, results: list[Any], errors: list[Json]) -> None:
        self.results, self.errors = results, errors


def _yes(result: Any) -> bytes:
    if isinstance(result, Executed):
        return orjson.dumps(
            {"response": result.results, **({"execute_errors": result.errors} if result.errors else {})}
        )
    return orjson.dumps({"response": result})
