"""The search on both databases: each filter alone, together, words with typos, pages, reach (R1.2), order."""

from datetime import date, timedelta

import pytest

from bot.domain.catalogue import (
    ChildAge,
    ChildrenToSearchFor,
    Direction,
    Filters,
    FindPrograms,
    Found,
    Score,
    SearchPlaces,
)
from bot.domain.enrollment import WithdrawRequest
from bot.domain.money import Money
from bot.domain.provider import ProviderState, SetProviderState
from bot.storage import schema, shelf
from bot.storage.audit import audit
from tests.storage.families import Family
from tests.storage.registries import another_town, brings, finds, line, names, on_the_shelf, one, statements
from tests.storage.town import Town


def test_only_the_district_that_was_chosen(town: Town) -> None:
    me = town.person()
    brings(town, line(1, settlement="Kola"), line(2, settlement="Murmansk", district="Port"))
    port = one(town, schema.district, name="Port").id
    assert names(finds(town, me, district=port)) == ["Club 2"]
    assert finds(town, me, district=port).place == "Port"
    assert finds(town, me).total == 2


def test_only_programs_for_the_age(town: Town) -> None:
    me = town.person()
    brings(town, line(1, age="7–10"), line(2, age="11–14"))
    assert names(finds(town, me, age=10)) == ["Club 1"]
    assert names(finds(town, me, age=11)) == ["Club 2"]
    assert finds(town, me, age=6).total == 0


def test_what_can_be_entered_soon_comes_before_what_begins_later_and_that_before_what_is_full(town: Town) -> None:
    """The day on which a group is not far away any more moves it."""
    me = town.person()
    summer = {"start": "01.06.2027", "stop": "31.07.2027"}
    brings(town, line(1), line(2, **summer), line(3))
    full = schema.group.update().where(schema.group.c.external_id == "G1").values(taken=10)
    town.run(lambda tx: tx.sql(full))
    on_the_shelf(town)
    assert names(finds(town, me)) == ["Club 3", "Club 2", "Club 1"]
    assert names(finds(town, me, words="club")) == ["Club 3", "Club 2", "Club 1"]
    for day, first in ((date(2027, 4, 1), "Club 3"), (date(2027, 4, 2), "Club 2")):
        town.comes(day)
        town.run(lambda tx, day=day: shelf.daily(tx, town.municipality, day))
        assert names(finds(town, me))[0] == first


def test_two_children_find_what_takes_both(town: Town) -> None:
    me = town.person()
    brings(town, line(1, age="5–9"), line(2, age="6–8"), line(3, age="8–12"))
    assert names(finds(town, me, age=6, other_age=9)) == ["Club 1"]


def test_what_is_not_wanted_is_left_out_in_any_form_of_the_word(town: Town) -> None:
    me = town.person()
    brings(
        town,
        line(1, program="Бокс", activity="Бокс", direction="Физкультурно-спортивная"),
        line(2, program="Школа танца", activity="Хореографическое искусство"),
        line(3, program="Живопись", activity="Изобразительное искусство"),
    )
    assert {*names(finds(town, me, avoid=Direction.SPORT))} == {"Школа танца", "Живопись"}
    assert {*names(finds(town, me, unwanted="танцы"))} == {"Бокс", "Живопись"}
    assert {*names(finds(town, me, unwanted="рисование"))} == {"Бокс", "Школа танца"}
    assert names(finds(town, me, words="рисовать", unwanted="рисунка")) == ["Живопись"], (
        "what is wanted is not what is not"
    )
    assert {each.part for each in finds(town, me, words="бокс", avoid=Direction.SPORT).looser} == {"words", "unwanted"}


def test_a_sum_is_for_the_whole_course_a_month_or_a_lesson(town: Town) -> None:
    """90 days, one lesson a week and two: nobody who has told no timetable knows what a lesson costs."""
    me = town.person()
    fields = {"price": "9 000", "start": "01.09.2026", "stop": "29.11.2026"}
    brings(
        town,
        line(1, timetable="Вт 15:00–16:00", **fields),
        line(2, timetable="Вт, Чт 15:00–16:00", **fields),
        line(3, timetable="", **fields),
    )
    assert finds(town, me, most=Money(899_900)).total == 0 and finds(town, me, most=Money(900_000)).total == 3
    assert finds(town, me, most=Money(300_000), monthly=True).total == 3
    assert names(finds(town, me, most=Money(40_000), lesson=True)) == ["Club 2"]
    assert names(finds(town, me, most=Money(70_000), lesson=True)) == ["Club 1", "Club 2"]


def test_only_the_direction(town: Town) -> None:
    me = town.person()
    brings(town, line(1), line(2, direction="Социально-педагогическая"))
    assert names(finds(town, me, direction=Direction.SOCIAL)) == ["Club 2"]


def test_only_what_is_free(town: Town) -> None:
    """R4.8: a price of nothing, or the budget pays."""
    me = town.person()
    brings(
        town,
        line(1, price="9 000"),
        line(2, price="бесплатно"),
        line(3, price="", registry="значимая"),
        line(4, price=""),
    )
    assert names(finds(town, me, price="free")) == ["Club 2", "Club 3"]


def test_only_what_the_balance_pays_in_full(town: Town) -> None:
    """R4.2, R4.3: days from tomorrow on; the norm counts too."""
    me = town.person()
    child = town.child(me)
    town.certificate(child, kopecks=900_000)
    brings(
        town,
        line(1, price="9 000"),
        line(2, price="9 040"),
        line(3, price="8 000", normative="7 000"),
        line(4, price="0"),
        line(5, price="1", registry="платная"),
        line(6, price=""),
    )
    assert names(finds(town, me, price="fits", child=child)) == ["Club 4", "Club 1"]  # what leaves more comes first
    town.passes(days=2)  # a shorter part of the year costs less
    assert "Club 2" in names(finds(town, me, price="fits", child=child))


def test_another_familys_balance_tells_nothing(town: Town) -> None:
    me, other = town.person(), town.person()
    child = town.child(other)
    town.certificate(child)
    brings(town, line(1, price="1"), line(2, price="0"))
    assert names(finds(town, me, price="fits", child=child)) == ["Club 2"]


def test_only_groups_that_meet_on_no_other_day(town: Town) -> None:
    me = town.person()
    brings(
        town,
        line(1, timetable="Пн, Ср 15:00–16:30"),
        line(2, timetable="Пн 15:00–16:30"),
        line(3, timetable=""),
    )
    assert names(finds(town, me, days=(1,))) == ["Club 2"]
    assert names(finds(town, me, days=(1, 3, 7))) == ["Club 1", "Club 2"]


def test_only_with_free_places(town: Town) -> None:
    me = town.person()
    brings(town, line(1, seats=1), line(2, free=0), line(3, open="нет"))
    assert names(finds(town, me, free_seats=True)) == ["Club 1"]
    assert [program.free for program in finds(town, me).lines] == [1, 0, 0]


def test_filters_must_hold_for_one_and_the_same_group(town: Town) -> None:
    """A free place on Monday and a full group on Friday are not a free place on Friday."""
    me = town.person()
    shared = {"program_id": "P", "program": "Chess", "module_id": "M"}
    brings(
        town,
        line(1, **shared, group="A", timetable="Пн 15:00–16:00", seats=5),
        line(2, **shared, group="B", timetable="Пт 15:00–16:00", free=0),
    )
    assert finds(town, me, days=(1,), free_seats=True).total == 1
    assert finds(town, me, days=(5,), free_seats=True).total == 0
    assert finds(town, me, days=(5,)).total == 1


def test_all_filters_together(town: Town) -> None:
    me = town.person()
    fits = {"direction": "Художественная", "age": "8", "price": "0", "timetable": "Вт 10:00–11:00", "program": "Глина"}
    brings(town, line(1, **fits), *(line(n, **{**fits, key: value}) for n, (key, value) in enumerate(OTHERWISE, 2)))
    kola = one(town, schema.district, name="Kola").id
    found = finds(
        town, me, district=kola, age=8, direction=Direction.ART, price="free", days=(2,), free_seats=True, words="глина"
    )
    assert found.total == 1 and found.lines[0].id == one(town, schema.program, external_id="P1").id


OTHERWISE = (
    ("direction", "Техническая"),
    ("age", "9"),
    ("price", "5"),
    ("timetable", "Ср 10:00–11:00"),
    ("program", "Бумага"),
    ("free", 0),
    ("settlement", "Tuloma"),
)


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("робот", "Школа робототехники"),
        ("РОБОТОТЕХНИКА", "Школа робототехники"),
        ("робототхника", "Школа робототехники"),
        ("ребототехника для детей", "Школа робототехники"),
        ("ёлочные", "Мастерская «Ёлочка»"),
        ("елочка", "Мастерская «Ёлочка»"),
        ("плаванье", "Плавание для начинающих"),
        ("учимся держаться на воде", "Плавание для начинающих"),
        ("дом науки", "Школа робототехники"),
        ("шахматы", ""),
    ],
)
def test_words_find_by_stems_beginnings_and_typos(town: Town, words: str, found: str) -> None:
    me = town.person()
    brings(
        town,
        line(1, program="Школа робототехники", provider="Дом науки"),
        line(2, program="Мастерская «Ёлочка»", activity="Ёлочные игрушки"),
        line(3, program="Плавание для начинающих", description="Учимся держаться на воде и плавать."),
    )
    assert names(finds(town, me, words=words)) == ([found] if found else [])


def test_a_typo_is_said_and_a_right_word_is_not(town: Town) -> None:
    me = town.person()
    brings(town, line(1, program="Робототехника"))
    assert finds(town, me, words="робототхника").read_as == "робототехника"
    assert finds(town, me, words="робототехники").read_as == ""


def test_a_word_in_the_name_is_worth_more_than_in_the_description(town: Town) -> None:
    me = town.person()
    brings(
        town,
        line(1, program="Глина", description="Иногда шахматы"),
        line(2, program="Шахматы"),
        line(3, activity="Шахматы"),
    )
    assert names(finds(town, me, words="шахматы")) == ["Шахматы", "Club 3", "Глина"]


def test_new_words_are_known_at_once(town: Town) -> None:
    me = town.person()
    brings(town, line(1, program="Глина"))
    assert finds(town, me, words="макраме").total == 0
    brings(town, line(1, program="Макраме"))
    assert finds(town, me, words="макраме").total == 1
    assert finds(town, me, words="глина").total == 0


@pytest.mark.parametrize("words", ["%", "'; drop table program; --", "кружок", "ж", "🙂", "и в на", "\\", "a" * 100])
def test_odd_words_break_nothing(town: Town, words: str) -> None:
    me = town.person()
    brings(town, line(1))
    assert finds(town, me, words=words).total in (0, 1)


# --- order and pages --------------------------------------------------------------------------------------------------


def test_free_places_come_first_then_the_rating_then_what_is_known_longer(town: Town) -> None:
    """R7.3: a score counts from three ratings."""
    me = town.person()
    brings(town, *(line(number, program=name, seats=5) for number, name in enumerate(("A", "B", "C", "D"))))
    town.run(lambda tx: tx.sql(schema.group.update().where(schema.group.c.external_id == "G0").values(taken=5)))
    for key, stars, count in (("P2", 14, 3), ("P3", 10, 2)):
        rated = schema.program.update().where(schema.program.c.external_id == key)
        town.run(lambda tx, rated=rated, s=stars, c=count: tx.sql(rated.values(rating_sum=s, rating_count=c)))
    on_the_shelf(town)
    found = finds(town, me)
    assert names(found) == ["C", "B", "D", "A"]
    assert [program.score for program in found.lines] == [Score(47, 3), None, None, None]


def test_a_program_stands_where_the_best_of_its_groups_that_match_does(town: Town) -> None:
    """A full group on Monday is not made better by a free one on Friday."""
    me = town.person()
    shared = {"program_id": "P", "program": "Chess", "module_id": "M"}
    brings(
        town,
        line(1, **shared, group="A", timetable="Пн 15:00–16:00", free=0),
        line(2, **shared, group="B", timetable="Пт 15:00–16:00", seats=5),
        line(3, program="Dance", timetable="Пн 15:00–16:00"),
    )
    assert names(finds(town, me)) == ["Chess", "Dance"]
    assert names(finds(town, me, days=(1,))) == ["Dance", "Chess"]


def test_the_last_seat_moves_a_program_back_and_a_seat_that_frees_brings_it_forward(town: Town) -> None:
    me, family = town.person(), Family(town)
    club = town.group(seats=1, name="Chess")
    town.group(name="Dance")
    on_the_shelf(town)
    assert names(finds(town, me)) == ["Chess", "Dance"]
    made = family.asks_for(club)
    assert names(finds(town, me)) == ["Dance", "Chess"]
    assert names(finds(town, me, free_seats=True)) == ["Dance"]
    town.does(WithdrawRequest(made), family.guardian)
    assert names(finds(town, me)) == ["Chess", "Dance"]
    assert town.run(audit) == []


def test_neighbours_stand_among_our_own_by_the_same_points(town: Town) -> None:
    me = town.person()
    another_town(town)
    theirs = {"municipality": "Seaside", "provider": "Port Club", "settlement": "Port"}
    brings(town, line(1, free=0), line(2, **theirs), line(3), line(4, **theirs, free=0))
    club = one(town, schema.provider, name="Port Club").id
    town.adds(schema.agreement, municipality=town.municipality, provider=club, start=date(2026, 1, 1))
    for filters in ({}, {"age": 8}, {"price": ""}, {"direction": Direction.TECHNICAL}):
        assert names(finds(town, me, **filters)) == ["Club 3", "Club 2", "Club 1", "Club 4"], filters


def test_near_a_place_the_nearest_group_of_each_program_counts(town: Town) -> None:
    me = town.person()
    shared = {"program_id": "P", "program": "Chess", "module_id": "M"}
    brings(
        town,
        line(1, settlement="Апатиты"),
        line(2, **shared, group="A", settlement="Апатиты"),
        line(3, **shared, group="B", settlement="Кировск"),
        line(4, settlement="Кировск"),
    )
    place = one(town, schema.district, name="Кировск").id
    assert names(finds(town, me, district=place, near=True)) == ["Chess", "Club 4", "Club 1"]
    assert names(finds(town, me, district=place, near=True, age=8)) == ["Chess", "Club 4", "Club 1"]


def test_pages_hold_each_program_once_and_in_one_order(town: Town) -> None:
    me = town.person()
    brings(town, *(line(number, program="Same name") for number in range(12)))
    pages = [finds(town, me, page) for page in range(3)]
    assert [(found.page, found.pages, found.total, len(found.lines)) for found in pages] == [
        (0, 3, 12, 5),
        (1, 3, 12, 5),
        (2, 3, 12, 2),
    ]
    assert len({program.id for found in pages for program in found.lines}) == 12
    assert finds(town, me, 9) == pages[2]
    assert finds(town, me, 9, words="missing").total == 0


def test_several_prices_show_the_least_of_those_that_can_be_had(town: Town) -> None:
    me = town.person()
    shared = {"program_id": "P", "program": "Chess"}
    brings(
        town, line(1, **shared, module="Autumn", price="2 000"), line(2, **shared, module="Spring", price="1 000,50")
    )
    (chess,) = finds(town, me).lines
    assert (chess.price, chess.several_prices, chess.free) == (Money(100_050), True, 20)
    full = schema.group.update().values(taken=10)
    town.run(lambda tx: tx.sql(full.where(schema.group.c.external_id == "G2")))
    on_the_shelf(town)
    (chess,) = finds(town, me).lines
    assert (chess.price, chess.several_prices, chess.free) == (Money(200_000), False, 10)
    town.run(lambda tx: tx.sql(full))
    on_the_shelf(town)
    (chess,) = finds(town, me).lines
    assert (chess.price, chess.several_prices, chess.free) == (Money(100_050), True, 0)


def test_the_search_takes_the_same_statements_for_few_and_for_many(town: Town) -> None:
    me = town.person()
    brings(town, line(1, program="Глина"))
    finds(town, me, words="глина")
    few = statements(town, lambda: finds(town, me, words="глина", age=8))
    brings(town, *(line(number, program="Глина") for number in range(1, 60)))
    finds(town, me, words="глина")
    assert statements(town, lambda: finds(town, me, words="глина", age=8)) == few


def test_what_was_asked_in_vain_is_remembered_until_there_is_some(town: Town) -> None:
    me = town.person()
    brings(town, line(1, program="Глина"), line(2, program="Хор", district="Port", age="11–14"))
    kola = one(town, schema.district, name="Kola").id

    def choir(age: int) -> Found:
        return finds(town, me, words="хор", district=kola, age=age)

    first = statements(town, lambda: choir(8))
    assert {each.part: each.total for each in choir(8).looser} == {"words": 1}
    assert statements(town, lambda: choir(9)) < first, "at no age is there any, so that nothing is looked for"
    assert {each.part: each.total for each in choir(12).looser} == {"place": 1, "near": 1}
    brings(town, line(3, program="Хор мальчиков", age="7–12"))
    assert [names(choir(age)) for age in (8, 9, 12)] == [["Хор мальчиков"]] * 3


# --- reach ------------------------------------------------------------------------------------------------------------


def test_neighbours_are_found_while_their_provider_has_an_agreement_with_us(town: Town) -> None:
    """R1.2."""
    me = town.person()
    another_town(town)
    brings(town, line(1), line(2, municipality="Seaside", provider="Port Club", settlement="Port"))
    assert names(finds(town, me)) == ["Club 1"]
    club = one(town, schema.provider, name="Port Club").id
    last = town.now.date() + timedelta(days=10)
    town.adds(schema.agreement, municipality=town.municipality, provider=club, start=date(2026, 1, 1), stop=last)
    assert names(finds(town, me)) == ["Club 1", "Club 2"]
    places = town.asks(SearchPlaces(), me)
    assert [(place.name, place.municipality) for place in places] == [("Kola", ""), ("Port", "Seaside")]
    assert names(finds(town, me, district=places[1].id)) == ["Club 2"]
    town.passes(days=11)
    assert names(finds(town, me)) == ["Club 1"]
    assert [place.name for place in town.asks(SearchPlaces(), me)] == ["Kola"]


def test_a_banned_provider_and_an_ended_group_are_not_found(town: Town) -> None:
    me = town.person()
    brings(town, line(1, stop=date(2026, 9, 30)), line(2, provider="Bad Club"))
    banned = one(town, schema.provider, name="Bad Club").id
    town.does(SetProviderState(banned, ProviderState.BANNED), town.operator)
    assert names(finds(town, me)) == ["Club 1"]
    town.comes(date(2026, 10, 1))
    assert finds(town, me).total == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("мурм", ["Мурмаши"]), ("мурмоши", ["Мурмаши"]), ("КОЛА", ["Кола"]), ("терский", []), ("ежово", ["Ёжово"])],
)
def test_a_typed_place_may_be_a_part_or_have_a_typo(town: Town, typed: str, meant: list[str]) -> None:
    me = town.person()
    brings(
        town, *(line(number, settlement=name) for number, name in enumerate(("Мурмаши", "Кола", "Ёжово", "Кольский")))
    )
    assert [place.name for place in town.asks(SearchPlaces(typed), me)] == meant


def test_my_children_are_offered_with_their_ages_today(town: Town) -> None:
    me = town.person()
    child = town.child(me, born=date(2017, 9, 2), first_name="Anna")
    town.child(town.person())
    assert town.asks(ChildrenToSearchFor(), me) == (ChildAge(child, "Anna", 8),)
    town.passes(days=1)
    assert town.asks(ChildrenToSearchFor(), me) == (ChildAge(child, "Anna", 9),)


def test_an_empty_catalogue_finds_nothing(town: Town) -> None:
    me = town.person()
    assert town.asks(FindPrograms(Filters(words="робот")), me).total == 0
    assert town.asks(SearchPlaces(), me) == ()
