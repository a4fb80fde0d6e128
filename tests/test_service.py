"""The service as a process: it says why it will not start, answers when it is ready, and ends in order."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import IO

import httpx
import pytest
from cryptography.fernet import Fernet
from typer.testing import CliRunner

from bot.__main__ import app
from tests.patience import PATIENCE

KEYS = {"SECRET_KEY": "a secret of this test", "DATA_KEYS": Fernet.generate_key().decode()}


def bot(*words: str, stderr: int | IO[str] = subprocess.PIPE, **environment: str) -> "subprocess.Popen[str]":
    """`python -m bot …` with nothing in its environment but this."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *words], env={**inherited, **environment}, stderr=stderr, text=True
    )


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_the_service_starts_answers_and_ends_in_order_with_a_page_open(tmp_path: Path) -> None:
    environment = {**KEYS, "DATABASE_URL": f"sqlite:///{tmp_path / 'k.db'}", "WEB_PORT": str(free_port())}
    assert bot("migrate", **environment).wait(PATIENCE) == 0
    process = bot("run", **environment)
    url = f"http://127.0.0.1:{environment['WEB_PORT']}"
    try:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if httpx.get(f"{url}/readyz").status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        assert httpx.get(f"{url}/healthz").text == "ok"
        assert httpx.get(f"{url}/calendar/cut.ics").headers["cache-control"] == "no-store", (
            "the calendars' page is there"
        )
        assert "kruzhok_deliveries" in httpx.get(f"{url}/metrics").text
        with httpx.Client() as browser:
            assert browser.get(f"{url}/chat").status_code == 200
            with browser.stream("GET", f"{url}/chat/events") as page:
                assert next(page.iter_lines()) == "retry: 1000"
                process.send_signal(signal.SIGTERM)
                assert process.wait(PATIENCE) == 0
    finally:
        process.kill()


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({}, "SECRET_KEY is not set"),
        ({**KEYS, "TELEGRAM_TOKEN": "1:a"}, "TELEGRAM_DISCRETION is not set"),
        (
            {**KEYS, "TELEGRAM_TOKEN": "1:a", "TELEGRAM_DISCRETION": "full", "TELEGRAM_WEBHOOK_URL": "https://x.org"},
            "TELEGRAM_WEBHOOK_SECRET is not set",
        ),
        ({**KEYS, "TELEGRAM_TOKEN": "a", "TELEGRAM_DISCRETION": "full"}, "TELEGRAM_TOKEN is not what @BotFather gives"),
        ({**KEYS, "VK_TOKEN": "a"}, "VK_GROUP_ID is not set"),
        ({**KEYS, "DATA_KEYS": "not one"}, "DATA_KEYS holds something that is no Fernet key"),
        ({**KEYS, "WEB_PORT": "web"}, "WEB_PORT: Input should be a valid integer"),
        ({**KEYS, "DATABASE_URL": "mysql://x"}, "DATABASE_URL begins with neither"),
        ({**KEYS, "DATABASE_URL": "sqlite:////nowhere/k.db"}, "The database cannot be opened"),
        ({**KEYS, "PUBLIC_URL": "kruzhok.ru"}, "PUBLIC_URL is no address"),
    ],
)
def test_a_service_that_could_do_harm_does_not_start_and_says_why(environment: dict[str, str], reason: str) -> None:
    done = CliRunner(env=environment).invoke(app, ["run"])
    assert done.exit_code == 2
    assert reason in done.output


def test_a_database_that_cannot_be_opened_is_not_migrated_and_that_is_said_in_a_line() -> None:
    for url in ("sqlite:////nowhere/k.db", f"postgresql://a:b@127.0.0.1:{free_port()}/k"):
        done = CliRunner(env={"DATABASE_URL": url}).invoke(app, ["migrate"])
        assert done.exit_code == 2 and done.output.startswith("The database cannot be opened: ")


def test_a_service_whose_address_is_taken_says_so(tmp_path: Path, sqlite: Path) -> None:
    shutil.copy(sqlite, tmp_path / "k.db")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        environment = {**KEYS, "DATABASE_URL": f"sqlite:///{tmp_path / 'k.db'}", "WEB_PORT": port}
        done = CliRunner(env=environment).invoke(app, ["run"])
    assert done.exit_code == 2
    assert f"127.0.0.1:{port} cannot be had" in done.output


def test_neither_the_service_nor_a_command_works_on_tables_that_are_missing_or_older(
    tmp_path: Path, sqlite: Path
) -> None:
    for told in ("no tables yet", "those of an older version"):
        for word in ("run", "status"):
            done = CliRunner(env={**KEYS, "DATABASE_URL": f"sqlite:///{tmp_path / 'k.db'}"}).invoke(app, [word])
            assert done.exit_code == 2
            assert told in done.output and "python -m bot migrate" in done.output
        shutil.copy(sqlite, tmp_path / "k.db")
        with closing(sqlite3.connect(tmp_path / "k.db")) as database:
            database.execute("UPDATE alembic_version SET version_num = '0001'")
            database.commit()
