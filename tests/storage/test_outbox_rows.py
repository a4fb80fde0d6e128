"""The outbox's rows as the sender takes them."""

from sqlalchemy import select

from bot.domain.calendar import Month
from bot.domain.money import Money
from bot.domain.movements import Charged
from bot.storage import schema
from bot.storage.outbox import claim
from tests.storage.town import Town


def test_a_notice_that_cannot_be_told_fails_alone_and_the_next_one_goes(town: Town) -> None:
    me = town.person()
    child = town.child(me)

    def charged(month: int) -> Charged:
        paid = Money(100), Money(0), Money(0)
        return Charged(child, 1, Month(2026, month), *paid, day=town.now.date(), key=f"charge:1:{month}")

    town.run(lambda tx: tx.tell(charged(9)))
    town.run(lambda tx: tx.sql(schema.outbox.update().values(content='{"is":"FactOfTomorrow"}')))
    town.run(lambda tx: tx.tell(charged(10)))
    (sent,) = town.run(lambda tx: claim(tx, "web", 10))
    assert "October" in sent.message.text
    kept = select(schema.outbox.c.state, schema.outbox.c.trouble).order_by(schema.outbox.c.id)
    assert town.run(lambda tx: list(tx.rows(kept))) == [("failed", "bug: CannotLoad"), ("sending", None)]
