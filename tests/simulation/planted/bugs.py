"""The bugs: where, what stands there, what is put in its place, who has to find it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Bug:
    """`old` must stand in the file exactly once. `by`: the simulation, kills of the real process, or the named tests."""

    name: str
    file: str
    old: str
    new: str
    by: Literal["simulation", "kills", "tests"] = "simulation"
    tests: str = ""


GATE = """        tx.rows(select(certificate.c.id).where(certificate.c.child == child_id).with_for_update())
    found, who, replaced = _group(tx, group_id), _child(tx, child_id), _replaced(tx, instead_of)
    if found is None or who is None:
        return NotYours()
    payer = who.payer or who.municipality
    start = start or first_day(tx, found, payer)
    period = _period(tx, payer, start)
    money = ZERO
    if who.certificate and period:
        purse = book.certificate(who.certificate, period.id)
        money = lock_money(tx, who.certificate, period.id) if locked else balance(tx, purse)
"""
"""Either lock alone is enough."""

BUGS = (
    Bug(
        "no de-duplication of updates",
        "bot/handlers/turn.py",
        "fresh = [update for key, update in once.items() if key in new]",
        "fresh = list(once.values())",
    ),
    Bug(
        "an update is acknowledged before its commit",
        "bot/handlers/intake.py",
        "        answers = await self.desk.run(work)\n        for waiting in batch:\n",
        "        for waiting in batch:\n"
        "            waiting.done.set_result([Answered(update.key) for update in waiting.updates])\n"
        "        answers = await self.desk.run(work)\n        for waiting in batch:\n",
    ),
    Bug(
        "a turn without a savepoint",
        "bot/handlers/turn.py",
        "                    if not saved:\n                        undo.enter_context(tx.savepoint())",
        "                    if not saved:\n                        pass",
        by="tests",
        tests="tests/handlers/test_turn.py",
    ),
    Bug(
        "marked as sent before it is sent",
        "bot/notifications/sender.py",
        "outcomes = await self._channel.send(parts)",
        "await self._outbox.record([(part, Sent('')) for part in parts])\n            outcomes = await self._channel.send(parts)",
    ),
    Bug(
        "what was on its way at a crash is not taken up",
        "bot/storage/outbox.py",
        'tx.sql(outbox.update().where(SENDING, outbox.c.channel == channel).values(state="queued"))',
        "tx.rows(select(outbox.c.id).where(SENDING, outbox.c.channel == channel))",
    ),
    Bug(
        "a repeat has another seed",
        "bot/storage/due.py",
        'return int.from_bytes(hashlib.sha256(f"{installation}:{row}".encode()).digest()[:4]) & 0x7FFFFFFF or 1',
        "_COUNT.append(row)\n    return len(_COUNT)\n\n\n_COUNT: list[int] = []",
    ),
    Bug(
        "a notice to a blocked chat is not passed on",
        "bot/storage/outbox.py",
        "RowState.QUEUED if life.address_dead and delivery.push else life.state",
        "life.state",
    ),
    Bug(
        "a reply from hand to hand overtakes one that waits",
        "bot/storage/outbox.py",
        "    return chats - set(tx.sql(waiting).scalars())",
        "    return chats if waiting is not None else set()",
        by="tests",
        tests="tests/handlers/test_turn.py",
    ),
    Bug(
        "quiet hours in the wrong zone",
        "bot/storage/outbox.py",
        "return quiet_until(tx.now, tx.zone(municipality), policy.quiet_from, policy.quiet_until) or tx.now",
        'return quiet_until(tx.now, "Europe/Moscow", policy.quiet_from, policy.quiet_until) or tx.now',
    ),
    Bug(
        "notices are written after the transaction",
        "bot/storage/desk.py",
        "            answer = waiting.work(tx)\n            tx.write()\n",
        "            answer = waiting.work(tx)\n"
        "            if told := list(tx.told):\n"
        "                tx.told.clear()\n"
        "                asyncio.ensure_future(self.run(lambda later, told=told: later.told.extend(told)))\n",
    ),
    Bug(
        "money as a fraction",
        "bot/domain/money.py",
        "return Money(self.kopecks * numerator // _positive(denominator))",
        "return Money(self.kopecks * numerator / _positive(denominator))",
    ),
    Bug(
        "the unique key of a transcript's line is missing",
        "bot/storage/schema/messages.py",
        '    UniqueConstraint("outbox_key"),\n',
        "",
    ),
    Bug(
        "the last day of a notice is the next month's first",
        "bot/domain/enrollment.py",
        "return min(Month.of(notice).last, stop)",
        "return min(Month.of(notice).next.first, stop)",
    ),
    Bug(
        "29 February turns on 28 February",
        "bot/domain/calendar.py",
        "return date(birth.year + years, 3, 1)",
        "return date(birth.year + years, 2, 28)",
    ),
    Bug(
        "today is everybody's UTC day",
        "bot/storage/tx.py",
        "return self.living or local_date(self.now, self.zone(municipality))",
        'return self.living or local_date(self.now, "UTC")',
    ),
    Bug(
        "a seat is counted twice",
        "bot/storage/seats.py",
        "    if seat and not row.holds_seat:\n        _count(tx, row.group, +1)",
        "    if seat:\n        _count(tx, row.group, +1)",
    ),
    Bug(
        "a seat stays behind in the group that was left",
        "bot/storage/seats.py",
        "    _count(tx, to, +1)\n    if row.holds_seat:\n        _free(tx, row)",
        "    _count(tx, to, +1)",
    ),
    Bug(
        "a switch into a full group",
        "bot/storage/enrollment.py",
        "    if to.taken >= to.seats and not to.has_seat:\n        return NoFreeSeat(to.id)\n",
        "",
    ),
    Bug(
        "a charge's key without its month",
        "bot/domain/ledger.py",
        'return Transfer(f"charge:{source.owner}:{month}", source,',
        'return Transfer(f"charge:{source.owner}", source,',
    ),
    Bug(
        "an end leaves the hold as it is",
        "bot/storage/enrollment_steps.py",
        "    release_hold(tx, row.id, Why.REFUSED)\n",
        "",
    ),
    Bug(
        "cancelled lessons are refunded again and again",
        "bot/storage/ledger.py",
        "part = charged.amount.floor_share(cancelled, planned) - refunded(tx, charged)",
        "part = charged.amount.floor_share(cancelled, planned)",
    ),
    Bug(
        "the expiry before the charges",
        "bot/notifications/scheduler.py",
        "BORDER = (Step.CATCH_UP, Step.FINISH, Step.RELEASE, Step.EXPIRE, Step.CLOSE)",
        "BORDER = (Step.EXPIRE, Step.CATCH_UP, Step.FINISH, Step.RELEASE, Step.CLOSE)",
        by="tests",
        tests="tests/notifications/test_scheduler.py",
    ),
    Bug(
        "days that the calendar missed stay missed",
        "bot/notifications/scheduler.py",
        "    return [lived + DAY * number for number in range(1, (today - lived).days + 1)]",
        "    return [today] if lived < today else []",
    ),
    Bug(
        "a return into a closed period stays there",
        "bot/storage/ledger.py",
        "            wanted += [book.pass_on(each, book.budget(row.municipality, row.period)) for each in transfers]\n",
        "            pass\n",
    ),
    Bug(
        "a dispute does not stop the charges",
        "bot/storage/ledger.py",
        'if row.state == "active" and not row.disputed]',
        'if row.state == "active"]',
    ),
    Bug(
        "a rating for each link of a chain",
        "bot/storage/rating.py",
        'tx.insert(rating, chain=row.root, person=asked[row.child], program=row.program, state="asked")',
        'tx.insert(rating, chain=row.last, person=asked[row.child], program=row.program, state="asked")',
        by="tests",
        tests="tests/storage/test_rating.py",
    ),
    Bug(
        "a seat is offered to the list without the gate",
        "bot/storage/waiting_queue.py",
        "        if isinstance(gate(tx, row.child, group_id, waiting=True, instead_of=row.id, locked=False), Refusal):\n"
        "            continue\n",
        "",
        by="tests",
        tests="tests/storage/test_waiting.py",
    ),
    Bug(
        "what is remembered outlives a rollback",
        "bot/storage/memory.py",
        "        self._forgotten += 1\n",
        "        pass\n",
        by="tests",
        tests="tests/storage/test_desk.py",
    ),
    Bug(
        "the offset is confirmed before the commit",
        "bot/handlers/telegram_intake.py",
        '            if await self._patience.persist("telegram.take", partial(self._take, raws)):\n'
        '                offset = max((raw["update_id"] + 1 for raw in raws if _numbered(raw)), default=offset)\n',
        '            offset = max((raw["update_id"] + 1 for raw in raws if _numbered(raw)), default=offset)\n'
        "            self._taking = asyncio.create_task(self._take(raws))\n",
        by="kills",
    ),
    Bug(
        "a deferred BEGIN",
        "bot/storage/database.py",
        'connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")',
        'connection.exec_driver_sql("BEGIN")',
        by="tests",
        tests="tests/storage/test_enrollment_races.py",
    ),
    Bug(
        "the money is read without a lock",
        "bot/storage/gate.py",
        GATE,
        GATE.replace(
            "        tx.rows(select(certificate.c.id).where(certificate.c.child == child_id).with_for_update())\n", ""
        ).replace("lock_money(tx, who.certificate, period.id) if locked else balance(tx, purse)", "balance(tx, purse)"),
        by="tests",
        tests="tests/storage/test_enrollment_races.py",
    ),
)
