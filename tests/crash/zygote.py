"""A warm process: it has imported the whole service, and forks one that runs `python -m bot …` for each line that it reads.

What is forked is a process like any other, with sockets and files of its own; it only did not have to wait for its imports. A line is
`{"words": ["run"], "environment": {…}, "log": "path"}`; answers are `born <pid>` and, whenever one has ended, `gone <pid> <exit code>`.
"""

import gc
import json
import os
import signal
import sys
import traceback
from types import FrameType

# Everything that `python -m bot run` imports on its way, so that a fork has it already.
import bot.handlers.telegram
import bot.handlers.vk
import bot.service  # noqa: F401
from bot.__main__ import app


def main() -> None:
    signal.signal(signal.SIGCHLD, _bury)
    gc.freeze()
    say("ready")
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if not pid:
            live(order["words"], order["environment"], order["log"])
        say(f"born {pid}")


def live(words: list[str], environment: dict[str, str], log: str) -> None:
    """The child: nothing of the parent's is left to it but what was imported."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(environment)
    nothing, told = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number, file in enumerate((nothing, told, told)):
        os.dup2(file, number)
    sys.argv = ["bot", *words]
    code = 1
    try:
        app()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _bury(_signal: int, _frame: FrameType | None) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        say(f"gone {pid} {os.waitstatus_to_exitcode(status)}")


def say(words: str) -> None:
    """A line in one piece, from a signal's handler too."""
    os.write(1, f"{words}\n".encode())


if __name__ == "__main__":
    main()
