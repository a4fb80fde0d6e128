"""The demo: the whole product on one machine, with a sample registry, a family in mid-year and a calendar that can be moved.

Only its time and its staff are played: everything goes through the same desk, channel and calendar as in a real installation.
"""
