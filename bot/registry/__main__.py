"""`python -m bot.registry`: a file is read in a process of its own, so that whatever is in it can exhaust nothing else.

A pickled `Wish` comes on the standard input, the pickled `File` goes to the standard output. Neither leaves this machine; nothing is written.
"""

import os
import pickle
import resource
import sys

from bot.registry.reader import READERS, Wish

MEMORY = 2 * 1024**3
"""Bytes; more has no file that passes the gate."""
KINDNESS = 10
"""How much the chats come first."""


def main() -> None:
    """Read one file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.nice(KINDNESS)
    wish: Wish = pickle.load(sys.stdin.buffer)
    pickle.dump(READERS[wish.kind](wish), sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main()
