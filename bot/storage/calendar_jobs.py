"""What each day, and each minute, brings besides the runs of money: every feature's own jobs, collected in one place.

The daily jobs are done, one after the other, for every local day of a municipality, days passed over included, after the day's runs;
`tx.today` is that day. A minutely job looks at the tables for instants that have come. Both may be called again and then find nothing
more to do.
"""

from collections.abc import Callable

from bot.storage import (
    announcement,
    certificate_clock,
    enrollment_clock,
    event,
    rating,
    saved_search_digest,
    shelf,
    transcript,
    waiting_queue,
)
from bot.storage.jobs import Job
from bot.storage.tx import Tx

Minutely = Callable[[Tx], None]
DAILY: tuple[Job, ...] = (
    *enrollment_clock.JOBS,
    *certificate_clock.JOBS,
    waiting_queue.daily,
    rating.daily,
    event.daily,
    shelf.daily,
    *saved_search_digest.JOBS,
)
MINUTELY: tuple[Minutely, ...] = (waiting_queue.minutely, transcript.pass_unread, announcement.settle)
