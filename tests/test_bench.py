"""The benchmarks fit the service as it is: their crowds get an answer to everything, their families come to the end of their walk."""

import asyncio
from pathlib import Path

from bench.country import Country, found
from bench.growth import measured
from bench.process import Load
from bench.servers.http import form
from bench.start import serving
from bench.town import Size, build, fresh

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
            figures = server.figures()
            assert figures["updates"] > 0
            assert not figures["trouble"]
            assert not figures["stuck"]


def test_the_families_of_a_growing_country_send_their_requests_and_its_days_go_by(postgres: str) -> None:
    url = fresh(postgres, "country")
    asyncio.run(found(url, Country(60)))
    figures = asyncio.run(measured(url, rounds=2))
    assert len(figures["request: sent, money held ms"]) == 2
    assert figures["an ordinary day s"]


def test_a_form_is_read_as_browsers_write_it() -> None:
    written = (
        b"text=%D0%BA%D1%80%D1%83%D0%B6%D0%BE%D0%BA+%E2%84%96%C2%A01&equals=a%3Db%26c%0A%0D%20&plus=%2B&bare=1&empty="
    )
    assert form(written) == {"text": "кружок №\u00a01", "equals": "a=b&c\n\r ", "plus": "+", "bare": "1", "empty": ""}
