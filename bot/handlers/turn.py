"""A turn: what parents say is answered, many together in one transaction (`intake.py` brings them).

Order inside a chat is kept. A bug undoes its own update only: it is set aside, its chat gets an apology and the present screen. Trouble
with the database is raised: nothing of the whole batch has happened then.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from bot import logs
from bot.dialogs.conversation import Heard, Pressed, Reply, Steps, Talk, WhoReads, converse
from bot.dialogs.core import Started
from bot.dialogs.hello import ChooseMunicipality
from bot.dialogs.home import Home
from bot.dialogs.message import Message
from bot.domain.messages import Command, Query
from bot.i18n import _, render
from bot.storage import conversations
from bot.storage.conversations import Seat
from bot.storage.outbox import queue_replies
from bot.storage.schema import seen_update, set_aside
from bot.storage.tx import Tx

log = structlog.get_logger()
OK, REPEAT, BUG, REFUSED = "ok", "repeat", "bug", "refused"
"""What may come of a turn: taken, taken before, apologised for, or left with the messenger because the database would not."""


@dataclass(frozen=True)
class Blocked:
    """The parent has blocked the bot there."""


@dataclass(frozen=True)
class Returned:
    """The parent has let the bot in again; nothing is asked yet."""


@dataclass(frozen=True)
class Update:
    """What a messenger brought, in our words. `tapped` is its id of the message whose button was pressed."""

    key: str
    channel: str
    address: str
    heard: Heard | Blocked | Returned
    language: str = "ru"
    tapped: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """The chat."""
        return self.channel, self.address


@dataclass(frozen=True)
class Answered:
    """Taken for good; `popup` is a word for the messenger's popup."""

    key: str
    popup: str = ""
    outcome: str = OK


class Apology(Reply):
    """The reply to an update that met a bug."""


def take(tx: Tx, batch: Sequence[Update]) -> list[Answered]:
    """Take a batch inside a transaction: de-duplicate, converse, keep the conversations, queue the replies.

    A constant number of statements for whatever only reads; each update that changes something adds its own.
    """
    once: dict[str, Update] = {}
    for update in batch:
        once.setdefault(update.key, update)
    new = tx.insert_new(seen_update, [{"key": key, "at": tx.now} for key in sorted(once)], "key")
    fresh = [update for key, update in once.items() if key in new]
    seats = _seats(tx, fresh)
    popups: dict[str, str] = {}
    outcomes = {key: OK if key in new else REPEAT for key in once}
    replies: list[tuple[str, Seat, Message, str]] = []
    for together in rounds(fresh):
        talking: list[tuple[Seat, Update]] = []
        for update in together:
            match update.heard:
                case Blocked():
                    conversations.mark_dead(tx, update.channel, [update.address])
                case Returned():
                    conversations.revive(tx, update.channel, update.address)
                case _:
                    talking.append((seats[update.place], update))
        for (seat, update), reply in zip(talking, _answers(tx, talking), strict=True):
            seat.talk = reply.talk
            outcomes[update.key] = BUG if isinstance(reply, Apology) else OK
            popups[update.key] = reply.popup
            edits = update.tapped if reply.in_place else ""
            replies.append((update.key, seat, reply.message, edits))
    conversations.save(tx, seats.values())
    queue_replies(tx, replies)
    return [Answered(update.key, popups.get(update.key, ""), outcomes[update.key]) for update in batch]


def rounds(updates: Sequence[Update]) -> list[list[Update]]:
    """Updates of different chats together, those of one chat one after another."""
    found: list[list[Update]] = []
    before: defaultdict[tuple[str, str], int] = defaultdict(int)
    for update in updates:
        if before[update.place] == len(found):
            found.append([])
        found[before[update.place]].append(update)
        before[update.place] += 1
    return found


def _seats(tx: Tx, updates: Sequence[Update]) -> dict[tuple[str, str], Seat]:
    """The conversations of those who say something, locked in one order."""
    talking = {update.place: update.language for update in updates if not isinstance(update.heard, Blocked | Returned)}
    if not talking:
        return {}
    newcomers = [(channel, address, language) for (channel, address), language in sorted(talking.items())]
    return conversations.take_seats(tx, newcomers, ChooseMunicipality())


def _answers(tx: Tx, talking: Sequence[tuple[Seat, Update]]) -> list[Reply]:
    """The replies of a round: those who only read are served side by side, the others then one after another."""
    heard = [_heard(seat, update) for seat, update in talking]
    read = _side_by_side(tx, [seat for seat, _update in talking], heard)
    return [
        _remembered(seat, read[number] if number in read else _answer(tx, seat, update, heard[number]))
        for number, (seat, update) in enumerate(talking)
    ]


def _heard(seat: Seat, update: Update) -> Heard:
    assert not isinstance(update.heard, Blocked | Returned)
    # whatever a newcomer says first, the answer is the greeting
    return Started() if seat.talk.turn == 0 and not isinstance(update.heard, Started) else update.heard


def _side_by_side(tx: Tx, seats: Sequence[Seat], heard: Sequence[Heard]) -> dict[int, Reply]:
    """Conversations that ask alike are answered together. Whoever wishes something, or meets a bug, is left out: a turn of their
    own will begin anew, as nothing has happened yet."""
    replies: dict[int, Reply] = {}
    try:
        # a statement that fails on PostgreSQL spoils the whole transaction, not only itself
        with tx.savepoint() if tx.connection.dialect.name == "postgresql" else nullcontext():
            for number, reply in _read_only(tx, seats, heard):
                replies[number] = reply
    except Exception as bug:  # of a reader: whose it is is found one by one
        if isinstance(bug, DBAPIError) and operational(bug):
            raise
        log.debug("turn.alone", kind=type(bug).__name__)
    return replies


def _read_only(tx: Tx, seats: Sequence[Seat], heard: Sequence[Heard]) -> Iterator[tuple[int, Reply]]:
    """Replies to those who only ask, as they come."""
    going = [(number, converse(seat.talk, heard[number]), None) for number, seat in enumerate(seats)]
    while going:
        asking: list[tuple[int, Steps, Query[Any]]] = []
        for number, steps, known in going:
            try:
                wanted = steps.send(known)
                while isinstance(wanted, WhoReads):
                    wanted = steps.send(seats[number].reader)
            except StopIteration as stop:
                yield number, stop.value
            except Exception as bug:  # its own turn will meet it again, set it aside and apologise
                log.debug("turn.alone", kind=type(bug).__name__)
            else:
                if isinstance(wanted, Query):
                    asking.append((number, steps, wanted))
        answers = tx.read_all([(wanted, seats[number].actor) for number, _steps, wanted in asking]) if asking else []
        going = [(number, steps, answer) for (number, steps, _wanted), answer in zip(asking, answers, strict=True)]


def _remembered(seat: Seat, reply: Reply) -> Reply:
    """A place that could not be loaded is apologised for."""
    if not seat.forgot:
        return reply
    seat.forgot = False
    sorry = render(_("Sorry, we have lost the place where you were. This is the menu."), seat.reader.language)
    return replace(reply, message=replace(reply.message, text=f"{sorry}\n\n{reply.message.text}"))


def _answer(tx: Tx, seat: Seat, update: Update, heard: Heard) -> Reply:
    """One update's reply; a bug is undone, set aside and apologised for."""
    logs.turn.set(update.key)
    try:
        return _converse(tx, seat, heard)
    except Exception as bug:
        if isinstance(bug, DBAPIError) and operational(bug):
            raise
        return _apologise(tx, seat, update, bug)
    finally:
        logs.turn.set("")


def _converse(tx: Tx, seat: Seat, heard: Heard) -> Reply:
    """Run the conversation's generator against the database; its commands stand under one savepoint.

    On PostgreSQL its queries do too: a statement that fails there spoils the whole transaction, not only itself.
    """
    steps = converse(seat.talk, heard)
    answer: Any = None
    changed = False
    with ExitStack() as undo:
        saved = tx.connection.dialect.name == "postgresql"
        if saved:
            undo.enter_context(tx.savepoint())
        while True:
            try:
                wanted = steps.send(answer)
            except StopIteration as stop:
                reply: Reply = stop.value
                return reply
            match wanted:
                case WhoReads():
                    if changed:
                        seat.reader = conversations.read_again(tx, seat)
                    answer = seat.reader
                case Command():
                    if not saved:
                        undo.enter_context(tx.savepoint())
                        saved = True
                    changed = True
                    answer = tx.do(wanted, seat.actor)
                case _:
                    answer = tx.read(wanted, seat.actor)


def _apologise(tx: Tx, seat: Seat, update: Update, bug: Exception) -> Apology:
    """The update is set aside for whoever mends the bug; the parent gets an apology with the present screen."""
    log.error("turn.bug", kind=type(bug).__name__, where=logs.where(bug), channel=update.channel)
    put_aside(tx, update.channel, update.key, repr(update.heard), f"{type(bug).__name__} {logs.where(bug)}")
    seat.reader = conversations.read_again(tx, seat)  # what a command had changed is undone
    sorry = _(
        "Something went wrong on our side, and nothing was changed. We have noted it. Please try again or choose another way."
    )
    for talk in (seat.talk, Talk(Home(), draft=seat.talk.draft, turn=seat.talk.turn)):
        try:
            with tx.savepoint():
                reply = _converse(tx, replace(seat, talk=talk), Pressed(""))
        except Exception as second:
            if isinstance(second, DBAPIError) and operational(second):
                raise
            log.error("turn.bug", kind=type(second).__name__, where=logs.where(second), channel=update.channel)
            continue
        text = f"{render(sorry, seat.reader.language)}\n\n{reply.message.text}"
        return Apology(reply.talk, replace(reply.message, text=text))
    return Apology(replace(seat.talk, turn=seat.talk.turn + 1), Message(render(sorry, seat.reader.language)))


def operational(error: DBAPIError) -> bool:
    """Trouble of the database itself (disk, connection, lock, deadlock, serialization), not of our statement."""
    if error.connection_invalidated:
        return True
    code = str(getattr(error.orig, "sqlstate", "") or getattr(error.orig, "pgcode", "") or "")
    if code:
        return code[:2] in {"08", "25", "40", "53", "55", "57", "58"}
    name = type(error.orig).__name__
    said = str(error.orig).lower()
    return name in {"OperationalError", "InterfaceError"} and not any(
        ours in said for ours in ("no such", "syntax error", "has no column", "ambiguous")
    )


def put_aside(tx: Tx, channel: str, key: str, raw: str, why: str) -> None:
    """Keep what could not be taken, encrypted, until it is purged (R9.4)."""
    tx.insert(set_aside, key=key, channel=channel, why=why, raw=tx.keys.encrypt(raw), at=tx.now)
