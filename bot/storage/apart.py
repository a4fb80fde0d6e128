"""Reading a file in a process of its own (`bot/registry/__main__.py`): it takes no turn from the chats, and no more than its own memory."""

import asyncio
import pickle
import sys
from pathlib import Path

import bot
from bot.registry import reasons
from bot.registry.line import RowError
from bot.registry.parts import File, batches
from bot.registry.reader import Wish

LONGEST = 15 * 60
"""Seconds."""
HOUSE = Path(bot.__file__).parent.parent


async def read_apart(wish: Wish) -> File:
    """What the file tells. One that exhausts the reader is unreadable, and so is told. Cancelled, it leaves no process behind."""
    reader = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.registry",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=HOUSE,
        env={"PYTHONPATH": str(HOUSE)},  # none of our secrets
    )
    try:
        async with asyncio.timeout(LONGEST):
            answer, _nothing = await reader.communicate(await asyncio.to_thread(pickle.dumps, wish))
    except TimeoutError:
        answer = b""
    finally:
        if reader.returncode is None:
            reader.kill()
            await reader.wait()
    if reader.returncode or not answer:
        return File(errors=batches([RowError(0, "", reasons.EXHAUSTING)]), wrong=1)
    file: File = pickle.loads(answer)
    return file
