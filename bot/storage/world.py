"""The world as the dialogs, the office and the calendar see it: each query's reader, each command's doer."""

from bot.storage import (
    catalogue,
    certificate,
    conversations,
    enrollment,
    event,
    family,
    home,
    imports,
    ledger,
    linking,
    municipality,
    outbox,
    privacy,
    rating,
    renewal,
    settings,
    staff,
    trail,
    waiting,
)
from bot.storage.desk import World

ROOMS = (
    conversations,
    municipality,
    home,
    settings,
    privacy,
    family,
    linking,
    certificate,
    catalogue,
    imports,
    enrollment,
    ledger,
    rating,
    event,
    waiting,
    renewal,
    staff,
    trail,
)

WORLD = World(
    readers={query: reader for room in ROOMS for query, reader in room.READERS.items()},
    doers={command: doer for room in ROOMS for command, doer in room.DOERS.items()},
    queue=outbox.queue,
    witness=trail.witness,
)
