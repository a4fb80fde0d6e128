"""Benchmarks: the service beside its peers, in one run. Programs, not tests: `make bench`, or `python -m bench turn`."""
