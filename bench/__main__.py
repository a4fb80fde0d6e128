"""`make bench`, or `python -m bench [PART [WORDS…]]`: everything, or one part of it; see `build/bench.md` afterwards.

A part is a module with `main(report, words)`: it tells the report its tables and targets; `words` are what stood behind its name.
"""

import sys
from importlib import import_module

from bench.process import Failed
from bench.report import Report

PARTS = {
    "turn": "bench.turn",  # updates a second, latency, CPU, memory: the service beside its peers
    "runs": "bench.runs",  # 300 000 enrollments: charge, grant, expiry beside a chat
    "imports": "bench.imports",  # turns with and without an import of 50 000 programs beside them
    "growth": "bench.growth",  # turns, claims and days at 10 000 and 100 000 children on PostgreSQL; a million if it is asked for
    "search": "bench.search",  # words, typos and filters at 50 000 and 500 000 programs; how often the right one is found
    "start": "bench.start",  # memory and start with a region's database
    "pushes": "bench.pushes",  # a fan-out at the messengers' limits, and what sending a message costs
}


def main() -> None:
    name, words = (sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else ("", [])
    if name and name not in PARTS:
        sys.exit(f"There is no part «{name}»; there are: {', '.join(PARTS)}.")
    report = Report()
    try:
        for part in [name] if name else PARTS:
            try:
                import_module(PARTS[part]).main(report, words)
            except Failed as failure:
                report.say(f"- failed: {part}: {failure}")
    finally:
        report.keep()


if __name__ == "__main__":
    main()
