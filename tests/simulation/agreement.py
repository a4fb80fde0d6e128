"""Every thousand steps and at the end: everything is told again, not only what was touched."""

import hashlib
from collections import Counter
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.storage import schema
from bot.storage.audit import audit
from tests.simulation.house import House, Violation
from tests.simulation.messengers import Post
from tests.simulation.watch import FINAL, SEATED


def agrees(house: House, post: Post, lived: bool) -> None:
    """Violation with the first difference. `lived`: the calendar has caught up with the present day everywhere."""
    differences = house.read(audit)
    _must(not differences, "; ".join(differences))
    _must(not house.rows("PRAGMA foreign_key_check"), "a row refers to nothing")
    _accounts(house)
    _states(house)
    _once(house)
    _scores(house)
    _bills(house)
    if lived:
        _months(house)


def _accounts(house: House) -> None:
    """Each balance from its transfers, in whole kopecks; nothing but integers anywhere (R3.1, R3.2)."""
    sums: Counter[int] = Counter()
    for source, target, kopecks in house.rows("SELECT source, target, kopecks FROM transfer"):
        _must(type(kopecks) is int, f"a transfer of {kopecks!r}")
        sums[source] -= kopecks
        sums[target] += kopecks
    for number, kind, balance in house.rows("SELECT id, kind, balance FROM account"):
        _must(balance == sums[number], f"account {number} ({kind}) has {balance}, its transfers make {sums[number]}")


def _bills(house: House) -> None:
    """What a provider has is what stands on its bills that have gone, and what stands on none (R5.4)."""
    billed: Counter[int] = Counter()
    for number, charged, refunded in house.rows(
        "SELECT provider, charged, refunded FROM bill WHERE kind = 'bill' AND state <> 'returned'"
    ):
        billed[number] += charged - refunded
    on_a_bill = {row[0] for row in house.rows("SELECT transfer FROM bill_transfer")}
    moved = house.rows("SELECT id, source, target, kopecks FROM transfer")
    for account, owner, balance in house.rows("SELECT id, owner, balance FROM account WHERE kind = 'provider'"):
        free = sum(
            kopecks * ((target == account) - (source == account))
            for number, source, target, kopecks in moved
            if number not in on_a_bill
        )
        _must(billed[owner] + free == balance, f"provider {owner} has {balance}, its bills {billed[owner]} and {free}")


def _states(house: House) -> None:
    """Nothing held by what is over (R5.6), no seat without a state that has one (R6.1), `ends_on` within the days."""
    disputed = {row[0] for row in house.rows("SELECT enrollment FROM dispute WHERE state = 'open'")}
    held = dict(house.rows("SELECT owner, balance FROM account WHERE kind = 'hold' AND balance <> 0"))
    for number, state, seat, start, stop, ends_on, reason in house.rows(
        "SELECT id, state, holds_seat, start, stop, ends_on, reason FROM enrollment"
    ):
        over = state in FINAL or ends_on is not None
        _must(not (over and held.get(number) and number not in disputed), f"{state} {number} holds {held.get(number)}")
        _must(not seat or state in SEATED, f"enrollment {number} is {state}, and holds a seat")
        _must(ends_on is None or reason == "dispute" or start <= ends_on <= stop, f"enrollment {number} ends {ends_on}")


def _once(house: House) -> None:
    """A month is charged once (R5.3), a chain rated once (R7.1), an update has one effect, a key one message."""
    for what, question in ONCE.items():
        rows = house.rows(question)
        _must(not rows, f"{what}: {rows[:3]}")


ONCE = {
    "a month charged twice": "SELECT about, month FROM transfer WHERE why = 'charge' GROUP BY 1, 2 HAVING count(*) > 1",
    "a transfer's key twice": "SELECT key FROM transfer GROUP BY key HAVING count(*) > 1",
    "a chain rated twice": "SELECT chain FROM rating GROUP BY chain HAVING count(*) > 1",
    "a message queued twice": "SELECT key FROM outbox GROUP BY key HAVING count(*) > 1",
    "a line of a transcript twice": (
        "SELECT outbox_key FROM web_message WHERE outbox_key IS NOT NULL GROUP BY 1 HAVING count(*) > 1"
    ),
    "a seat taken twice by one child": (
        'SELECT child, "group", start FROM enrollment WHERE state IN '
        "('requested', 'claimed', 'accepted', 'active', 'renewal_offered') GROUP BY 1, 2, 3 HAVING count(*) > 1"
    ),
    "a child twice in a module at once": (
        "SELECT a.id, b.id FROM enrollment a JOIN enrollment b ON a.child = b.child AND a.module = b.module "
        "AND a.id < b.id WHERE a.state IN ('requested', 'claimed', 'accepted', 'active') "
        "AND b.state IN ('requested', 'claimed', 'accepted', 'active') "
        "AND a.start <= max(b.start, coalesce(b.ends_on, b.stop)) AND b.start <= max(a.start, coalesce(a.ends_on, a.stop))"
    ),
    "an event with more children than seats": (
        "SELECT e.id FROM event e JOIN event_signup s ON s.event = e.id GROUP BY e.id HAVING count(*) > e.seats"
    ),
    "a name, a chat or a word of somebody who is forgotten": (
        "SELECT p.id FROM person p LEFT JOIN chat c ON c.person = p.id AND c.cut_at IS NULL "
        "LEFT JOIN rating r ON r.person = p.id AND r.comment IS NOT NULL "
        "LEFT JOIN saved_search s ON s.person = p.id LEFT JOIN guardianship g ON g.person = p.id "
        "WHERE p.deleted_at IS NOT NULL AND coalesce(p.surname, p.phone, c.id, r.id, s.id, g.id) IS NOT NULL"
    ),
    "a certificate in use of a child that is forgotten": (
        "SELECT c.id FROM certificate c JOIN child k ON k.id = c.child "
        "WHERE k.deleted_at IS NOT NULL AND c.state NOT IN ('revoked', 'closed_age')"
    ),
    "two certificates of a child": (
        "SELECT child FROM certificate WHERE state NOT IN ('revoked', 'closed_age') GROUP BY 1 HAVING count(*) > 1"
    ),
    "a child's certificate after the birthday": (
        "SELECT c.id FROM certificate c JOIN child k ON k.id = c.child JOIN municipality m ON m.id = c.municipality "
        "JOIN run r ON r.key = 'lived:' || m.id WHERE k.deleted_at IS NULL AND c.state IN ('active', 'frozen') "
        "AND (CAST(strftime('%Y', r.progress) AS INTEGER) - CAST(strftime('%Y', k.birth_date) AS INTEGER)) * 10000 "
        "+ CAST(strftime('%m%d', r.progress) AS INTEGER) - CAST(strftime('%m%d', k.birth_date) AS INTEGER) >= 180000"
    ),
    "an accounting certificate with money": (
        "SELECT c.id FROM certificate c JOIN account a ON a.kind = 'certificate' AND a.owner = c.id "
        "WHERE c.state = 'active' AND c.kind = 'accounting' AND a.balance > 0 AND NOT EXISTS "
        "(SELECT 1 FROM enrollment e WHERE e.certificate = c.id AND e.state IN "
        "('requested', 'claimed', 'accepted', 'active', 'waitlisted', 'offered', 'renewal_offered'))"
    ),
}
"""What must not exist → the question that finds it."""


def _scores(house: House) -> None:
    """A program's score is made of its ratings (R7.3)."""
    for number, stars, count in house.rows(
        "SELECT p.id, p.rating_sum, p.rating_count FROM program p LEFT JOIN rating r ON r.program = p.id "
        "AND r.state = 'given' GROUP BY p.id HAVING rating_sum <> coalesce(sum(r.stars), 0) OR rating_count <> count(r.id)"
    ):
        raise Violation(f"program {number} counts {stars} stars of {count} ratings (R7.3)")


def _months(house: House) -> None:
    """R5.3: every month that has come is charged, neither more nor less, disputes aside."""
    charged: dict[int, set[str]] = {}
    for about, month in house.rows("SELECT about, month FROM transfer WHERE why = 'charge'"):
        charged.setdefault(about, set()).add(month)
    for number, start, stop, ends_on, zone, first, other in house.rows(
        "SELECT e.id, e.start, e.stop, e.ends_on, m.zone, e.first, e.other FROM enrollment e "
        "JOIN certificate c ON c.id = e.certificate JOIN municipality m ON m.id = c.municipality "
        "WHERE e.state IN ('active', 'completed', 'terminated') AND coalesce(e.reason, '') <> 'dispute' "
        "AND e.id NOT IN (SELECT enrollment FROM dispute)"
    ):
        today = house.clock.now.astimezone(ZoneInfo(zone)).date()
        last = min(date.fromisoformat(ends_on or stop), today)
        due = set()
        month = date.fromisoformat(start).replace(day=1)
        while date.fromisoformat(start) <= today and month <= last:
            if first if str(month)[:7] == start[:7] else other:
                due.add(str(month)[:7])
            month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        missing, extra = due - charged.get(number, set()), charged.get(number, set()) - due
        _must(not missing, f"enrollment {number} ({start}–{ends_on or stop}) owes {sorted(missing)} on {today} (R5.3)")
        _must(not extra, f"enrollment {number} ({start}–{ends_on or stop}) paid {sorted(extra)} for nothing (R5.3)")


def delivered(house: House, post: Post) -> None:
    """At the very end, when every messenger has been well for long: nothing that may go still waits (R8.2)."""
    waiting = house.rows(
        "SELECT o.key, o.state FROM outbox o WHERE o.state = 'sending' OR (o.state = 'queued' AND o.not_before <= ?1 "
        "AND EXISTS (SELECT 1 FROM chat c WHERE c.dead_at IS NULL AND c.cut_at IS NULL AND "
        "(c.id = o.chat OR o.kind <> 'reply') AND c.person = o.person AND instr(o.tried_channels, c.channel) = 0))",
        house.clock.now.replace(tzinfo=None).isoformat(" ", "microseconds"),
    )
    _must(not waiting, f"{len(waiting)} messages were not sent, {waiting[:3]}")


def fingerprint(house: House) -> str:
    """A hash of every row of every table: what a replay must come to again."""
    sums = hashlib.sha256()
    for table in schema.metadata.sorted_tables:
        if table is schema.lease:  # its holders are named by the machine
            continue
        for row in house.rows(
            f'SELECT * FROM "{table.name}" ORDER BY {", ".join(map(str, range(1, len(table.c) + 1)))}'
        ):
            sums.update(repr((table.name, row)).encode())
    return sums.hexdigest()


def _must(holds: Any, why: str) -> None:
    if not holds:
        raise Violation(why)
