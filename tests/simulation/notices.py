"""The messages of a transaction: no fact without its notice, none twice, none in the quiet hours, nothing «sent» that nobody has."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.messages import AboutChild, AboutPerson
from bot.notifications.notices import NOTICES
from bot.storage import outbox
from bot.storage.tx import Told, Tx
from tests.simulation import trail
from tests.simulation.house import House
from tests.simulation.messengers import Post
from tests.simulation.trail import Step

TOLD = ("charge", "grant", "nominal", "category", "expiry", "freeze", "conversion", "revocation", "age")
"""Movements each of which is a notice of its own, keyed by the transfer (R3.9)."""


class Look:
    """How a check looks: past the product's queries, at the rows themselves."""

    now: datetime
    living: date | None

    def __init__(self, house: House, post: Post) -> None:
        self.house, self.post, self.raw = house, post, house.raw
        self.trail: trail.Trail = {}
        self.seen: Counter[str] = Counter()
        """How often each kind of thing was there to be checked: a watch that sees nothing proves nothing."""

    def _today(self, zone: str) -> date:
        """Told without the product's help, but for the day that the calendar lives late."""
        return self.living or self.now.astimezone(ZoneInfo(zone)).date()

    def _rows(self, statement: str, *values: Any) -> list[Any]:
        return self.house.rows(statement, *values)

    def _row(self, statement: str, *values: Any) -> Any:
        return self.raw.execute(statement, values).fetchone()

    def _value(self, statement: str, *values: Any) -> Any:
        return self.house.value(statement, *values)

    def _must(self, holds: Any, why: str) -> None:
        if not holds:
            self.house.is_wrong(why)


class Notices(Look):
    """What is said, and to whom."""

    def queue(self, tx: Tx, told: Any) -> None:
        """Stands before `outbox.queue`, and notes whom each fact concerns."""
        for one in told:
            if type(one.fact) in NOTICES:
                self.house.told += self._readers(tx, one)
        outbox.queue(tx, told)

    def _readers(self, tx: Tx, one: Told) -> Iterable[tuple[str, str, int, bool]]:
        fact, kind = one.fact, type(one.fact).__name__
        people = [fact.person] if isinstance(fact, AboutPerson) else []
        if isinstance(fact, AboutChild):
            people = [row[0] for row in self._rows("SELECT person FROM guardianship WHERE child = ?", fact.child)]
        return [(kind, fact.cause, who, who == one.seen_by) for who in people]

    def _message(self, step: Step) -> None:
        key, kind = self._row("SELECT key, kind FROM outbox WHERE id = ?", step.id) or ("", "")
        if step.new == "sent" and key:
            self._must(self.post.has(key), f"{key} is marked sent, and nobody has it")
            self.post.in_flight.pop(key, None)
        if step.new == "failed":
            trouble = self._value("SELECT trouble FROM outbox WHERE id = ?", step.id) or ""
            self._must(not trouble.startswith("bug") or trouble == "bug: Bug", f"{kind} cannot be written: {trouble}")
            self._must(kind == "reply" or trouble != "blocked", f"{key} is lost: another chat may be open to it")
        if step.old is None and kind != "reply":
            self._new_notice(step.id)

    def _new_notice(self, number: int) -> None:
        """Outside the quiet hours of the child's or the announcing municipality (R8.2), or of the reader's, for which
        the sender has put it off already; nothing said twice."""
        key, kind, person, content, not_before, created = self._row(
            "SELECT key, kind, person, content, not_before, created_at FROM outbox WHERE id = ?", number
        )
        values = json.loads(content)
        whose = ("child", values.get("child")), ("announcement", values.get("announcement")), ("person", person)
        places = [row for table, which in whose for row in self._rows(PLACE.format(table), which)]
        if places and not key.endswith(":full"):
            quiet = [_is_quiet(instant(not_before), zone, json.loads(policy)) for zone, policy in places]
            self._must(not all(quiet), f"{key} may go at {not_before}: quiet hours (R8.2)")
            delay = instant(not_before) - instant(created)
            self._must(timedelta() <= delay <= timedelta(days=1), f"{key} waits for {delay}")
        if values.get("key") or key.startswith("charge"):
            times = self._value(
                "SELECT count(*) FROM outbox WHERE person = ? AND kind = ? AND content = ? AND key NOT LIKE '%:full'",
                person, kind, content,
            )  # fmt: skip
            self._must(times == 1 or key.endswith(":full"), f"{key} says what was said before")

    def _notices(self, told: list[tuple[str, str, int, bool]], found: trail.Trail) -> None:
        """No fact without its notice, whoever saw it on the screen aside; no movement of money untold (R3.9)."""
        new: Counter[tuple[str, int]] = Counter()
        for step in found.get("outbox", ()):
            if step.old is None:
                kind, person = self._row("SELECT kind, person FROM outbox WHERE id = ?", step.id) or ("", 0)
                new[kind, person] += 1
        wanted: Counter[tuple[str, int]] = Counter()
        for kind, cause, who, saw in told:
            self.seen["notice"] += 1
            if cause and not saw:
                known = self._value("SELECT count(*) FROM outbox WHERE key = ?", f"{cause}:g{who}")
                self._must(known, f"{kind} {cause} was not told to {who}")
            elif not saw:
                wanted[kind, who] += 1
        for (kind, who), times in wanted.items():
            enough = new[kind, who] >= times
            self._must(enough, f"{kind} was told to {who} {new[kind, who]} times of {times}")
        for step in found.get("transfer", ()):
            if step.new in TOLD:
                self._moved(step.id, {(cause, who) for _kind, cause, who, saw in told if saw})

    def _moved(self, number: int, on_screen: set[tuple[str, int]]) -> None:
        """Told to each guardian; whoever was shown it by the screen that caused it is not told again."""
        key, kopecks, source, target, about = self._row(
            "SELECT key, kopecks, source, target, about FROM transfer WHERE id = ?", number
        )
        child = self._value("SELECT child FROM enrollment WHERE id = ?", about) or self._value(
            "SELECT c.child FROM account a JOIN certificate c ON c.id = a.owner "
            "WHERE a.kind = 'certificate' AND a.id IN (?, ?)",
            source, target,
        )  # fmt: skip
        for (who,) in self._rows("SELECT person FROM guardianship WHERE child = ?", child):
            if (key, who) in on_screen:
                continue
            content = self._value("SELECT content FROM outbox WHERE key = ?", f"{key}:g{who}")
            self._must(content is not None, f"{key} was not told to {who} (R3.9)")
            amount = abs(json.loads(content)["amount"])
            self._must(amount == kopecks, f"{key} moved {kopecks}, and {amount} was told")


QUIET = (("from", "21:00"), ("until", "09:00"))


PLACE = "SELECT m.zone, m.policy FROM {} w JOIN municipality m ON m.id = w.municipality WHERE w.id = ?"


def _is_quiet(at: datetime, zone: str, policy: Mapping[str, Any]) -> bool:
    quiet = [time.fromisoformat(policy.get(f"quiet_{each}", hour)) for each, hour in QUIET]
    return _between(at.astimezone(ZoneInfo(zone)).time(), *quiet)


def _between(at: time, start: time, stop: time) -> bool:
    return start <= at < stop if start <= stop else at >= start or at < stop


def instant(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)
