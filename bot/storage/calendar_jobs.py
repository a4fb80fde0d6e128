"""What each day, and each minute, brings besides the runs of money: every feature's own jobs, collected in one place.

A daily job is called once for every local day of a municipality, days passed over included, after the day's runs; `tx.today` is that day.
A minutely job looks at the tables for instants that have come. Both may be called again and then find nothing more to do.
"""

from collections.abc import Callable
from datetime import date, timedelta

from bot.storage import certificate_clock, enrollment_clock, event, outbox, rating, transcript, waiting_queue
from bot.storage.desk import Tx

Daily = Callable[[Tx, int, date], None]
Minutely = Callable[[Tx], None]


def forget(tx: Tx, municipality: int, today: date) -> None:
    """Sent words and updates set aside go (R9.4); they belong to nobody's municipality, so the shortest retention counts."""
    outbox.purge(tx, timedelta(days=tx.policy(municipality).retention_days))


DAILY: tuple[Daily, ...] = (
    enrollment_clock.daily,
    certificate_clock.daily,
    waiting_queue.daily,
    rating.daily,
    event.daily,
    forget,
)
MINUTELY: tuple[Minutely, ...] = (waiting_queue.minutely, transcript.pass_unread)
