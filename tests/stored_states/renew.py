"""`python -m tests.stored_states.renew`: store a sample of each state that has none in its present form; what is stored stays.

A state that has changed gets one more file, `ReadProgram.2.json`: the older ones prove that what rests in databases still loads.
"""

import json
from pathlib import Path

from bot.dialogs.codec import encode
from tests.stored_states.samples import Paper, sample, states

FOLDER = Path(__file__).parent


def renew() -> list[Path]:
    """The files that were written."""
    written = []
    for name, kind in states().items():
        form = json.dumps(json.loads(encode(sample(kind), Paper())), ensure_ascii=False, indent=1) + "\n"
        known = sorted(FOLDER.glob(f"{name}.*json"))
        if form not in (path.read_text(encoding="utf-8") for path in known):
            path = FOLDER / (f"{name}.{len(known) + 1}.json" if known else f"{name}.json")
            path.write_text(form, encoding="utf-8")
            written.append(path)
    return written


if __name__ == "__main__":
    for path in renew():
        print(path.name)  # noqa: T201
