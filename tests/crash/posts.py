"""Posts to the webhooks that come in any order and more than once: then nobody can say what the answers are, only how many."""

from collections import Counter
from typing import Any

from sqlalchemy import Row, select

from bot.storage import schema
from bot.storage.tx import Tx
from tests.crash.count import IN_FLIGHT, Effects, Report
from tests.crash.house import PATIENCE, House

Place = tuple[str, int]


async def counted(house: House) -> Report:
    """Each update took one turn and was answered once, each request and each return was told, and all of it arrived."""
    settled = await house.settled(4 * PATIENCE)
    effects = await house.desk.look(lambda tx: Effects(tx, house.parents, in_order=False))
    rows = await house.desk.look(_messages)
    due = Counter((row.channel, int(row.address)) for row in rows if row.sent_ref != row.edits)
    shown: Counter[Place] = Counter()
    for channel, gallery in house.galleries.items():
        shown.update({(channel, chat): sum(one.anew for one in gallery.of(chat)) for chat in gallery.chats})
    more = {
        channel: sum(number for (where, _chat), number in (shown - due).items() if where == channel)
        for channel in house.servers
    }
    return Report(
        {
            "lives": house.lives,
            "updates fed": sum(len(parent.keys) for parent in house.parents),
            "messages doubled on Telegram": more["telegram"],
        },
        {
            "updates without effect": effects.missing,
            "effects twice": effects.twice,
            "facts not told, or told twice": await house.desk.look(_untold),
            "messages lost": (due - shown).total(),
            "messages doubled on VK": more["vk"],
            "doubled on Telegram above 8 a kill": max(0, more["telegram"] - IN_FLIGHT * len(house.kills)),
            "updates set aside, messages failed": effects.failed,
            "did not settle": int(not settled),
            "ledger differences (`audit`)": int(await house.command("audit") != 0),
        },
    )


def _messages(tx: Tx) -> list[Row[Any]]:
    """What was sent, and where; what took an earlier message's place has that one's id."""
    told, place = schema.outbox, schema.chat
    return list(
        tx.rows(
            select(place.c.channel, place.c.address, told.c.sent_ref, told.c.edits)
            .join(place, place.c.id == told.c.chat)
            .where(told.c.state == "sent")
        )
    )


def _untold(tx: Tx) -> int:
    """A request is told to the other guardian; its return to both, and the withdrawal to the other."""
    states = Counter(tx.sql(select(schema.enrollment.c.state)).scalars())
    kinds = Counter(tx.sql(select(schema.outbox.c.kind)).scalars())
    back = states["withdrawn"]
    due = {"Requested": states.total(), "Returned": 2 * back, "RequestWithdrawn": back}
    return sum(abs(kinds[kind] - number) for kind, number in due.items())
