"""Years of a random town in one thread: real dialogs, desk, calendar and senders on a virtual clock, with crashes at every statement.

`life.py` is the story of a seed, `house.py` the service under it, `watch.py` and `agreement.py` what must always hold.
"""
