"""How the service stands, for whoever runs it: from the database alone, so that it answers while the service does not."""

from collections.abc import Iterator

from bot.i18n import Words, _, lines
from bot.storage import figures
from bot.storage.tx import Tx
from bot.terminal.acting import at_desk, say

INSTANT = "%Y-%m-%d %H:%M:%S UTC"


def status() -> None:
    """What waits to be sent, what was given up, whose leases run, which runs are under way. Nothing personal."""
    say(lines(*at_desk(lambda desk: desk.look(lambda tx: list(told(tx))))))


def told(tx: Tx) -> Iterator[Words]:
    """A line for each thing that there is; the size of the database always."""
    for queue in figures.replies(tx):
        yield _("{channel}: {count} replies wait, the oldest for {seconds} s", **_counted(queue))
    for queue in figures.pushes(tx):
        yield _("{channel}: {count} notices wait, the oldest for {seconds} s", **_counted(queue))
    for why, count in figures.failures(tx).items():
        yield _("given up, {count} times: {why}", count=count, why=why)
    for why, count in figures.troubles(tx).items():
        yield _("set aside, {count} times: {why}", count=count, why=why)
    for name, until in figures.leases(tx).items():
        yield _("the lease {name} runs until {until}", name=name, until=until.strftime(INSTANT))
    for name, since in figures.going(tx).items():
        yield _("the run {name} is under way since {since}", name=name, since=since.strftime(INSTANT))
    yield _("the database has {count} MB", count=round(figures.size(tx) / 1_000_000))


def _counted(queue: figures.Queue) -> dict[str, Words | int]:
    return {"channel": queue.channel, "count": queue.rows, "seconds": round(queue.oldest)}
