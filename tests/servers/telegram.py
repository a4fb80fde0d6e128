"""A Telegram Bot API server in this process: what a bot calls and what it is refused (Bot API 10)."""

import re
import time
from collections.abc import Callable
from itertools import count
from typing import Any

import orjson
from aiohttp import web

from .local import Chat, Json, LocalServer, Refused, parameters
from .telegram_messages import Mail
from .telegram_person import TelegramPerson
from .telegram_rules import bad, utf16
from .telegram_updates import Updates

WRITTEN_AS_JSON = {
    "reply_markup",
    "entities",
    "caption_entities",
    "allowed_updates",
    "commands",
    "scope",
    "menu_button",
    "link_preview_options",
    "reply_parameters",
}


class TelegramServer(LocalServer):
    """`strict_rates` refuses above 30 messages and edits in any second and above one in a chat. A callback query can be
    answered for `query_lifetime` seconds of `clock`. A user can be written to after she has written (or `started`)."""

    def __init__(
        self,
        token: str = "1:T",
        *,
        username: str = "kruzhok_bot",
        check: bool = True,
        strict_rates: bool = False,
        clock: Callable[[], float] = time.time,
        query_lifetime: float = 600,
    ) -> None:
        super().__init__(check=check, strict_rates=strict_rates, clock=clock)
        self.token, self.query_lifetime = token, query_lifetime
        self.me: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Kruzhok",
            "username": username,
        }
        self.users: dict[int, TelegramPerson] = {}
        self.unreachable: dict[int, Refused] = {}
        self.queries: dict[str, tuple[TelegramPerson, float]] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.settings: dict[str, Json] = {}
        self.updates = Updates(self)
        self.mail = Mail(self)
        self.ids = count(1)
        self._methods: dict[str, Callable[[Json], Any]] = {
            "getme": lambda params: self.me,
            "getupdates": self.updates.get,
            "setwebhook": self.updates.set_webhook,
            "deletewebhook": self.updates.delete_webhook,
            "getwebhookinfo": self.updates.webhook_info,
            "sendmessage": self.mail.send_message,
            "senddocument": self.mail.send_document,
            "sendphoto": self.mail.send_photo,
            "sendchataction": self.mail.chat_action,
            "editmessagetext": self.mail.edit_text,
            "editmessagereplymarkup": self.mail.edit_markup,
            "deletemessage": self.mail.delete,
            "answercallbackquery": self.mail.answer_query,
            "setmycommands": self._set_commands,
            "setmydescription": self._set_text("description", 512),
            "setmyshortdescription": self._set_text("short_description", 120),
            "setchatmenubutton": self._set_menu_button,
        }

    async def __aexit__(self, *failure: object) -> None:
        self.updates.stop()
        await super().__aexit__(*failure)

    def user(self, id: int, language: str = "ru", first_name: str = "Parent", started: bool = False) -> TelegramPerson:
        """A person with a private chat; the same one for the same id."""
        if id not in self.users:
            self.chats[id] = Chat(id, "private", first_name, reachable=started)
            self.users[id] = TelegramPerson(self, id, first_name, language, self.chats[id])
        return self.users[id]

    def group(self, id: int = -1001, title: str = "Group") -> Chat:
        """A group chat that the bot is a member of; pass it as `chat=` to what a person does."""
        return self.chats.setdefault(id, Chat(id, "supergroup", title, reachable=True))

    def push(self, update: Json) -> int:
        """Any update, well-formed or not; gets the next `update_id` unless it brings one. Returns the id."""
        return self.updates.push(update)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        token, _, method = request.path.removeprefix("/bot").partition("/")
        if not request.path.startswith("/bot") or not method:
            return self._no(Refused(404, "Not Found"), {})
        if token != self.token:
            return self._no(Refused(401, "Unauthorized"), {})
        do = self._methods.get(method.lower())
        if do is None:
            return self._no(Refused(404, "Not Found: method not found"), {})
        try:
            params = await parameters(request)
            for name in WRITTEN_AS_JSON & params.keys():
                if isinstance(params[name], str):
                    params[name] = orjson.loads(params[name]) if params[name] else None
        except ValueError:
            return self._no(bad("can't parse JSON object"), {})
        return await self._act(request, method, params, do, _yes)

    def _no(self, refused: Refused, params: Json) -> web.Response:
        answer: Json = {"ok": False, "error_code": refused.code, "description": refused.text}
        if refused.retry_after:
            answer["parameters"] = {"retry_after": refused.retry_after}
        return web.Response(status=refused.code, body=orjson.dumps(answer), content_type="application/json")

    # The bot's profile

    def _set_commands(self, params: Json) -> bool:
        commands = params.get("commands")
        if not isinstance(commands, list) or len(commands) > 100:
            raise bad("BOT_COMMANDS_TOO_MUCH" if commands else 'parameter "commands" is required')
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command"))):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(str(command.get("description") or "")) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        return self._keep("commands", params)

    def _set_text(self, field: str, limit: int) -> Callable[[Json], bool]:
        def set_text(params: Json) -> bool:
            if utf16(str(params.get(field) or "")) > limit:
                raise bad(f"{field} is too long")
            return self._keep(field, params)

        return set_text

    def _set_menu_button(self, params: Json) -> bool:
        button = params.get("menu_button") or {"type": "default"}
        if button.get("type") not in ("default", "commands", "web_app"):
            raise bad("MenuButton has unsupported type")
        return self._keep("menu_button", params)

    def _keep(self, what: str, params: Json) -> bool:
        """`settings` holds the last accepted call for each setting and language, as `commands` or `commands:ru`."""
        language = params.get("language_code")
        self.settings[f"{what}:{language}" if language else what] = params
        return True


def _yes(result: Any) -> bytes:
    return orjson.dumps({"ok": True, "result": result})
