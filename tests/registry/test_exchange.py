"""What the portals export becomes the rows of a spreadsheet, their traps included; files of our own making."""

import json
from datetime import date, time

import pytest

from bot.domain.money import Money
from bot.registry import reasons
from bot.registry.line import RowError
from bot.registry.parsing import parse
from bot.registry.rows import Lesson

HOME = "Город Апатиты"


def read(document, **how):
    content = document if isinstance(document, bytes) else json.dumps(document, ensure_ascii=False).encode()
    return parse("выгрузка.json", content, HOME)


def answer(*programs, **envelope):
    return {"data": list(programs), "result_code": 0, "result_message": "", **envelope}


def program(**changes):
    return {
        "id": 77,
        "full_name": "Робототехника для начинающих",
        "kind": "сертифицированная",
        "direction_id": "2",
        "mun": {"id": 5, "name": "Город Апатиты"},
        "annotation": "Собираем роботов.",
        "age_group_min": "84.0",
        "age_group_max": 131,
        "ovz": "0",
        "zab": {},
        "status": "active",
        "organization": {"name": "МБУ ДО «Пример»", "phone": "8 (8152) 00-00-17"},
        "modules": {"id": 7, "name": "Первый год"},
        "available_groups": group(),
        **changes,
    }


def group(**changes):
    return {
        "id": 501,
        "module_id": 7,
        "name": "Группа 1",
        "start_date": "2026-09-01T00:00:00+03:00",
        "end_date": "31.05.2027",
        "free_places_counter": "4",
        "period_price": 12800.5,
        "timetable": [
            {"week_day": 1, "start_time": "15:00:00", "end_time": "16:30:00", "week_policy": "", "is_odd": False},
            {"week_day": "6", "start_time": "10:00", "end_time": "11:30", "week_policy": "1", "is_odd": "1"},
        ],
        **changes,
    }


def test_an_answer_of_pfdo_with_ages_in_months_and_a_list_of_one_sent_as_the_one():
    reading = read(answer(program()))
    assert reading.errors == reading.notes == ()
    (row,) = reading.rows
    assert (row.number, row.program.key, row.module_key, row.group_key) == (1, "77", "7", "501")
    assert (row.program.name, row.program.municipality) == ("Робототехника для начинающих", HOME)
    assert (row.program.age_min, row.program.age_max, row.program.ovz) == (7, 10, False)
    assert (row.program.registry, row.program.direction) == ("certified", "Техническая")
    assert (row.program.provider.kind, row.program.provider.phone) == ("municipal", "+78152000017")
    assert (row.module.name, row.module.price) == ("Первый год", Money(12_800_50))
    assert (row.group.start, row.group.stop, row.group.free) == (date(2026, 9, 1), date(2027, 5, 31), 4)
    assert row.group.lessons == (Lesson(0, time(15), time(16, 30)), Lesson(5, time(10), time(11, 30), "odd"))


def test_programs_of_the_archive_are_left_out_and_a_number_is_no_municipality():
    reading = read(answer(program(mun=12), program(id=78, status="archive"), program(id=79, available_groups={})))
    assert [(row.program.key, row.program.municipality) for row in reading.rows] == [("77", HOME)]


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"age_group_min": 512, "age_group_max": 12}, "age_group_min", reasons.IMPOSSIBLE_AGE),
        ({"direction_id": 1}, "direction_id", reasons.NOT_A_DIRECTION),
        ({"available_groups": [group(start_date="2026-08-31T21:00:00Z")]}, "start_date", reasons.NOT_A_DATE),
        ({"available_groups": [group(free_places_counter=None)]}, "free_places_counter", reasons.MISSING),
    ],
)
def test_what_makes_no_sense_is_an_error_that_names_the_field(changes, column, reason):
    reading = read(answer(program(**changes)))
    assert [(error.row, error.column, error.reason) for error in reading.errors] == [(1, column, reason)]


def test_an_error_of_the_portal_is_told_in_its_own_words():
    (error,) = read(answer(result_code=403, result_message="Доступ запрещён")).errors
    assert error == RowError(0, "", reasons.FAILED_ANSWER, "Доступ запрещён")


def exchange(**changes):
    return {
        "partners": {"uuid": "o1", "publicName": "Дом творчества «Пример»", "typeOrg": "муниципальная", "address": "ул. Мира, 1"},
        "programs": [
            {"uuid": "p1", "partnerUuid": "o1", "name": "Шахматы", "fullName": {}, "announce": "Учимся играть.", "minAge": "6.0",
             "maxAge": "9", "certificateRequired": "true", "state": "published", "focusCode": "sport", "lastmodifiedTs": "9"},
            {"uuid": "p2", "partnerUuid": "o1", "name": "Лыжи", "isDeleted": "true", "lastmodifiedTs": "5"},
        ],
        "groups": [
            {"uuid": "g1", "programUuid": "p1", "name": "Первая", "size": "15", "dateBegin": "2026-09-01 00:00:00",
             "dateEnd": "2027-05-31", "isLocked": "false", "financingSources": {"source": "Сертификат ПФ", "cost": "9000.00"}},
            {"uuid": "g2", "programUuid": "p2", "name": "Вторая"},
            {"uuid": "g3", "programUuid": "p1", "name": "Третья", "isDeleted": "1"},
        ],
        "schedules": [
            {"uuid": "s1", "groupUuid": "g1", "weekDays": ["false", "true", "0", "1", "", None, False], "timeStart": "15:00", "timeEnd": "16:00"},
            {"uuid": "s2", "groupUuid": "g1", "weekDays": "sat", "timeStart": "10:00:00", "timeEnd": "11:00:00"},
            {"uuid": "s3", "groupUuid": "g1", "weekDays": ["sun"], "isDeleted": "true", "timeStart": "9:00", "timeEnd": "9:30"},
        ],
        **changes,
    }  # fmt: skip


def test_an_exchange_of_navigator_whose_booleans_are_words_and_whose_deleted_ones_are_still_sent():
    reading = read(exchange())
    assert reading.errors == reading.notes == ()
    (row,) = reading.rows
    assert (row.program.key, row.group_key, row.program.municipality) == ("p1", "g1", HOME)
    assert (row.program.name, row.program.registry, row.program.direction) == (
        "Шахматы",
        "certified",
        "Физкультурно-спортивная",
    )
    assert (row.program.age_min, row.program.age_max, row.module.price) == (6, 9, Money(9000_00))
    assert (row.group.seats, row.group.free, row.group.open, row.group.address) == (15, None, True, "ул. Мира, 1")
    assert [(lesson.weekday, lesson.start.hour) for lesson in row.group.lessons] == [(1, 15), (3, 15), (5, 10)]


def test_the_latest_of_several_versions_counts():
    old, new = exchange()["programs"][0] | {"name": "Старое имя", "lastmodifiedTs": "8"}, exchange()["programs"][0]
    later = new | {"name": "Новое имя", "lastmodifiedTs": "10"}
    assert [row.program.name for row in read(exchange(programs=[later, new, old])).rows] == ["Новое имя"]


def test_a_group_whose_program_was_not_sent_is_an_error():
    columns = {error.column for error in read(exchange(programs=[{"uuid": "p9", "name": "Другая"}])).errors}
    assert {"name", "publicName", "focusCode"} <= columns


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"data": [' + b"[" * 100_000, reasons.BROKEN_JSON),
        (b'{"data": [], "result_code": NaN}', reasons.BROKEN_JSON),
        (b'{"data": [{"id": 1' + b"0" * 5000 + b"}]", reasons.BROKEN_JSON),
        ('{"data": "Апатиты"'.encode("cp1251"), reasons.BROKEN_JSON),
        (b'{"weather": "fine"}', reasons.UNKNOWN_JSON),
        (b"[[1, 2], [3]]", reasons.UNKNOWN_JSON),
        (b'{"data": [], "result_code": 0}', reasons.NO_ROWS),
    ],
    ids=["deep", "NaN", "cut off", "another encoding", "something else", "a list", "nothing in it"],
)
def test_json_that_is_none_of_theirs_is_refused_with_a_reason(content, reason):
    reading = read(content)
    assert not reading.rows and [(error.row, error.reason) for error in reading.errors] == [(0, reason)]


def test_json_in_utf_16_is_read_too():
    assert len(read(json.dumps(answer(program())).encode("utf-16")).rows) == 1
