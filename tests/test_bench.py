"""The benchmarks' messengers and scripts fit the service as it is: a small crowd on both channels gets an answer to everything."""

import asyncio
from pathlib import Path

from bench.process import Load
from bench.servers.http import form
from bench.start import serving
from bench.town import Size, build

VILLAGE = Size(municipalities=1, programs=40, chats=3)


def test_a_crowd_searches_on_telegram_and_vk_and_nobody_is_left_without_an_answer(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'village.db'}"
    asyncio.run(build(url, VILLAGE))
    load = Load(people=VILLAGE.chats, warm=0, seconds=0.5)
    with serving(url, ("telegram", "vk"), load) as service:
        for server in service.servers:
            server.begin(service.pid)
        for server in service.servers:
            server.warm()
            found = server.figures()
            assert found["updates"] > 0
            assert not found["trouble"]
            assert not found["stuck"]


def test_a_form_is_read_as_browsers_write_it() -> None:
    written = (
        b"text=%D0%BA%D1%80%D1%83%D0%B6%D0%BE%D0%BA+%E2%84%96%C2%A01&equals=a%3Db%26c%0A%0D%20&plus=%2B&bare=1&empty="
    )
    assert form(written) == {"text": "кружок №\u00a01", "equals": "a=b&c\n\r ", "plus": "+", "bare": "1", "empty": ""}
