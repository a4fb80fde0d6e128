"""The outbox as the sender sees it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy import select

from bot.notifications.delivery import Delivery, Outcome, Sent
from bot.storage.desk import Desk
from bot.storage.due import claim, seed
from bot.storage.leases import Keeper, held
from bot.storage.outbox import record
from bot.storage.schema import outbox, setting
from bot.storage.tx import Tx


class OutboxRows:
    """The outbox as the sender sees it (`notifications.delivery.Outbox`), while this process has the channel's lease."""

    def __init__(self, desk: Desk, lease: Keeper) -> None:
        self.desk, self._lease = desk, lease
        self._letters = -1
        self._installation = ""

    async def claim(self, channel: str, limit: int) -> Sequence[Delivery]:
        """Take due messages; none when another process sends now. What a claim takes whose commit is not answered, the next one takes."""
        self._letters = self.desk.letters
        self._installation = self._installation or await self.desk.run(_installation)
        doubtful = self.desk.doubtful[channel]

        def work(tx: Tx) -> tuple[list[Delivery], set[int]]:
            if not self._ours(tx):
                return [], set()
            again = set(doubtful)
            if again:
                unsent = outbox.c.id.in_(again), outbox.c.state == "sending"
                tx.sql(outbox.update().where(*unsent).values(state="queued"))
            return claim(tx, channel, limit, self._installation), again

        claimed, again = await self.desk.run(work)
        doubtful -= again
        return claimed

    async def record(self, ends: Sequence[tuple[Delivery, Outcome]]) -> None:
        """Keep what came of them; once another process sends, only what is there: the rest is on its way with the other."""

        def keep(tx: Tx) -> None:
            ours = self._ours(tx)
            record(tx, [(delivery, end) for delivery, end in ends if ours or isinstance(end, Sent)])

        await self.desk.run(keep)

    def hand_to(self, channel: str, take: Callable[[Sequence[Delivery]], None]) -> None:
        """Replies go from the desk to the sender, once something has been claimed, and while nothing older of the channel may be forgotten."""

        def hand(handed: Sequence[Delivery]) -> None:
            take([replace(one, seed=seed(self._installation, one.row)) for one in handed])

        doubtful = self.desk.doubtful[channel]
        self.desk.hand_to(channel, hand, lambda tx: not doubtful and self._lease.ours() and self._ours(tx))

    async def hand_no_more(self, channel: str) -> None:
        """Replies wait for a claim again."""
        await self.desk.hand_no_more(channel)

    async def wait(self, seconds: float) -> None:
        """Until there is news since the last claim, at most so long."""
        if self.desk.letters == self._letters:
            await self.desk.mail(seconds)

    def _ours(self, tx: Tx) -> bool:
        return held(tx, self._lease.name, self._lease.holder)


def _installation(tx: Tx) -> str:
    """This installation's id: part of every seed; a restored copy takes a new one."""
    value: str | None = tx.value(select(setting.c.value).where(setting.c.name == "installation"))
    if value is None:
        value = tx.token(8)
        tx.sql(setting.insert().values(name="installation", value=value))
    return value
