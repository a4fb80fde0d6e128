"""A provider works on its own catalogue; the search follows at once, a registry's file and its edits do not fight (0039)."""

from dataclasses import replace
from datetime import date, time

import pytest

from bot.domain.catalogue import Direction, Registry
from bot.domain.catalogue_staff import (
    AddGroup,
    AddModule,
    ArchiveGroup,
    ArchiveModule,
    ChangeGroup,
    ChangeModule,
    ChangeProgram,
    DecideProgram,
    GroupSaved,
    GroupWritten,
    LearnersOutside,
    ModuleSaved,
    ModuleWritten,
    MyPrograms,
    NormativeNeeded,
    NotProposed,
    OneTree,
    ProgramDecided,
    ProgramSaved,
    ProgramTree,
    ProgramWritten,
    ProposeProgram,
    RegistryDecides,
    RestoreGroup,
    SeatsTaken,
    SetNormative,
    WrongField,
)
from bot.domain.enrollment_seen import OneEnrollment
from bot.domain.lessons import Lesson
from bot.domain.messages import Actor, NotYours, operator
from bot.domain.messages import provider as provider_of
from bot.domain.money import Money
from bot.domain.provider import ImportReport
from bot.domain.trail import ListTrail
from bot.storage import schema
from tests.storage.families import Family, provider
from tests.storage.registries import brings, finds, line, names, one
from tests.storage.town import Town

CHESS = ProgramWritten("Chess", Direction.SPORT, Registry.CERTIFIED, 7, 12, activity="board games")
TUESDAYS = (Lesson(2, time(15), time(16)),)
YEAR = GroupWritten("Beginners", date(2026, 9, 1), date(2027, 5, 31), 10, timetable=TUESDAYS)
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def saved(town: Town, command: object, me: Actor | None = None) -> int:
    fact = town.does(command, me or provider(town))  # type: ignore[arg-type]
    match fact:
        case ProgramSaved(number) | ModuleSaved(number) | GroupSaved(number):
            return number
    raise AssertionError(fact)


def tree(town: Town, group: int) -> ProgramTree:
    found = town.asks(OneTree("group", group), provider(town))
    assert found is not None
    return found


def written(town: Town, group: int) -> GroupWritten:
    """A group as it is now, to be changed in one thing."""
    return next(each.written for module in tree(town, group).modules for each in module.groups if each.id == group)


def test_a_proposed_program_is_found_once_the_municipality_has_taken_it(town: Town) -> None:
    parent = town.person()
    made = saved(town, ProposeProgram(CHESS))
    module = saved(town, AddModule(made, ModuleWritten("Year", Money(900_000))))
    group = saved(town, AddGroup(module, replace(YEAR, district=town.district)))
    assert finds(town, parent, words="chess").total == 0
    assert [each.id for each in town.asks(MyPrograms(), town.operator)] == [made]
    assert town.does(DecideProgram(made, None, " "), town.operator) == WrongField("words")
    assert town.does(DecideProgram(made, None, "tell more"), town.operator) == ProgramDecided(made, False)
    assert tree(town, group).words == "tell more"
    saved(town, ChangeProgram(made, replace(CHESS, name="Chess for everybody")))
    assert town.does(DecideProgram(made, Registry.GENERAL), town.operator) == ProgramDecided(made, True)
    assert town.does(DecideProgram(made, Registry.GENERAL), town.operator) == NotProposed(made)
    found = finds(town, parent, words="everybody", district=town.district, days=(2,))
    assert [(each.name, each.registry, each.free) for each in found.lines] == [
        ("Chess for everybody", Registry.GENERAL, 10)
    ]


@sqlite
def test_what_stands_in_the_registry_is_the_municipalitys_the_description_is_the_providers(town: Town) -> None:
    parent = town.person()
    brings(town, line(1))
    program = one(town, schema.program, external_id="P1")
    me = provider_of(program.provider)
    was = town.asks(OneTree("program", program.id), me)
    assert was is not None
    wish = ChangeProgram(program.id, replace(was.written, age_max=17))
    assert town.does(wish, me) == RegistryDecides(program.id)
    saved(town, wish, town.operator)
    saved(town, ChangeProgram(program.id, replace(was.written, age_max=17, description="Underwater hockey")), me)
    assert names(finds(town, parent, words="hockey")) == ["Club 1"]


@sqlite
def test_a_price_rises_under_a_normative_and_leaves_what_was_requested_alone(town: Town) -> None:
    family = Family(town)
    group = town.group(price=900_000)
    made = family.asks_for(group, date(2026, 9, 1))
    module = tree(town, group).modules[0]
    dearer = ChangeModule(module.id, ModuleWritten("Year", Money(1_000_000)))
    assert town.does(dearer, provider(town)) == NormativeNeeded(module.id)
    assert town.does(SetNormative(module.id, Money(800_000)), provider(town)) == NotYours()
    saved(town, SetNormative(module.id, Money(800_000)), town.operator)
    saved(town, dearer)
    seen = town.asks(OneEnrollment(made), family.guardian)
    assert seen is not None and seen.certificate.total == Money(900_000)
    assert [each.price for each in finds(town, family.guardian).lines] == [Money(1_000_000)]
    read = town.asks(ListTrail(subject="module", object=module.id), town.operator)
    assert [(each.role, each.changes) for each in read] == [
        ("provider", (("price", "900000", "1000000"),)),
        ("operator", (("normative", "", "800000"),)),
    ]


def test_seats_stay_above_those_taken_and_days_keep_those_who_learn(town: Town) -> None:
    group = town.group(seats=2)
    first, second = Family(town), Family(town)
    first.learns(group), second.asks_for(group, date(2026, 10, 1))
    now = written(town, group)
    assert town.does(ChangeGroup(group, replace(now, seats=1)), provider(town)) == SeatsTaken(2)
    shorter = replace(now, start=date(2026, 9, 15))
    assert town.does(ChangeGroup(group, shorter), provider(town)) == LearnersOutside(
        1, date(2026, 9, 3), date(2027, 5, 31)
    )
    saved(town, ChangeGroup(group, replace(now, seats=3, start=date(2026, 9, 3), is_open=False)))
    assert not finds(town, first.guardian, free_seats=True).total


def test_enrolled_families_hear_of_another_time_or_the_archive_and_of_nothing_else(town: Town) -> None:
    family, group = Family(town), town.group()
    made = family.learns(group)
    now = written(town, group)
    saved(town, ChangeGroup(group, replace(now, teacher="Anna", seats=12)))
    assert not town.notices("TimetableChanged")
    saved(town, ChangeGroup(group, replace(now, timetable=TUESDAYS)))
    saved(town, ArchiveModule(tree(town, group).modules[0].id))
    told = [(kind, values["enrollment"]) for _who, kind, values in town.notices()[-2:]]
    assert told == [("TimetableChanged", made), ("GroupDropped", made)]
    assert finds(town, family.guardian).total == 0
    saved(town, RestoreGroup(group))
    assert finds(town, family.guardian).total == 1


@sqlite
def test_a_file_told_again_leaves_the_edits_and_a_new_word_of_it_counts(town: Town) -> None:
    lines = line(1, normative="9 500"), line(2)
    brings(town, *lines)
    group = one(town, schema.group, external_id="G1")
    me = provider_of(one(town, schema.provider, name="House of Science").id)
    its = town.asks(OneTree("group", group.id), me)
    assert its is not None
    module = its.modules[0]
    saved(town, ChangeModule(module.id, ModuleWritten("Year", Money(950_000))), me)
    saved(town, ChangeGroup(group.id, replace(module.groups[0].written, seats=12, timetable=TUESDAYS)), me)
    saved(town, ArchiveGroup(one(town, schema.group, external_id="G2").id), me)
    own = saved(town, AddGroup(module.id, YEAR), me)
    assert brings(town, *lines).report == ImportReport(same=2)
    after = town.asks(OneTree("group", group.id), me)
    assert after is not None and after.modules[0].written.price == Money(950_000)
    kept = {each.id: each for each in after.modules[0].groups}
    assert (kept[group.id].written.seats, kept[group.id].written.timetable) == (12, TUESDAYS)
    assert kept[own].active and one(town, schema.group, external_id="G2").state == "archived"
    brings(town, line(1, normative="9 500", price="9 100", seats=15, timetable="Сб 10:00–11:00"), line(2))
    last = town.asks(OneTree("group", group.id), me)
    assert last is not None and last.modules[0].written.price == Money(910_000)
    told = next(each.written for each in last.modules[0].groups if each.id == group.id)
    assert told.seats == 15 and [each.weekday for each in told.timetable] == [6]


@sqlite
def test_an_edit_taken_back_is_none(town: Town) -> None:
    brings(town, line(1))
    group = one(town, schema.group, external_id="G1")
    me = provider_of(one(town, schema.provider, name="House of Science").id)
    its = town.asks(OneTree("group", group.id), me)
    assert its is not None
    was = its.modules[0].groups[0].written
    saved(town, ChangeGroup(group.id, replace(was, seats=12, timetable=TUESDAYS)), me)
    assert one(town, schema.group, external_id="G1").edited
    saved(town, ChangeGroup(group.id, was), me)
    assert one(town, schema.group, external_id="G1").edited is None


@sqlite
def test_what_makes_no_sense_names_its_field_and_what_is_anothers_is_not_there(town: Town) -> None:
    group = town.group()
    now, me = written(town, group), provider(town)
    elsewhere = town.adds(schema.municipality, code="k", name="Kola", zone="Europe/Moscow", number_prefix="5102")
    far = town.adds(schema.district, municipality=elsewhere, name="Far")
    for what, wrong in (
        ("name", replace(now, name="")),
        ("days", replace(now, start=now.stop, stop=now.start)),
        ("seats", replace(now, seats=0)),
        ("district", replace(now, district=far)),
        ("timetable", replace(now, timetable=(Lesson(2, time(16), time(15)),))),
    ):
        assert town.does(ChangeGroup(group, wrong), me) == WrongField(what)
    assert town.does(ProposeProgram(replace(CHESS, age_min=13)), me) == WrongField("ages")
    other = provider_of(town.adds(schema.provider, municipality=town.municipality, name="Other", kind="private"))
    for stranger in (other, operator(elsewhere)):
        assert town.does(ChangeGroup(group, now), stranger) == NotYours()
        assert town.does(ArchiveGroup(group), stranger) == NotYours()
        assert town.asks(OneTree("group", group), stranger) is None
