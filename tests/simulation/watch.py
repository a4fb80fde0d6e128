"""After every transaction: whatever it has touched is told again from its rows, apart from the product's own queries.

Accounts (R3.2), seats (R6.1), transitions (R6, R2.7), charges (R5.3), last days (R5.5), returns (R5.6), notices (R3.9, R8.2).
"""

import json
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from bot.storage.tx import Tx
from tests.simulation import trail
from tests.simulation.house import House
from tests.simulation.messengers import Post
from tests.simulation.notices import Notices, instant
from tests.simulation.trail import Step

MAY_BECOME = {
    None: {"requested", "claimed", "waitlisted", "renewal_offered"},
    "requested": {"accepted", "refused", "withdrawn"},
    "claimed": {"accepted", "refused"},
    "accepted": {"active", "refused", "withdrawn"},
    "active": {"completed", "terminated", "withdrawn"},
    "waitlisted": {"offered", "left"},
    "offered": {"requested", "waitlisted", "left", "lapsed"},
    "renewal_offered": {"active", "left", "lapsed"},
}
"""R6 as the table says it; what is not here is final."""
CERTIFICATE = {
    None: {"submitted", "active"},
    "submitted": {"rejected", "awaiting_visit", "active", "revoked", "closed_age", None},
    "rejected": {"submitted", "revoked", "closed_age", None},
    "awaiting_visit": {"active", "rejected", "revoked", "closed_age"},
    "active": {"frozen", "revoked", "closed_age"},
    "frozen": {"active", "revoked", "closed_age"},
}
"""R2.7."""
SEATED = ("requested", "claimed", "accepted", "active", "offered", "renewal_offered")
FINAL = ("completed", "terminated", "refused", "withdrawn", "left", "lapsed")


class Watch(Notices):
    """Sits behind every commit."""

    def __init__(self, house: House, post: Post) -> None:
        super().__init__(house, post)
        self.aside = 0
        self.checks = {
            "account": self._account,
            "transfer": self._transfer,
            "enrollment": self._enrollment,
            "group": self._group,
            "certificate": self._certificate,
            "outbox": self._message,
            "rating": self._rating,
        }
        trail.lay(self.raw)
        trail.taken(self.raw)
        house.committed = self.looks

    def blind(self) -> list[str]:
        """What was never there to be checked."""
        return [what for what in (*self.checks, "notice") if not self.seen[what]]

    # --- after the commit ---

    def looks(self, together: Sequence[Tx]) -> None:
        """Everything that this transaction has touched; several works may have shared it."""
        found = self.trail = trail.taken(self.raw)
        told = self.house.told
        if not found and not told:
            return
        self.now = together[-1].now
        self.living = next((tx.living for tx in together if tx.living), None)
        for what, check in self.checks.items():
            for step in found.get(what, ()):
                self.seen[what] += 1
                check(step)
        for number in {step.id for what in ("enrollment", "dispute") for step in found.get(what, ())}:
            self._at_rest(number)
        self._seats(found)
        self._notices(told, found)
        if aside := len([step for step in found.get("set_aside", ()) if step.old is None]):
            self.aside += aside
            why, raw = self._row("SELECT why, raw FROM set_aside ORDER BY id DESC LIMIT 1")
            self._must(
                self.aside <= self.house.bugs, f"a turn was set aside: {why}, {self.house.keys.decrypt(raw):.80}"
            )

    def _account(self, step: Step) -> None:
        row = self._row("SELECT kind, owner, balance, typeof(balance) FROM account WHERE id = ?", step.id)
        came = self._value("SELECT coalesce(sum(kopecks), 0) FROM transfer WHERE target = ?", step.id)
        went = self._value("SELECT coalesce(sum(kopecks), 0) FROM transfer WHERE source = ?", step.id)
        kind, owner, balance, type_ = row
        self._must(balance == came - went, f"account {kind} {owner} has {balance}, its transfers make {came - went}")
        self._must(kind == "budget" or balance >= 0, f"account {kind} {owner} is short: {balance}")
        self._must(type_ == "integer", f"account {kind} {owner} has {balance!r}, no whole kopecks")

    def _transfer(self, step: Step) -> None:
        self._must(step.old is None, f"transfer {step.id} was changed or deleted (R3.2)")
        key, kopecks, type_, why, about, month = self._row(
            "SELECT key, kopecks, typeof(kopecks), why, about, month FROM transfer WHERE id = ?", step.id
        )
        self.seen[f"transfer {why}"] += 1
        self._must(type_ == "integer" and kopecks > 0, f"{key} moves {kopecks!r}")
        if why == "charge":
            self._charge(key, kopecks, about, month)
        if why == "expiry":
            self._expiry(key)
        if why in ("lessons", "mistake"):
            charged = self._months(about, month, "charge")
            back = self._months(about, month, "lessons", "mistake")
            self._must(back <= charged, f"{key}: {back} of {charged} came back (R5.4)")
        if why == "lessons":
            self._lessons(key, about, month)

    def _charge(self, key: str, kopecks: int, about: int, month: str) -> None:
        """R5.2, R5.3: once, what was planned, not before its month has begun where the money is given."""
        times = self._value(
            "SELECT count(*) FROM transfer WHERE about = ? AND month = ? AND why = 'charge'", about, month
        )
        self._must(times == 1, f"{key}: month {month} was charged {times} times (R5.3)")
        start, stop, first, other, zone, ends, concluded = self._row(
            "SELECT e.start, e.stop, e.first, e.other, m.zone, e.ends_on, e.concluded_on FROM enrollment e "
            "JOIN certificate c ON c.id = e.certificate JOIN municipality m ON m.id = c.municipality WHERE e.id = ?",
            about,
        )
        self._must(start[:7] <= month <= (ends or stop)[:7], f"{key}: {month} is outside {start}–{ends or stop}")
        self._must(
            kopecks == (first if month == start[:7] else other), f"{key} moves {kopecks} of {first} + n × {other}"
        )
        today = str(self._today(zone))
        self._must(today >= max(start, f"{month}-01", concluded), f"{key} on {today}, before it was due (R5.2)")

        disputed = self._value(
            "SELECT opened_at FROM dispute WHERE enrollment = ? AND state = 'open' AND opened_at < ?",
            about,
            self.now.replace(tzinfo=None).isoformat(" ", "microseconds"),
        )
        self._must(not disputed, f"{key} while the operator looks into it (R5.8)")

    def _lessons(self, key: str, about: int, month: str) -> None:
        """R5.4: all that came back for a month's lessons is what those are worth that were cancelled in it."""
        entered = self._rows(
            "SELECT cancelled, planned FROM cancelled_lessons WHERE enrollment = ? AND month = ? ORDER BY id",
            about,
            month,
        )
        planned, cancelled = entered[-1][1], sum(row[0] for row in entered)
        worth = self._months(about, month, "charge") * min(cancelled, planned) // planned
        back = self._months(about, month, "lessons")
        self._must(back == worth, f"{key}: {back} came back for {cancelled} of {planned} lessons, {worth} worth (R5.4)")

    def _expiry(self, key: str) -> None:
        """R5.9: first every hold returns, then what is left expires."""
        _why, certificate, period, _number = key.split(":")
        held = self._rows(
            "SELECT e.id, a.balance FROM enrollment e JOIN account a ON a.kind = 'hold' AND a.owner = e.id "
            "WHERE e.certificate = ? AND e.period = ? AND a.balance > 0 AND NOT EXISTS "
            "(SELECT 1 FROM dispute d WHERE d.enrollment = e.id AND d.state = 'open')",
            certificate,
            period,
        )
        self._must(not held, f"{key}, and {held} is still held (R5.9)")

    def _enrollment(self, step: Step) -> None:
        if step.old == step.new:
            return
        if step.new == "offered":
            self._must(
                self._value(
                    "SELECT c.state = 'active' AND v.state = 'active' AND p.state = 'active' AND g.is_open "
                    'FROM enrollment e JOIN certificate c ON c.id = e.certificate JOIN "group" g ON g.id = e."group" '
                    "JOIN module m ON m.id = g.module JOIN program p ON p.id = m.program "
                    "JOIN provider v ON v.id = p.provider WHERE e.id = ?",
                    step.id,
                ),
                f"enrollment {step.id} was offered a seat that nobody can take (R6.11)",
            )
        if step.new in ("requested", "claimed"):
            self._gate(step.id)
        allowed = MAY_BECOME.get(step.old, set())
        self._must(step.new in allowed, f"enrollment {step.id} went from {step.old} to {step.new} (R6)")
        self.seen[f"{step.old} → {step.new}"] += 1

    def _gate(self, number: int) -> None:
        """R6.2: the first day is not further back than the municipality allows, by its own calendar."""
        start, zone, policy = self._row(
            "SELECT e.start, m.zone, m.policy FROM enrollment e JOIN certificate c ON c.id = e.certificate "
            "JOIN municipality m ON m.id = c.municipality WHERE e.id = ?",
            number,
        )
        earliest = self._today(zone) - timedelta(days=json.loads(policy).get("backdating_days", 0))
        self._must(start >= str(earliest), f"enrollment {number} begins on {start}, before {earliest} (R6.2)")

    def _at_rest(self, number: int) -> None:
        """What a transaction leaves of an enrollment."""
        row = self._row(
            "SELECT e.state, e.start, e.stop, e.ends_on, e.reason, e.holds_seat, e.ended_by, m.zone, e.changed_at, "
            "(SELECT balance FROM account WHERE kind = 'hold' AND owner = e.id), "
            "(SELECT count(*) FROM dispute d WHERE d.enrollment = e.id AND d.state = 'open') FROM enrollment e "
            "JOIN certificate c ON c.id = e.certificate JOIN municipality m ON m.id = c.municipality WHERE e.id = ?",
            number,
        )
        if row is None:
            return
        state, start, stop, ends_on, reason, seat, _by, zone, changed_at, hold, disputed = row
        if hold and not disputed:
            over = state in FINAL or ends_on is not None
            self._must(not over, f"enrollment {number} is {state} (ends {ends_on}), and its hold has {hold} (R5.6)")
        self._must(not seat or state in SEATED, f"enrollment {number} is {state}, and holds a seat (R6.1)")
        today = self._today(zone)
        if state == "completed" and any(step.id == number and step.new == state for step in self.trail["enrollment"]):
            self._must(str(today) > stop, f"enrollment {number} was completed on {today}, before its last day {stop}")
        if ends_on and reason != "dispute" and instant(changed_at) == self.now and state == "active":
            last = today.replace(day=monthrange(today.year, today.month)[1])
            self._must(
                ends_on == str(min(last, date.fromisoformat(stop))),
                f"enrollment {number}: notice on {today} ends it on {ends_on} (R5.5)",
            )
        if state in ("requested", "claimed", "accepted", "active"):
            self._must(start <= stop, f"enrollment {number} runs backwards")
            planned, reserved = self._row(
                "SELECT first + other * (months - 1), (SELECT coalesce(sum(kopecks), 0) FROM transfer t "
                "WHERE t.about = e.id AND t.why = 'reserve') FROM enrollment e WHERE id = ?",
                number,
            )
            self._must(planned == reserved, f"enrollment {number} costs {planned}, and {reserved} was put aside (R5.1)")

    def _seats(self, found: trail.Trail) -> None:
        touched = {step.id for step in found.get("group", ())}
        for step in found.get("enrollment", ()):
            touched.add(self._value('SELECT "group" FROM enrollment WHERE id = ?', step.id) or 0)
        for number in touched - {0}:
            self._group(Step(number, None, None))

    def _group(self, step: Step) -> None:
        """R6.1, from the states alone: a renewal has no second seat, a disputed one past its last day none."""
        row = self._row('SELECT taken, seats FROM "group" WHERE id = ?', step.id)
        taken, seats = row
        counted = self._value(
            'SELECT count(*) FROM enrollment e WHERE e."group" = ?1 AND e.state IN '
            "('requested', 'claimed', 'accepted', 'active', 'offered', 'renewal_offered') "
            "AND NOT (e.state = 'active' AND NOT e.holds_seat AND EXISTS "
            "(SELECT 1 FROM dispute d WHERE d.enrollment = e.id AND d.state = 'open')) "
            'AND NOT EXISTS (SELECT 1 FROM enrollment o WHERE o.id = e.renews AND o.holds_seat AND o."group" = ?1)',
            step.id,
        )
        self._must(taken == counted, f"group {step.id} counts {taken} seats, its enrollments hold {counted} (R6.1)")
        self._must(taken <= seats, f"group {step.id} has {seats} seats and gave {taken} (R6.5)")

    def _certificate(self, step: Step) -> None:
        if step.old != step.new:
            allowed = CERTIFICATE.get(step.old, set())
            self._must(step.new in allowed, f"certificate {step.id} went from {step.old} to {step.new} (R2.7)")
            self.seen[f"certificate {step.old} → {step.new}"] += 1
        if step.new == "closed_age" != step.old:
            born, zone = self._row(
                "SELECT k.birth_date, m.zone FROM certificate c JOIN child k ON k.id = c.child "
                "JOIN municipality m ON m.id = c.municipality WHERE c.id = ?",
                step.id,
            )
            day = date.fromisoformat(born)
            grown = date(day.year + 18, 3, 1) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 18)
            self._must(self._today(zone) >= grown, f"certificate {step.id} of one born {born} ends too early (R8.4)")

    def _rating(self, step: Step) -> None:
        chain = self._value("SELECT chain FROM rating WHERE id = ?", step.id)
        times = self._value("SELECT count(*) FROM rating WHERE chain = ?", chain)
        self._must(chain is None or times == 1, f"chain {chain} has {times} ratings (R7.1)")
        first = self._value("SELECT coalesce(chain, id) FROM enrollment WHERE id = ?", chain)
        self._must(first == chain, f"rating {step.id} is of {chain}, whose chain begins with {first} (R7.1)")

    def _months(self, about: int, month: str, *whys: str) -> int:
        marks = ", ".join("?" * len(whys))
        return int(
            self._value(
                f"SELECT coalesce(sum(kopecks), 0) FROM transfer WHERE about = ? AND month = ? AND why IN ({marks})",
                about, month, *whys,
            )
        )  # fmt: skip
