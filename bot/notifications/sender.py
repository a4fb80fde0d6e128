"""One sender a channel: takes due rows from the outbox, sends them at the messenger's pace, keeps what came of them.

Replies go before pushes, a chat's messages one after another. A row's end is recorded before its place is given to another, so a crash can
repeat no more messages than were in flight.
"""

import asyncio
from collections.abc import Callable, Sequence

import structlog
from prometheus_client import Counter

from bot.notifications.delivery import Channel, Delivery, Gone, Later, Outbox, Outcome, Refused, Sent, Unreachable
from bot.notifications.line import Journey, Line
from bot.notifications.outbox import backoff

LOOK_EVERY = 1.0
"""Seconds: rows that fall due, or that another process wrote, announce themselves to nobody."""
PATIENCE = 3
"""So many times in a row without an answer are one messenger's trouble, not these messages': the whole channel waits."""
LONGEST_HOLD = 15.0
FAREWELL = 8.0
"""Seconds that a stop waits for what is in flight."""
log = structlog.get_logger()
delivered = Counter("kruzhok_deliveries_total", "What came of deliveries", ["channel", "outcome"])
OUTCOMES = (Sent, Gone, Later, Refused, Unreachable)

End = tuple[Delivery, Outcome]


class Sender:
    """`run` sends until `stop` is called."""

    def __init__(self, channel: Channel, outbox: Outbox, may_send: Callable[[], bool] = lambda: True) -> None:
        """`may_send` is asked before each departure: another process may have been made the sender while this one slept."""
        self._channel, self._outbox, self._may_send = channel, outbox, may_send
        self._counted = {kind: delivered.labels(channel.name, kind.__name__.lower()) for kind in OUTCOMES}
        self._line = Line(channel.per_second, channel.per_chat)
        self._most = 2 * channel.at_once * channel.in_flight
        self._flights: set[asyncio.Task[None]] = set()
        self._aloft: set[asyncio.Task[None] | None] = set()
        """Flights that the messenger has not answered yet."""
        self._begun: dict[str, Sequence[Delivery]] = {}
        self._ends: list[End] = []
        self._recording = asyncio.Lock()
        self._unanswered = 0
        self._held_at = float("-inf")
        self._look = True
        self._by_hand = False
        self._awake = asyncio.Event()
        self._looked = asyncio.Event()
        self._stopping = False

    async def run(self) -> None:
        """Send until stopped; then finish what is in flight and give back what has not started."""
        listener = asyncio.create_task(self._listen())
        try:
            while not self._stopping:
                self._awake.clear()
                if self._look and len(self._line) < self._most:
                    await self._claim()
                self._depart()
                await self._sleep()
        finally:
            listener.cancel()
            await self._finish()

    def hand(self, replies: Sequence[Delivery]) -> None:
        """Send these too: they are committed, and marked as being sent."""
        now = self._now()
        for reply in replies:
            self._line.join(Journey(reply, self._channel.parts(reply)), now)
        self._awake.set()

    async def stop(self) -> None:
        """Ask `run` to come to an end; does not wait for it."""
        self._stopping = True
        self._awake.set()

    async def _listen(self) -> None:
        while True:
            try:
                await self._outbox.wait(LOOK_EVERY)
            except Exception as trouble:
                log.warning("sender.wait", channel=self._channel.name, kind=type(trouble).__name__)
                await asyncio.sleep(LOOK_EVERY)
            self._look = True
            self._looked.clear()
            self._awake.set()
            await self._looked.wait()  # news is not news again before somebody has looked

    async def _claim(self) -> None:
        wanted = self._most - len(self._line)
        self._look = False
        try:
            claimed = await self._outbox.claim(self._channel.name, wanted)
        except Exception as trouble:  # the database's; it comes back, and so do the rows
            log.warning("sender.claim", channel=self._channel.name, kind=type(trouble).__name__)
            return
        finally:
            self._looked.set()
        if not self._by_hand:
            self._outbox.hand_to(self._channel.name, self.hand)
            self._by_hand = True
        self._look = len(claimed) >= wanted
        now = self._now()
        for delivery in claimed:
            left = self._begun.pop(delivery.key, None)
            self._line.join(Journey(delivery, left or self._channel.parts(delivery), begun=left is not None), now)

    def _depart(self) -> None:
        while len(self._flights) < self._channel.in_flight and self._may_send():
            journeys = self._line.take(self._now(), self._channel.at_once)
            if not journeys:
                return
            flight = asyncio.create_task(self._fly(journeys))
            self._flights.add(flight)
            flight.add_done_callback(self._landed)

    def _landed(self, flight: asyncio.Task[None]) -> None:
        self._flights.discard(flight)
        self._awake.set()

    async def _sleep(self) -> None:
        full = len(self._flights) >= self._channel.in_flight
        seconds = None if full else self._line.wait(self._now())
        if self._look and len(self._line) < self._most:
            seconds = 0.0
        try:
            async with asyncio.timeout(None if seconds == float("inf") else seconds):
                await self._awake.wait()
        except TimeoutError:
            pass

    async def _fly(self, journeys: Sequence[Journey]) -> None:
        """One call to the messenger, and what follows from it."""
        began = self._now()
        parts = [journey.left[0] for journey in journeys]
        me = asyncio.current_task()
        self._aloft.add(me)
        try:
            outcomes = await self._channel.send(parts)
        except Exception as bug:  # the channel's promise is broken: these messages fail, the others go on
            log.error(
                "sender.bug", channel=self._channel.name, kind=type(bug).__name__, rows=[part.row for part in parts]
            )
            outcomes = [Refused(f"bug: {type(bug).__name__}")] * len(parts)
        finally:
            self._aloft.discard(me)
        now = self._now()
        ends: list[End] = []
        for journey, outcome in zip(journeys, outcomes, strict=True):
            self._learn(outcome, began, now)
            self._say(journey.delivery, outcome)
            if isinstance(outcome, Sent) and len(journey.left) > 1:
                self._line.done(journey, now, now)
                self._line.join(Journey(journey.delivery, journey.left[1:], begun=True), now)
                continue
            if isinstance(outcome, Later | Unreachable) and (journey.begun or len(journey.left) > 1):
                self._begun[journey.delivery.key] = journey.left
            ends.append((journey.delivery, outcome))
        await self._record(ends)
        for journey, outcome in zip(journeys, outcomes, strict=True):
            if not (isinstance(outcome, Sent) and len(journey.left) > 1):
                self._line.done(journey, now, self._now())
        self._look = True  # a chat that was being written to may have more

    def _learn(self, outcome: Outcome, began: float, now: float) -> None:
        """What an outcome says about the messenger as a whole."""
        self._counted[type(outcome)].inc()
        match outcome:
            case Later(after, everywhere=True):
                self._line.slower()
                self._line.hold(now + after)
            case Unreachable() if began < self._held_at:
                pass  # it left before we knew
            case Unreachable(why):
                self._unanswered += 1
                if self._unanswered >= PATIENCE:
                    pause = min(backoff(self._unanswered - PATIENCE + 1), LONGEST_HOLD)
                    log.warning("sender.unreachable", channel=self._channel.name, why=why, pause=pause)
                    self._line.hold(now + pause)
                    self._held_at = now
            case _:
                self._line.faster()
                self._unanswered = 0

    def _say(self, delivery: Delivery, outcome: Outcome) -> None:
        """A line for each delivery; only what a messenger will never take is told above DEBUG."""
        say = log.error if isinstance(outcome, Refused) else log.debug
        say(
            f"delivery.{type(outcome).__name__.lower()}",
            turn=delivery.key,
            row=delivery.row,
            channel=delivery.channel,
            why=getattr(outcome, "why", ""),
        )

    async def _record(self, ends: Sequence[End]) -> None:
        """Keep ends, together with those of other flights that wait; returns when they are kept."""
        self._ends += ends
        async with self._recording:
            kept, self._ends = self._ends, []
            while kept:
                try:
                    await self._outbox.record(kept)
                    kept = []
                except (
                    Exception
                ) as trouble:  # they were sent and must not be sent again: nothing else goes before they are kept
                    log.warning("sender.record", channel=self._channel.name, kind=type(trouble).__name__)
                    await asyncio.sleep(LOOK_EVERY)

    async def _finish(self) -> None:
        """What the messenger has taken is kept, however long the database is away: it would be sent again."""
        if self._by_hand:
            try:
                await self._outbox.hand_no_more(self._channel.name)
            except Exception as trouble:  # what it still hands over is taken up at the next start
                log.warning("sender.end", channel=self._channel.name, kind=type(trouble).__name__)
        if self._flights:
            _landed, late = await asyncio.wait(set(self._flights), timeout=FAREWELL)
            for flight in late & self._aloft:
                flight.cancel()
            if late:
                await asyncio.wait(late)
        left = [(journey.delivery, Later(0)) for journey in self._line.clear()]
        if left:
            await self._record(left)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
