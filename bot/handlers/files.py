"""Files on their way to a messenger: a picture is drawn in a thread when it is sent, and once for all who are sent the same."""

import asyncio
from collections import OrderedDict

from bot.dialogs.message import Message
from bot.pictures.files import File, caption, file_of, shown_at_once

KEPT = 500
"""Uploads of a messenger that are remembered."""


def is_file(message: Message) -> bool:
    """A part that carries a file and nothing else (keyboard.parts)."""
    return message.document is not None or message.picture is not None


def is_image(message: Message) -> bool:
    """Shown at once."""
    return message.picture is not None and shown_at_once(message.picture)


async def ready(message: Message) -> File:
    """The file of such a part."""
    if message.picture is not None:
        return await asyncio.to_thread(file_of, message.picture, message.language)
    assert message.document is not None
    return File(message.document.name, message.document.content.encode())


def words_for(message: Message) -> str:
    """What stands with the file, and for it where it does not load; a document has its name."""
    return caption(message.picture, message.language) if message.picture is not None else ""


class Uploads:
    """The messenger's own names of what it has been given: the same picture is not uploaded twice while they are known."""

    def __init__(self) -> None:
        self._names: OrderedDict[object, str] = OrderedDict()

    def known(self, message: Message, address: str) -> str:
        """Its name for this chat, or nothing."""
        return self._names.get((message.picture, message.language, address), "")

    def learn(self, message: Message, address: str, name: str) -> None:
        """It has a name now; nothing: it has none any more. What a dialog has written anew each time is not worth a name."""
        key = message.picture, message.language, address
        self._names.pop(key, None)
        if name and message.picture is not None:
            self._names[key] = name
            if len(self._names) > KEPT:
                self._names.popitem(last=False)
