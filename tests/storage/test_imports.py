"""A registry enters the catalogue: again and again, with mistakes, with rows that go and come back."""

import json
from datetime import date, time
from typing import Any

from bot.domain.lessons import Lesson
from bot.domain.provider import ImportReport
from bot.registry import reasons
from bot.registry.parsing import parse
from bot.registry.parts import parts
from bot.registry.template import workbook
from bot.storage import schema
from bot.storage.import_chunk import put
from bot.storage.import_home import known_municipalities, settle
from bot.storage.past_timetable import timetables
from tests.storage.registries import another_town, brings, finds, line, names, one, rows, statements
from tests.storage.town import Town

TABLES = (schema.provider, schema.program, schema.module, schema.group, schema.lesson, schema.district, schema.stem)


def everything(town: Town) -> list[Any]:
    return [rows(town, table) for table in TABLES]


def test_a_file_becomes_providers_programs_modules_groups_and_lessons(town: Town) -> None:
    done = brings(town, line(1, normative="8 000", teacher="Anna", ovz="да", free=4))
    assert done.report == ImportReport(added=1) and not done.errors
    program = one(town, schema.program, external_id="P1")
    assert (program.name, program.registry, program.direction) == ("Club 1", "certified", "technical")
    assert (program.age_min, program.age_max, program.disability) == (7, 10, True)
    module = one(town, schema.module, external_id="M1")
    assert (module.program, module.price, module.normative) == (program.id, 900_000, 800_000)
    group = one(town, schema.group, external_id="G1")
    assert (group.module, group.seats, group.teacher, group.start) == (module.id, 4, "Anna", date(2026, 9, 1))
    assert [(row.weekday, row.start, row.stop) for row in rows(town, schema.lesson)] == [
        (1, time(15), time(16, 30)),
        (3, time(15), time(16, 30)),
    ]
    assert json.loads(rows(town, schema.imported)[0].report)["added"] == 1


def test_the_same_file_again_changes_nothing(town: Town) -> None:
    lines = [line(number, free=3) for number in range(30)]
    brings(town, *lines)
    before = everything(town)
    assert brings(town, *lines).report == ImportReport(same=30)
    assert everything(town) == before


def test_what_differs_is_changed_in_place(town: Town) -> None:
    me = town.person()
    brings(town, line(1), line(2))
    known = one(town, schema.group, external_id="G1").id
    done = brings(
        town, line(1, program="Chess", price="0", address="New street, 2", timetable="Сб 10:00–11:00"), line(2)
    )
    assert done.report == ImportReport(changed=1, same=1)
    assert one(town, schema.group, address="New street, 2").id == known
    assert one(town, schema.module, external_id="M1").price == 0
    assert names(finds(town, me, price="free", days=(6,))) == ["Chess"]
    assert [row.weekday for row in rows(town, schema.lesson) if row.group == known] == [6]


def test_a_row_that_is_gone_is_archived_and_comes_back(town: Town) -> None:
    me = town.person()
    brings(town, line(1), line(2))
    ids = [row.id for row in rows(town, schema.program)]
    assert brings(town, line(1)).report == ImportReport(same=1, archived=1)
    assert [row.state for row in rows(town, schema.program)] == ["active", "archived"]
    assert names(finds(town, me)) == ["Club 1"]
    assert brings(town, line(1)).report == ImportReport(same=1)
    assert brings(town, line(1), line(2)).report == ImportReport(same=1, restored=1)
    assert names(finds(town, me)) == ["Club 1", "Club 2"]
    assert [row.id for row in rows(town, schema.program)] == ids


def test_a_group_that_is_gone_leaves_its_program(town: Town) -> None:
    me = town.person()
    shared = {"program_id": "P", "program": "Chess", "module_id": "M"}
    both = line(1, **shared, group="A"), line(2, **shared, group="B")
    brings(town, *both)
    assert brings(town, both[0]).report == ImportReport(same=1, archived=1)
    assert [program.free for program in finds(town, me).lines] == [10]


def test_bad_rows_lose_no_good_ones_and_archive_nothing(town: Town) -> None:
    brings(town, line(1), line(2), line(3))
    done = brings(town, line(1, seats="many"), line(2, address="New street"), line(4))
    assert done.report == ImportReport(added=1, changed=1, kept=2, errors=1)
    assert [(error.row, error.column) for error in done.errors] == [(2, "Мест в группе")]
    assert {row.state for row in rows(town, schema.program)} == {"active"}
    assert brings(town, line(2), line(4)).report.archived == 2


def test_ids_may_be_absent_then_names_tell(town: Town) -> None:
    nameless = {"program_id": "", "module_id": "", "group_id": ""}
    brings(town, line(1, **nameless), line(2, **nameless))
    assert brings(town, line(1, **nameless, seats=12), line(2, **nameless)).report == ImportReport(changed=1, same=1)
    assert len(rows(town, schema.group)) == 2


def test_seats_never_fall_below_those_taken(town: Town) -> None:
    brings(town, line(1, seats=10))
    town.run(lambda tx: tx.sql(schema.group.update().values(taken=6)))
    done = brings(town, line(1, seats=5, teacher="Anna"))
    assert [(error.reason, error.value) for error in done.errors] == [(reasons.SEATS_TAKEN, "6")]
    group = one(town, schema.group)
    assert (group.seats, group.teacher) == (10, "Anna")
    brings(town, line(1, seats=6))
    assert one(town, schema.group).seats == 6


def test_free_places_of_the_registry_count_what_was_taken_here(town: Town) -> None:
    brings(town, line(1, seats=10, free=5))
    assert one(town, schema.group).seats == 5
    town.run(lambda tx: tx.sql(schema.group.update().values(taken=2)))
    brings(town, line(1, seats=10, free=5))  # the clerk's number is the old one
    assert one(town, schema.group).seats == 5
    brings(town, line(1, seats=10, free=3))  # the clerk has counted ours
    assert one(town, schema.group).seats == 5
    brings(town, line(1, seats=10, free=1))
    assert one(town, schema.group).seats == 3


def test_a_dry_run_counts_and_changes_nothing(town: Town) -> None:
    brings(town, line(1), line(2), line(3))
    before = everything(town)
    done = brings(
        town, line(1), line(2, address="New street"), line(4, provider="New Club", settlement="New"), dry_run=True
    )
    assert done.report == ImportReport(added=1, changed=1, same=1, archived=1)
    assert everything(town) == before and len(rows(town, schema.imported)) == 1


def test_an_unknown_municipality_is_an_error_and_another_one_is_left_alone(town: Town) -> None:
    another_town(town)
    brings(town, line(1), line(2, municipality="SEASIDE"))
    done = brings(town, line(1), line(3, municipality="Atlantis"))
    assert [(error.row, error.reason, error.value) for error in done.errors] == [
        (3, reasons.UNKNOWN_MUNICIPALITY, "Atlantis")
    ]
    assert {row.state for row in rows(town, schema.program)} == {"active"}
    done = brings(town, line(1), line(2, municipality="Seaside"), municipality="mur")
    assert done.report == ImportReport(same=1)
    assert done.errors == ()


def test_districts_and_providers_are_made_once(town: Town) -> None:
    brings(
        town,
        line(1, settlement="Кола"),
        line(2, settlement="КОЛА"),
        line(3, settlement="Мурманск", district="Leninsky"),
    )
    assert [row.name for row in rows(town, schema.district)] == ["Leninsky", "Кола"]
    assert one(town, schema.group, external_id="G3").district == town.district
    assert len(rows(town, schema.provider)) == 2  # the town's own and this one


def test_a_provider_is_known_by_its_tax_number_when_its_name_changes(town: Town) -> None:
    me = town.person()
    brings(town, line(1, provider="Дом науки", inn="7707083893"))
    brings(town, line(1, provider="Дом открытий", inn="7707083893"))
    assert one(town, schema.provider, inn="7707083893").name == "Дом открытий"
    assert finds(town, me, words="открытий").total == 1 and finds(town, me, words="науки").total == 0


def test_two_tax_numbers_under_one_name_are_an_error_of_their_rows(town: Town) -> None:
    brings(town, line(1, provider="Дом науки", inn="7707083893"))
    done = brings(
        town, line(1, provider="Дом науки", inn="7707083893"), line(2, provider="дом науки", inn="7736050003")
    )
    assert [(error.row, error.reason) for error in done.errors] == [(3, reasons.OTHER_INN)]
    assert done.report == ImportReport(same=1, errors=1)


def test_agreements_come_only_when_asked_for(town: Town) -> None:
    brings(town, line(1))
    assert len(rows(town, schema.agreement)) == 1
    brings(town, line(1), agreements=True)
    brings(town, line(1), agreements=True)
    made = rows(town, schema.agreement)[1:]
    assert [(row.provider, row.start) for row in made] == [
        (one(town, schema.provider, name="House of Science").id, date(2026, 9, 1))
    ]


def enrolled(town: Town) -> tuple[int, int]:
    """A child in group G1; the parent and the enrollment."""
    me = town.person()
    child = town.child(me)
    certificate = town.certificate(child)
    group = one(town, schema.group, external_id="G1")
    enrollment = town.adds(
        schema.enrollment,
        child=child,
        certificate=certificate,
        group=group.id,
        module=group.module,
        period=town.period,
        state="active",
        by="guardian",
        start=date(2026, 9, 1),
        stop=date(2027, 5, 31),
        price=900_000,
        first=100_000,
        other=100_000,
        parent_first=0,
        parent_other=0,
        months=9,
        holds_seat=True,
        created_at=town.now,
        changed_at=town.now,
    )
    return me, enrollment


def test_families_are_told_when_their_timetable_changes(town: Town) -> None:
    brings(town, line(1), line(2))
    me, enrollment = enrolled(town)
    brings(town, line(1, price="1"), line(2, timetable="Сб 10:00–11:00"))
    assert town.notices() == []
    brings(town, line(1, timetable="Сб 10:00–11:00"), line(2))
    ((person, kind, values),) = town.notices()
    assert (person, kind, values["enrollment"]) == (me, "TimetableChanged", enrollment)


def test_what_a_timetable_was_until_the_day_of_its_change_is_kept(town: Town) -> None:
    """R5.4; two changes in a day are one."""
    brings(town, line(1), line(2))
    brings(town, line(1), line(2, timetable="Сб 10:00–11:00"))
    brings(town, line(1, timetable="Сб 10:00–11:00"), line(2, timetable="Вт 10:00–11:00"))
    before = (date(2026, 9, 1), (Lesson(1, time(15), time(16, 30)), Lesson(3, time(15), time(16, 30))))
    for group in rows(town, schema.group):
        assert town.run(lambda tx, its=group.id: timetables(tx, its)).past == (before,)


def test_families_are_told_when_their_group_stands_there_no_more_and_keep_their_price(town: Town) -> None:
    """R6.10, R6.13."""
    brings(town, line(1), line(2))
    me, enrollment = enrolled(town)
    brings(town, line(2))
    ((person, kind, values),) = town.notices()
    assert (person, kind, values["enrollment"]) == (me, "GroupDropped", enrollment)
    kept = one(town, schema.enrollment, id=enrollment)
    assert (kept.state, kept.price) == ("active", 900_000)


def test_a_chunk_takes_the_same_statements_for_few_and_for_many_programs(town: Town) -> None:
    def taken(first: int, count: int) -> int:
        lines = [line(number, program=f"Word{number}") for number in range(first, first + count)]
        reading = parse("r.xlsx", workbook(lines))
        (part,) = parts(reading, town.run(known_municipalities)).parts
        home, _errors = town.run(lambda tx: settle(tx, part, dry=False, agreements=False))
        return statements(town, lambda: town.run(lambda tx: put(tx, home, reading.rows, dry=False)))

    taken(0, 1)
    assert taken(1000, 500) == taken(10, 10)


def test_two_thousand_rows_enter_and_progress_is_told(town: Town) -> None:
    told: list[tuple[int, int]] = []
    lines = [line(number) for number in range(2000)]
    done = brings(town, *lines, progress=lambda done, total: told.append((done, total)))
    assert done.report == ImportReport(added=2000)
    assert told[-1] == (2000, 2000) and told == sorted(told) and len(told) > 1
    assert brings(town, *lines[:1500]).report == ImportReport(same=1500, archived=500)
