"""The demo is built whole, by the commands that everybody uses, and its calendar lives every day."""

import socket
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.demo import play
from bot.demo.staff import hired
from bot.demo.strip import next_days, waiting
from bot.demo.time import move_to, today
from bot.demo.town import TODAY
from bot.domain.staff import StaffRole
from bot.i18n import render
from bot.service import desk_of
from bot.storage import schema, sessions
from bot.storage.audit import audit


async def test_the_demo_is_built_and_its_calendar_moves(tmp_path: Path) -> None:
    settings = play.demo_settings(tmp_path / play.FILE, 8080)
    await play.build(settings)
    assert await play.is_whole(settings)
    desk = desk_of(settings)
    try:
        assert await today(desk) == TODAY
        months = select(schema.transfer.c.month).where(schema.transfer.c.why == "charge").distinct()
        charged = await desk.look(lambda tx: set(tx.sql(months).scalars()))
        assert charged == {"2026-09", "2026-10", "2026-11"}
        programs = await desk.look(lambda tx: tx.value(select(func.count()).select_from(schema.program)))
        assert programs >= 290
        assert [day for _what, day in await desk.look(lambda tx: next_days(tx, TODAY))][:2] == [
            date(2026, 11, 17),
            date(2026, 12, 1),
        ]
        eve = [what for what, _day in await desk.look(lambda tx: next_days(tx, date(2026, 11, 30)))]
        assert render(eve[0], "en") == "tomorrow, the month begins", "what falls on one day is one button"
        clerk = await hired(desk, StaffRole.OPERATOR)
        signed_in = await desk.run(lambda tx: sessions.begin(tx, clerk))
        await move_to(desk, date(2026, 12, 1))
        assert await desk.look(lambda tx: sessions.session_of(tx, signed_in)), "the calendar signs nobody out"
        assert "2026-12" in await desk.look(lambda tx: set(tx.sql(months).scalars()))
        assert await desk.look(waiting) == []
        assert await desk.look(audit) == []
    finally:
        await desk.engine.dispose()


def test_settings_of_a_demo_are_kept_beside_it_and_readable_by_a_shell(tmp_path: Path) -> None:
    first = play.demo_settings(tmp_path / play.FILE, 8080)
    assert play.demo_settings(tmp_path / play.FILE, 8080) == first
    lines = (tmp_path / "kruzhok-demo.env").read_text().splitlines()
    assert [line.split("=")[0] for line in lines] == ["DATABASE_URL", "SECRET_KEY", "DATA_KEYS"]


def test_a_port_that_is_taken_is_said_before_anything_is_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(SystemExit):
            play.play(fresh=True, port=other.getsockname()[1], folder=tmp_path)
    assert "take another one with --port" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())
