"""The command line: `python -m bot demo | run | migrate | import | template | month | audit | status | backup | restore`, and the staff's decisions."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot import logs
from bot.storage import version
from bot.terminal import (
    backup,
    catalogue,
    certificates,
    enrollments,
    events,
    family,
    money,
    municipality,
    ratings,
    reports,
    staff,
    status,
    waiting,
)
from bot.terminal.acting import refuse_if, settings_here

app = typer.Typer(help="Kruzhok: the certificate that pays for children's clubs, in a chat.", no_args_is_help=True)
for name, room in {
    "municipality": municipality,
    "family": family,
    "certificate": certificates,
    "enrollment": enrollments,
    "catalogue": catalogue,
    "money": money,
    "rating": ratings,
    "event": events,
    "staff": staff,
    "waiting": waiting,
    "report": reports,
}.items():
    app.add_typer(room.app, name=name)
app.add_typer(waiting.renewals, name="renewal")
app.command("import")(catalogue.import_registry)
app.command()(catalogue.template)
app.command()(money.month)
app.command()(money.audit)
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(status.status)


@app.command()
def run() -> None:
    """The service: every channel whose token is set, the calendar, the pages. Settings come from the environment."""
    settings = settings_here()
    refuse_if(settings.complaints())
    refuse_if(asyncio.run(version.complaints(settings.database_url)))
    from bot.service import is_busy, serve

    if is_busy(settings.web_host, settings.web_port):
        refuse_if(
            [
                f"WEB_HOST and WEB_PORT: {settings.web_host}:{settings.web_port} cannot be had; does another answer there?"
            ]
        )
    logs.set_up(settings.log_level, settings.secret_key)
    asyncio.run(serve(settings))


@app.command()
def demo(
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget the last demo and start over.")] = False,
    port: Annotated[int, typer.Option(help="Where the page is served.")] = 8080,
    folder: Annotated[Path, typer.Option(help="Where the demo's database lives.")] = Path("."),
) -> None:
    """The whole product on this machine, with a sample registry: no token, no server to install."""
    from bot.demo.play import play

    logs.set_up("WARNING", plain=True)
    play(fresh=fresh, port=port, folder=folder)


@app.command()
def migrate() -> None:
    """Bring the database to this version's schema."""
    from bot.storage.database import open_database
    from bot.storage.migrating import migrate as upgrade

    settings = settings_here()
    try:
        asyncio.run(version.revision(settings.database_url))
    except version.Unopened as why:
        refuse_if([str(why)])

    async def upgraded() -> None:
        engine = open_database(settings.database_url)
        try:
            await upgrade(engine)
        finally:
            await engine.dispose()

    asyncio.run(upgraded())
    typer.echo("The database is up to date.")


if __name__ == "__main__":
    app()
