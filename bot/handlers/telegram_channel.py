"""Telegram as a channel: a message goes out, and the error that comes back becomes an outcome (Bot API: sendMessage, editMessageText)."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import BufferedInputFile
from aiogram.types import Message as SentMessage

from bot.dialogs.message import Message
from bot.handlers import files, keyboard
from bot.handlers.channel import TELEGRAM
from bot.handlers.telegram_client import TelegramClient, Trouble
from bot.i18n import _, render
from bot.notifications.delivery import Delivery, Gone, Later, Outcome, Refused, Sent, Unreachable
from bot.notifications.pace import Pace, in_flight

Json = dict[str, Any]
SAME = "message is not modified"
CANNOT_EDIT = (
    "message can't be edited",
    "message to edit not found",
    "MESSAGE_ID_INVALID",
    "there is no text in the message",
)
NOBODY = ("chat not found", "user is deactivated", "PEER_ID_INVALID", "USER_IS_BLOCKED")
UNKNOWN_FILE = "wrong file identifier"
CLEARING = Message("…")
"""Takes the standing keyboard away: only a message can, so this one comes and goes."""


class TelegramChannel:
    """Telegram as the sender sees it."""

    name = "telegram"
    at_once = 1

    def __init__(self, client: TelegramClient, per_second: float = 30.0, per_chat: float = 1.0) -> None:
        """Telegram's limits: messages a second, and in one chat."""
        self.pace, self.per_chat = Pace(per_second), per_chat
        self.in_flight = in_flight(per_second)
        self._client = client
        self._uploads = files.Uploads()
        self._standing: set[str] = set()
        """Chats that show our contact button. Forgotten on a restart; the button hides itself when it is pressed."""

    def parts(self, delivery: Delivery) -> Sequence[Delivery]:
        """Only the first part takes an earlier message's place."""
        pieces = keyboard.parts(delivery.message, TELEGRAM)
        if pieces[0] is delivery.message and delivery.address not in self._standing:
            return (delivery,)
        clearing = (CLEARING,) if delivery.address in self._standing and not _wants_contact(delivery.message) else ()
        deliveries = [replace(delivery, message=piece, edits="") for piece in (*clearing, *pieces)]
        if delivery.edits:
            first = len(clearing)
            deliveries[first] = replace(deliveries[first], edits=delivery.edits)
        return deliveries

    async def send(self, deliveries: Sequence[Delivery]) -> Sequence[Outcome]:
        """See the protocol."""
        outcomes: list[Outcome] = []
        for delivery in deliveries:
            try:
                outcomes.append(Sent(await self._deliver(delivery)))
            except Trouble as trouble:
                outcomes.append(_outcome(trouble))
        return outcomes

    async def _deliver(self, delivery: Delivery) -> str:
        """Returns the message's id."""
        chat, message = int(delivery.address), delivery.message
        if message is CLEARING:
            return await self._clear(delivery.address)
        if files.is_file(message):
            return await self._send_file(chat, message)
        wording: Json = {"chat_id": chat, "text": message.text, "link_preview_options": {"is_disabled": True}}
        if _wants_contact(message):
            sent = await self._client.call("sendMessage", {**wording, "reply_markup": _contact_keyboard(message)})
            self._standing.add(delivery.address)
            return str(sent["message_id"])
        if message.rows:
            wording["reply_markup"] = _inline_keyboard(message)
        if delivery.edits and await self._edited(wording, delivery.edits):
            return delivery.edits
        return str((await self._client.call("sendMessage", wording))["message_id"])

    async def _send_file(self, chat: int, message: Message) -> str:
        """An image is shown at once, anything else is saved; what was uploaded before goes by its id there."""
        if known := self._uploads.known(message, str(chat)):
            try:
                return str((await self._send_as(chat, message, known)).message_id)
            except TelegramBadRequest as refusal:
                if UNKNOWN_FILE not in refusal.message:
                    raise
        file = await files.ready(message)
        sent = await self._send_as(chat, message, BufferedInputFile(file.content, file.name))
        name = sent.photo[-1].file_id if sent.photo else sent.document.file_id if sent.document else ""
        self._uploads.learn(message, str(chat), name)
        return str(sent.message_id)

    async def _send_as(self, chat: int, message: Message, file: BufferedInputFile | str) -> SentMessage:
        words = files.words_for(message) or None
        if files.is_image(message):
            return await self._client.bot.send_photo(chat, file, caption=words)
        return await self._client.bot.send_document(chat, file, caption=words)

    async def _edited(self, wording: Json, number: str) -> bool:
        """Whether the earlier message now says this; False if it cannot be changed, and a new one must say it."""
        try:
            await self._client.call("editMessageText", {**wording, "message_id": int(number)})
        except TelegramBadRequest as refusal:
            if SAME in refusal.message:
                return True
            if any(reason in refusal.message for reason in CANNOT_EDIT):
                return False
            raise
        return True

    async def _clear(self, address: str) -> str:
        sent = await self._client.call(
            "sendMessage", {"chat_id": int(address), "text": CLEARING.text, "reply_markup": {"remove_keyboard": True}}
        )
        self._standing.discard(address)
        with suppress(Trouble):  # it is only a «…»
            await self._client.call("deleteMessage", {"chat_id": int(address), "message_id": sent["message_id"]})
        return str(sent["message_id"])

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()


def _outcome(trouble: Trouble) -> Outcome:
    match trouble:
        case TelegramRetryAfter():
            return Later(float(trouble.retry_after), everywhere=None)
        case TelegramForbiddenError():
            return Gone(trouble.message)
        case TelegramBadRequest() if any(reason in trouble.message for reason in NOBODY):
            return Gone(trouble.message)
        case TelegramUnauthorizedError() | TelegramNotFound():
            return Unreachable(
                "the token is refused"
            )  # whoever runs the service mends it; no message is lost meanwhile
        case TelegramEntityTooLarge():
            return Refused(trouble.message)
        case TelegramNetworkError() | TelegramServerError():
            return Unreachable(type(trouble).__name__)
        case TelegramAPIError():
            return Refused(trouble.message)
    return Unreachable(type(trouble).__name__)  # an answer that is not the Bot API's: a proxy's page


def _inline_keyboard(message: Message) -> Json:
    return {
        "inline_keyboard": [
            [
                {"text": key.label, "url": key.url} if key.url else {"text": key.label, "callback_data": key.data}
                for key in row
            ]
            for row in message.rows
        ]
    }


def _wants_contact(message: Message) -> bool:
    """A question for a phone gets Telegram's contact button, which lives on a standing keyboard only; that one cannot hold links."""
    return message.wants == "phone" and not any(key.url for row in message.rows for key in row)


def _contact_keyboard(message: Message) -> Json:
    """The screen's own buttons stand below as words: typed words that name a button mean the button."""
    contact = {"text": render(_("Send my phone number"), message.language), "request_contact": True}
    return {
        "keyboard": [[contact], *([{"text": key.label} for key in row] for row in message.rows)],
        "one_time_keyboard": True,
        "resize_keyboard": True,
    }
