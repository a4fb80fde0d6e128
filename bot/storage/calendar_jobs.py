"""What each day, and each minute, brings besides the runs of money: every feature's own jobs, collected in one place.

A daily job is called once for every local day of a municipality, days passed over included, after the day's runs; `tx.today` is that day.
A minutely job looks at the tables for instants that have come. Both may be called again and then find nothing more to do.
"""

from collections.abc import Callable
from datetime import date

from bot.storage import certificate_clock, enrollment_clock, event, rating, transcript, waiting_queue
from bot.storage.desk import Tx

Daily = Callable[[Tx, int, date], None]
Minutely = Callable[[Tx], None]


DAILY: tuple[Daily, ...] = (
    enrollment_clock.daily,
    certificate_clock.daily,
    waiting_queue.daily,
    rating.daily,
    event.daily,
)
MINUTELY: tuple[Minutely, ...] = (waiting_queue.minutely, transcript.pass_unread)
