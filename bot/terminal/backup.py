"""A copy of the database, and its way back."""

from pathlib import Path
from typing import Annotated

import typer

from bot.i18n import _, n_
from bot.storage import backup as copies
from bot.storage.desk import Desk
from bot.storage.leases import somebody
from bot.storage.migrating import migrate
from bot.terminal.acting import at_desk, say, settings_here


def backup(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="where the copy goes; nothing may stand there")],
) -> None:
    """Copy an SQLite database while the service works. PostgreSQL has pg_dump: see docs/scale.md."""
    source = _sqlite()
    if not source.exists():
        raise typer.BadParameter(f"DATABASE_URL leads to {source}, where no file is")
    try:
        copies.copy(source, file)
    except FileExistsError:
        raise typer.BadParameter(f"{file} is there already") from None
    except OSError as trouble:
        raise typer.BadParameter(f"{file} cannot be written: {trouble.strerror}") from None
    except copies.NoDatabase:
        raise typer.BadParameter(f"{source} is no whole database of this service") from None
    say(
        _(
            "The copy is whole: {file}. Without SECRET_KEY and DATA_KEYS nobody can read it: keep them, elsewhere.",
            file=str(file),
        )
    )


def restore(
    file: Annotated[
        Path | None, typer.Argument(exists=True, dir_okay=False, help="a copy that `backup` has made")
    ] = None,
) -> None:
    """Put a copy in the place of the SQLite database; on PostgreSQL, without FILE, the last step after pg_restore. The service must not run."""
    if _is_at_work(file):
        say(_("The service is at work on this database. Stop it first."))
        raise typer.Exit(1)
    waiting = _put_in_place(file, _sqlite()) if file else at_desk(lambda desk: desk.run(copies.begin_anew))
    say(_("The database is as it was when it was copied: what came later has not happened."))
    say(
        n_(
            "{count} notice will be sent, perhaps once more.",
            "{count} notices will be sent, perhaps once more.",
            waiting,
        )
    )


def _is_at_work(file: Path | None) -> bool:
    """Whether a process holds a lease; where a file goes in place of nothing, or of an empty one, nobody does."""
    if file is None:
        return bool(at_desk(lambda desk: desk.look(somebody)))
    here = _sqlite()
    if not here.exists() or not here.stat().st_size:
        return False
    return bool(at_desk(lambda desk: desk.look(somebody), f"sqlite:///{here}"))  # of whatever version


def _put_in_place(file: Path, target: Path) -> int:
    """Everything is set right in a copy first, then put in place at once; how many notices wait."""
    fresh = target.with_name(target.name + ".restoring")
    fresh.unlink(missing_ok=True)

    async def set_right(desk: Desk) -> int:
        await migrate(desk.engine)
        return await desk.run(copies.begin_anew)

    try:
        copies.copy(file, fresh)
        waiting = at_desk(set_right, f"sqlite:///{fresh}")
        copies.put(fresh, target)
    except copies.NoDatabase as what:
        raise typer.BadParameter(f"{what} is no whole database of this service") from None
    finally:
        for rest in ("", "-wal", "-shm"):
            fresh.with_name(fresh.name + rest).unlink(missing_ok=True)
    return waiting


def _sqlite() -> Path:
    """The configured database's file. BadParameter where it is none."""
    file = copies.file_of(settings_here().database_url)
    if file is None:
        raise typer.BadParameter(
            "PostgreSQL is copied by pg_dump and pg_restore, then comes `restore` without a file: see docs/scale.md"
        )
    return file
