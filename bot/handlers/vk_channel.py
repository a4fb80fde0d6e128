"""VK as a channel: 25 messages in one call, and VK drops a repeat by its random_id (VK API 5.199: messages.send, messages.edit)."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson
from vk_api.exceptions import ApiError

from bot.dialogs.message import Key, Message
from bot.handlers import files, keyboard, vk_client
from bot.handlers.channel import VK
from bot.handlers.vk_client import AT_ONCE, LARGEST_CODE, Call, Failed, Result, Trouble, Unanswered, VkClient
from bot.notifications.delivery import Delivery, Gone, Later, Outcome, Refused, Sent, Unreachable
from bot.notifications.pace import in_flight

GONE = {18, 900, 901, 902, 936}
"""Deleted, in the blacklist, no permission, closed messages, no such contact."""
BROKEN = {1, 5, 10, 14, 15, 17, 27, 28, 203}
"""VK's own trouble, or the token's: whoever runs the service mends it, and no message is lost meanwhile."""
NOT_OF_ONE = {8, 12, 13, 100}
"""The whole `execute` is refused because of one message in it."""
MISSED_EDIT = {15, 100, 909, 910, 920}
"""Older than a day, not found, of another kind: a new message says it."""


class VkChannel:
    """VK as the sender sees it."""

    name = "vk"
    at_once = AT_ONCE

    def __init__(self, client: VkClient, per_chat: float = 5.0) -> None:
        """`per_chat` messages a second go to one chat; how many calls there are is the client's."""
        self.pace, self.per_chat = client.pace, per_chat
        self.in_flight = in_flight(client.pace.allowed)
        self._client = client
        self._uploads = files.Uploads()

    def parts(self, delivery: Delivery) -> Sequence[Delivery]:
        """Only the first part takes an earlier message's place; each has a seed of its own."""
        pieces = keyboard.parts(delivery.message, VK)
        first = replace(delivery, message=pieces[0])
        rest = (
            replace(delivery, message=piece, edits="", seed=_seed(delivery.seed, n))
            for n, piece in enumerate(pieces[1:], 1)
        )
        return (first, *rest)

    async def send(self, deliveries: Sequence[Delivery]) -> Sequence[Outcome]:
        """See the protocol."""
        prepared = tuple(enumerate(await asyncio.gather(*map(self._prepared, deliveries))))
        outcomes = {number: each for number, each in prepared if not isinstance(each, tuple)}
        calls = {number: each for number, each in prepared if isinstance(each, tuple)}
        outcomes |= await self._execute(calls, booked=True)
        missed = {
            number: _sending(deliveries[number])
            for number, outcome in outcomes.items()
            if deliveries[number].edits and isinstance(outcome, _Missed)
        }
        outcomes |= await self._execute(missed)
        return [outcomes[number] for number in range(len(deliveries))]

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _prepared(self, delivery: Delivery) -> Call | Outcome:
        """The call, its file uploaded; or what became of it. Uploads go on side by side."""
        try:
            return await self._call(delivery)
        except Trouble as trouble:
            return _outcome(trouble)
        except Exception as bug:  # of this message's file: those who travel with it go on; the sender logs it
            return Refused(f"bug: {type(bug).__name__}")

    async def _call(self, delivery: Delivery) -> Call:
        if files.is_file(delivery.message):
            return _sending(self._worded(delivery), await self._attachment(delivery))
        if delivery.edits:
            wording = _wording(delivery.message)
            return "messages.edit", {"peer_id": int(delivery.address), "cmid": int(delivery.edits), **wording}
        return _sending(delivery)

    async def _attachment(self, delivery: Delivery) -> str:
        """What the message's `attachment` says: VK's name of the file, uploaded for this chat once."""
        message, peer = delivery.message, delivery.address
        if known := self._uploads.known(message, peer):
            return known
        file = await files.ready(message)
        put = self._client.upload_photo if files.is_image(message) else self._client.upload
        name = await put(int(peer), file.name, file.content)
        self._uploads.learn(message, peer, name)
        return name

    def _worded(self, delivery: Delivery) -> Delivery:
        return replace(delivery, message=replace(delivery.message, text=files.words_for(delivery.message)))

    async def _execute(self, calls: dict[int, Call], booked: bool = False) -> dict[int, Outcome]:
        """Outcomes by the same numbers; in as many calls as it takes, the first of which may be booked."""
        outcomes: dict[int, Outcome] = {}
        for batch in _batches(calls):
            try:
                results = await self._client.execute([calls[number] for number in batch], booked)
            except ApiError as refusal:
                if refusal.code in NOT_OF_ONE and len(batch) > 1:
                    for number in batch:
                        outcomes |= await self._execute({number: calls[number]})
                else:
                    outcomes |= dict.fromkeys(batch, _outcome(refusal))
            except Trouble as trouble:
                outcomes |= dict.fromkeys(batch, _outcome(trouble))
            else:
                outcomes |= {
                    number: _ended(calls[number], result) for number, result in zip(batch, results, strict=True)
                }
            booked = False
        return outcomes


class _Missed(Refused):
    """The message to edit cannot be edited."""


def _batches(calls: dict[int, Call]) -> list[list[int]]:
    """Numbers of calls that fit into one `execute` each, in order."""
    batches: list[list[int]] = []
    size = 0
    for number, (_method, params) in calls.items():
        length = len(orjson.dumps(params).decode()) + 30
        if not batches or len(batches[-1]) == AT_ONCE or size + length > LARGEST_CODE:
            batches.append([])
            size = 0
        batches[-1].append(number)
        size += length
    return batches


def _sending(delivery: Delivery, attachment: str = "") -> Call:
    """With `peer_ids` the answer names the number in the conversation, by which a message can be edited later."""
    params = {"peer_ids": delivery.address, "random_id": delivery.seed, **_wording(delivery.message)}
    return "messages.send", {**params, "attachment": attachment} if attachment else params


def _wording(message: Message) -> dict[str, Any]:
    wording: dict[str, Any] = {"message": message.text, "dont_parse_links": 1, "disable_mentions": 1}
    if message.rows:
        wording["keyboard"] = orjson.dumps(
            {"inline": True, "buttons": [[_button(key) for key in row] for row in message.rows]}
        ).decode()
    return wording


def _button(key: Key) -> dict[str, Any]:
    if key.url:
        return {"action": {"type": "open_link", "label": key.label, "link": key.url}}
    return {"action": {"type": "callback", "label": key.label, "payload": orjson.dumps({"d": key.data}).decode()}}


def _ended(call: Call, result: Result) -> Outcome:
    """What one call's result means."""
    edit = call[0] == "messages.edit"
    if isinstance(result, Failed):
        return _Missed(result.why) if edit and result.code in MISSED_EDIT else _refused(result.code, result.why)
    if edit:
        return Sent(str(call[1]["cmid"]))
    error = result[0].get("error")
    if error:
        return _refused(int(error["code"]), str(error["description"]))
    return Sent(str(result[0]["conversation_message_id"]))


def _outcome(trouble: Exception) -> Outcome:
    if isinstance(trouble, ApiError):
        return _refused(int(trouble.code), str(trouble.error.get("error_msg", "")))
    return Unreachable(str(trouble) if isinstance(trouble, Unanswered) else type(trouble).__name__)


def _refused(code: int, why: str) -> Outcome:
    match code:
        case vk_client.TOO_MANY:
            return Later(1.0, everywhere=True)
        case 29:
            return Later(60.0, everywhere=True)
        case 9:
            return Later(10.0)
        case _ if code in GONE:
            return Gone(f"{code} {why}")
        case _ if code in BROKEN:
            return Unreachable(f"{code} {why}")
    return Refused(f"{code} {why}")


def _seed(seed: int, part: int) -> int:
    """31 bits, never 0."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{part}".encode()).digest()[:4]) & 0x7FFFFFFF or 1
