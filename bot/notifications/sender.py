"""One sender a channel: takes due rows from the outbox, sends them at the messenger's pace, keeps what came of them.

Replies go before pushes, a chat's messages one after another. A row's end is recorded before its place is given to another, so a crash can
repeat no more messages than were in flight. What has to wait a little waits here, so that nothing of its chat overtakes it; a push that has
to wait long goes back to the outbox.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from prometheus_client import Counter

from bot.notifications.delivery import Channel, Delivery, Gone, Later, Outbox, Outcome, Refused, Sent, Unreachable
from bot.notifications.line import Journey, Line
from bot.notifications.outbox import MAX_TRIES, backoff, put_off
from bot.notifications.pace import Call

LOOK_EVERY = 1.0
"""Seconds: rows that fall due, or that another process wrote, announce themselves to nobody."""
MOUTHFUL = 50
"""Rows of one claim: writing their words must not keep the chats waiting."""
PATIENCE = 3
"""So many calls in a row without an answer are the messenger's trouble, not these messages': the whole channel waits."""
LONGEST_HOLD = 15.0
LONGEST_REST = 60.0
"""Seconds that a push waits here for its chat."""
FAREWELL = 8.0
"""Seconds that a stop waits for what is in flight."""
log = structlog.get_logger()
delivered = Counter("kruzhok_deliveries_total", "What came of deliveries", ["channel", "outcome"])
EVENTS = {kind: f"delivery.{kind.__name__.lower()}" for kind in (Sent, Gone, Later, Refused, Unreachable)}


class Sender:
    """`run` sends until `stop` is called."""

    def __init__(self, channel: Channel, outbox: Outbox, may_send: Callable[[], bool] = lambda: True) -> None:
        """`may_send` is asked before each departure: another process may have been made the sender while this one slept."""
        self._channel, self._outbox, self._may_send = channel, outbox, may_send
        self._pace = channel.pace
        self._counted = {kind: delivered.labels(channel.name, kind.__name__.lower()) for kind in EVENTS}
        self._line = Line(channel.per_chat)
        self._enough = max(MOUTHFUL, 2 * channel.at_once * channel.in_flight)
        self._flights: set[asyncio.Task[Any]] = set()
        self._places = channel.in_flight
        """Calls that may leave: the others are in flight, or what came of them is not kept yet."""
        self._landed: list[tuple[Sequence[Journey], float]] = []
        self._ends: list[tuple[Delivery, Outcome]] = []
        self._to_keep = asyncio.Event()
        self._all_kept = asyncio.Event()
        self._unanswered = 0
        self._held_at = float("-inf")
        self._by_hand = False
        self._handed: list[Delivery] = []
        self._claiming = False
        self._look = True
        self._looked = asyncio.Event()
        self._awake = asyncio.Event()
        self._stopping = False
        self._timer: asyncio.TimerHandle | None = None
        self._broken: Exception | None = None

    async def run(self) -> None:
        """Send until stopped; then finish what is in flight and give back what has not started. Raises a bug of the line, having done so."""
        company = [asyncio.create_task(self._listen()), asyncio.create_task(self._keep())]
        try:
            while not self._stopping:
                if self._broken:
                    raise self._broken
                if self._look and self._line.ahead <= self._enough // 2:
                    await self._claim()
                else:
                    self._awake.clear()
                    await self._awake.wait()
        finally:
            self._stopping = True
            await self._finish()
            for task in company:
                task.cancel()

    async def stop(self) -> None:
        """Ask `run` to come to an end; does not wait for it."""
        self._stopping = True
        self._awake.set()

    def hand(self, replies: Sequence[Delivery]) -> None:
        """Send these too: they are committed, and marked as being sent.

        While a claim is under way they wait for it: it may have taken earlier messages of their chats.
        """
        self._handed += replies
        self._go()

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
        self._look, self._claiming = False, True
        claimed: Sequence[Delivery] = ()
        try:
            claimed = await self._outbox.claim(self._channel.name, MOUTHFUL)
        except Exception as trouble:  # the database's; it comes back, and so do the rows
            log.warning("sender.claim", channel=self._channel.name, kind=type(trouble).__name__)
        else:
            if not self._by_hand:
                self._by_hand = True
                self._outbox.hand_to(self._channel.name, self.hand)
            self._look = self._look or len(claimed) >= MOUTHFUL
        finally:
            self._looked.set()
        self._claiming = False
        self._go(claimed)

    def _go(self, claimed: Sequence[Delivery] = ()) -> None:
        """What was claimed, and what was handed over meanwhile, joins the line; whoever may leave it leaves. With a bug here all work ends."""
        if self._broken:
            return
        try:
            if not self._claiming:
                now = self._now()
                handed, self._handed = self._handed, []
                for delivery in (*claimed, *handed):
                    self._set_out(delivery, now)
            self._depart()
        except Exception as bug:
            # the line cannot be trusted any more; whoever keeps the lease begins anew from the rows
            self._broken = bug
            self._awake.set()

    def _set_out(self, delivery: Delivery, now: float) -> None:
        rest = self._line.rests(delivery.address, now)
        if delivery.push and rest > LONGEST_REST:
            self._end(delivery, Later(rest))
            return
        try:
            parts = self._channel.parts(delivery)
        except Exception as bug:  # this message cannot be written for the channel; the others can
            self._end(delivery, self._bug(bug, [delivery]))
        else:
            self._line.join(Journey(delivery, parts), now)

    def _depart(self) -> None:
        """Whoever may leave now leaves; the others are looked after when their time comes."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        now = self._now()
        while self._places and not self._stopping:
            pause = self._pace.wait(now) if self._may_send() else LOOK_EVERY
            journeys = self._line.take(now, self._channel.at_once) if pause <= 0 else []
            if not journeys:
                pause = max(pause, self._line.wait(now))
                if pause < float("inf"):
                    self._timer = asyncio.get_running_loop().call_later(pause, self._go)
                break
            self._places -= 1
            self._flights.add(asyncio.create_task(self._fly(journeys, self._pace.leave(now))))
        if self._look and self._line.ahead <= self._enough // 2:
            self._awake.set()

    async def _fly(self, journeys: Sequence[Journey], call: Call) -> None:
        """One call to the messenger, and what follows from it."""
        parts = [journey.left[0] for journey in journeys]
        try:
            outcomes = await self._channel.send(parts)
        except Exception as bug:  # the channel's promise is broken: these messages fail, the others go on
            outcomes = [self._bug(bug, parts)] * len(parts)
        except asyncio.CancelledError:
            self._pace.lost(call, self._now())
            raise
        now = self._now()
        self._learn(call, journeys, outcomes, now)
        ended = [
            journey
            for journey, outcome in zip(journeys, outcomes, strict=True)
            if self._ends_with(outcome, journey, now)
        ]
        if me := asyncio.current_task():
            self._flights.discard(me)
        if ended:
            self._landed.append((ended, now))
            self._to_keep.set()
        else:
            self._places += 1
        self._go()

    def _ends_with(self, outcome: Outcome, journey: Journey, now: float) -> bool:
        """Whether this is a journey's end, to be kept; if not, it waits again."""
        delivery = journey.delivery
        self._say(delivery, outcome)
        rest = 0.0
        match outcome:
            case Sent():
                journey.left, journey.begun, journey.put_off = journey.left[1:], True, 0
                if not journey.left:
                    return self._end(delivery, outcome)
            case Later(seconds):
                journey.put_off += 1
                rest = put_off(seconds, journey.put_off)
                outcome = Later(rest)
            case Unreachable(why):
                journey.tries += 1
                if journey.tries >= MAX_TRIES:
                    return self._end(delivery, Refused(why))
                rest = backoff(journey.tries)
            case Gone() | Refused():
                if isinstance(outcome, Gone):
                    for other in self._line.leave(delivery.address):
                        self._end(other.delivery, Later(0))
                return self._end(delivery, outcome)
        if delivery.push and rest > LONGEST_REST and not journey.begun:
            for other in self._line.leave(delivery.address):
                self._end(other.delivery, Later(rest))
            return self._end(delivery, outcome)
        self._line.done(journey, now, now, rest)
        self._line.join(journey, now)
        return False

    def _end(self, delivery: Delivery, outcome: Outcome) -> bool:
        self._ends.append((delivery, outcome))
        self._to_keep.set()
        return True

    def _learn(self, call: Call, journeys: Sequence[Journey], outcomes: Sequence[Outcome], now: float) -> None:
        """What a call says about the messenger as a whole."""
        for journey, outcome in zip(journeys, outcomes, strict=True):
            match outcome:
                case Later(_after, everywhere) if everywhere is None and journey.put_off:
                    self._pace.lost(call, now)  # this chat was told to wait before: whose limit it is now nobody knows
                    return
                case Later(after, everywhere) if everywhere is not False:
                    self._pace.refused(call, journey.delivery.address, now, after, sure=everywhere is True)
                    return
        if not all(isinstance(outcome, Unreachable) for outcome in outcomes):
            self._pace.taken(call, now)
            self._unanswered = 0
            return
        self._pace.lost(call, now)
        if call.left < self._held_at:
            return  # it left before we knew
        self._unanswered += 1
        if self._unanswered >= PATIENCE:
            pause = min(backoff(self._unanswered - PATIENCE + 1), LONGEST_HOLD)
            log.warning(
                "sender.unreachable", channel=self._channel.name, why=getattr(outcomes[0], "why", ""), pause=pause
            )
            self._pace.hold(now + pause)
            self._held_at = now

    async def _keep(self) -> None:
        """Keep ends, those together that have come together; then their places are free."""
        while True:
            if not self._ends:
                self._all_kept.set()
                self._to_keep.clear()
                await self._to_keep.wait()
                self._all_kept.clear()
            ends, self._ends = self._ends, []
            landed, self._landed = self._landed, []
            await self._record(ends)
            now = self._now()
            for journeys, answered in landed:
                self._places += 1
                for journey in journeys:
                    self._line.done(journey, answered, now)
            self._go()

    async def _record(self, ends: Sequence[tuple[Delivery, Outcome]]) -> None:
        while True:
            try:
                return await self._outbox.record(ends)
            except (
                Exception
            ) as trouble:  # they were sent and must not be sent again: nothing else goes before they are kept
                log.warning("sender.record", channel=self._channel.name, kind=type(trouble).__name__)
                await asyncio.sleep(LOOK_EVERY)

    async def _finish(self) -> None:
        """Whatever is in flight lands, whatever waits goes back; and what the messenger has taken is kept."""
        if self._by_hand:
            try:
                await self._outbox.hand_no_more(self._channel.name)
            except Exception as trouble:  # what it still hands over is taken up at the next start
                log.warning("sender.end", channel=self._channel.name, kind=type(trouble).__name__)
        if self._flights:
            _landed, late = await asyncio.wait(set(self._flights), timeout=FAREWELL)
            for flight in late:
                flight.cancel()
        for journey in self._line.clear():
            self._end(journey.delivery, Later(0))
        if self._ends or self._landed:
            self._all_kept.clear()
        await self._all_kept.wait()

    def _bug(self, bug: Exception, parts: Sequence[Delivery]) -> Outcome:
        rows = [part.row for part in parts]
        log.error("sender.bug", channel=self._channel.name, kind=type(bug).__name__, rows=rows)
        return Refused(f"bug: {type(bug).__name__}")

    def _say(self, delivery: Delivery, outcome: Outcome) -> None:
        """Counted; and a line in the log, where only what a messenger will never take is told above DEBUG."""
        self._counted[type(outcome)].inc()
        say = log.error if isinstance(outcome, Refused) else log.debug
        why = getattr(outcome, "why", "")
        say(EVENTS[type(outcome)], turn=delivery.key, row=delivery.row, channel=delivery.channel, why=why)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
