"""Saved searches on both databases: what was saved, and what a morning tells: each change once, to those who asked for it."""

import json
from datetime import date
from typing import Any

import pytest

from bot.domain.catalogue import Filters, OneProgram
from bot.domain.messages import NotYours
from bot.domain.municipality import SetMunicipality
from bot.domain.privacy import MyData, WithdrawConsent
from bot.domain.saved_search import (
    LONGEST_DIGEST,
    MOST,
    MySavedSearches,
    PauseSearch,
    RemoveSearch,
    SavedAlready,
    SaveSearch,
    SearchPaused,
    SearchRemoved,
    SearchSaved,
    TooManySearches,
)
from bot.domain.settings import SwitchTopic
from bot.domain.topics import Topic
from bot.storage import saved_search_digest, schema
from bot.storage.calendar import live
from bot.storage.due import claim
from bot.storage.saved_search_digest import JOBS
from tests.storage.registries import another_town, brings, line, on_the_shelf, one, rows
from tests.storage.town import Town


def wakes(town: Town, days: int = 1) -> None:
    """The next morning comes."""
    town.passes(days=days)
    looks(town)


def looks(town: Town) -> None:
    for municipality in [row.id for row in rows(town, schema.municipality)]:
        for job in JOBS:
            town.run(lambda tx, job=job, of=municipality: job(tx, of, tx.today(of)))


def saves(town: Town, me: int, program: int = 0, **filters: Any) -> int:
    fact = town.does(SaveSearch(Filters(**filters), program), me)
    assert isinstance(fact, SearchSaved), fact
    return fact.search


def told(town: Town, me: int) -> list[dict[str, list[str]]]:
    """The digests of a person, with programs by name."""
    names = {row.id: row.name for row in rows(town, schema.program)}
    return [
        {news["kind"]: [names[number] for number in news["programs"]] for news in content["news"]}
        for who, _kind, content in town.notices("SavedSearchNews")
        if who == me
    ]


def changes(town: Town, number: int, **values: Any) -> None:
    """A group of the registry's line, as if by whoever takes or frees its seats."""
    group = one(town, schema.group, external_id=f"G{number}").id
    town.run(lambda tx: tx.sql(schema.group.update().where(schema.group.c.id == group).values(**values)))
    on_the_shelf(town)


def program(town: Town, number: int) -> int:
    found: int = one(town, schema.program, external_id=f"P{number}").id
    return found


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_a_search_is_kept_once_listed_paused_and_removed_by_its_owner_only(town: Town) -> None:
    brings(town, line(1))
    me, stranger = town.person(), town.person()
    search = saves(town, me, age=8, words="robots", district=town.district)
    watched = saves(town, me, program=program(town, 1))
    assert town.does(SaveSearch(Filters(age=8, words="robots", district=town.district)), me) == SavedAlready()
    assert town.does(SaveSearch(program=program(town, 1)), me) == SavedAlready()
    assert town.does(SaveSearch(program=10**9), me) == NotYours()
    first, second = town.asks(MySavedSearches(), me)
    assert (first.id, first.filters.words, first.place, first.paused) == (search, "robots", "Leninsky", False)
    assert (second.program, second.program_name) == (program(town, 1), "Club 1")
    assert town.asks(MySavedSearches(), stranger) == ()
    assert town.does(PauseSearch(search, True), stranger) == town.does(RemoveSearch(search), stranger) == NotYours()
    assert town.does(PauseSearch(search, True), me) == SearchPaused(search, True)
    assert town.asks(MySavedSearches(), me)[0].paused
    assert town.does(RemoveSearch(search), me) == SearchRemoved(search)
    assert [one.id for one in town.asks(MySavedSearches(), me)] == [watched]


def test_a_programs_card_knows_whether_its_news_is_told_to_the_reader(town: Town) -> None:
    me, other = town.person(), town.person()
    brings(town, line(1))
    card = OneProgram(program(town, 1))
    search = saves(town, me, card.program)

    def seen_by(reader: int) -> int:
        seen = town.asks(card, reader)
        assert seen is not None
        return seen.watched

    assert (seen_by(me), seen_by(other)) == (search, 0)
    town.does(PauseSearch(search, True), me)
    assert seen_by(me) == 0, "the button leads to where it can be told again"


def test_no_more_than_a_dozen_and_nothing_of_a_childs_balance(town: Town) -> None:
    me = town.person()
    child = town.child(me)
    fact = town.does(SaveSearch(Filters(age=9, price="fits", child=child)), me)
    assert isinstance(fact, SearchSaved) and fact.without_balance
    (kept,) = town.asks(MySavedSearches(), me)
    assert kept.filters == Filters(age=9)
    for number in range(1, MOST):
        saves(town, me, words=f"club {number}")
    assert town.does(SaveSearch(Filters(words="one more")), me) == TooManySearches()


def test_it_is_in_the_file_of_my_data_and_goes_with_the_consent(town: Town) -> None:
    me = town.person()
    saves(town, me, age=8, words="robots", district=town.district)
    chapters = {chapter.kind: chapter.entries for chapter in town.asks(MyData(), me).chapters}
    assert dict(chapters["searches"][0].fields)["search"] == "8, robots"
    town.does(WithdrawConsent("certificate"), me)
    assert rows(town, schema.saved_search) == []


# --- what a morning tells ---------------------------------------------------------------------------------------------


def test_whatever_gets_better_is_told_once_to_those_who_look_for_it(town: Town) -> None:
    me, other = town.person(), town.person()
    saves(town, me, age=8)
    saves(town, other, age=12)
    brings(town, line(1))
    looks(town)
    assert told(town, me) == [{"appeared": ["Club 1"]}] and told(town, other) == []
    looks(town)
    changes(town, 1, taken=10)
    wakes(town)
    assert len(told(town, me)) == 1, "a full group is no good news"
    changes(town, 1, taken=9)
    wakes(town)
    changes(town, 1, is_open=False)
    wakes(town)
    changes(town, 1, is_open=True)
    wakes(town)
    brings(town, line(1, price="8 000"))
    wakes(town)
    brings(town, line(1, price="9 500"))
    wakes(town)
    assert told(town, me)[1:] == [{"freed": ["Club 1"]}, {"opened": ["Club 1"]}, {"cheaper": ["Club 1"]}]
    assert told(town, other) == []


def test_a_search_of_the_words_the_place_and_the_free_seats_is_asked_in_full(town: Town) -> None:
    me = town.person()
    brings(town, line(1))
    looks(town)
    kola = one(town, schema.district, name="Kola").id
    saves(town, me, words="rovots", district=kola, free_seats=True, days=(6,))
    brings(
        town,
        line(1),
        line(2, program="Robots", timetable="Сб 10:00–11:00"),
        line(3, program="Robots on Mondays"),
        line(4, program="Chess", timetable="Сб 10:00–11:00"),
        line(5, program="Robots elsewhere", settlement="Port", timetable="Сб 10:00–11:00"),
        line(6, program="Robots, full", timetable="Сб 10:00–11:00"),
    )
    changes(town, 6, taken=10)
    wakes(town)
    assert told(town, me) == [{"appeared": ["Robots"]}]


def test_one_program_is_watched_through_all_its_groups(town: Town) -> None:
    me = town.person()
    brings(town, line(1), line(2))
    looks(town)
    saves(town, me, program=program(town, 1))
    brings(town, line(1), line(1, group_id="G7", group="Group 2"), line(2, price="1 000"))
    wakes(town)
    assert told(town, me) == [{"appeared": ["Club 1"]}]


def test_two_searches_and_many_programs_make_one_digest_that_names_each_once(town: Town) -> None:
    me = town.person()
    saves(town, me, age=8)
    saves(town, me)
    brings(town, *(line(number) for number in range(1, 11)))
    looks(town)
    ((_who, _kind, content),) = town.notices("SavedSearchNews")
    (news,) = content["news"]
    assert len(news["programs"]) == len(set(news["programs"])) == LONGEST_DIGEST
    assert content["more"]


def test_a_new_school_year_is_told_in_one_sentence(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """What changes is the small side; where it is not, nobody's search is asked."""
    monkeypatch.setattr(saved_search_digest, "MANY", 2)
    me = town.person()
    saves(town, me, age=8)
    brings(town, line(1), line(2), line(3))
    looks(town)
    ((_who, _kind, content),) = town.notices("SavedSearchNews")
    assert (content["news"], content["more"]) == ([], True)


def test_a_registry_that_lost_a_program_for_a_day_makes_it_no_new_one(town: Town) -> None:
    me = town.person()
    brings(town, line(1), line(2))
    looks(town)
    saves(town, me)
    brings(town, line(2))
    wakes(town)
    brings(town, line(1), line(2))
    wakes(town)
    assert told(town, me) == [{"opened": ["Club 1"]}]


def test_what_is_over_is_remembered_no_more(town: Town) -> None:
    brings(town, line(1))
    looks(town)
    assert len(rows_of_seen(town)) == 1
    town.comes(date(2027, 6, 1))
    looks(town)
    assert rows_of_seen(town) == []


def rows_of_seen(town: Town) -> list[Any]:
    return list(town.run(lambda tx: tx.rows(schema.catalogue_seen.select())))


def test_nobody_is_told_who_is_silent_or_lives_elsewhere(town: Town) -> None:
    paused, muted, moved = town.person(), town.person(), town.person()
    search = saves(town, paused)
    town.does(PauseSearch(search, True), paused)
    saves(town, muted)
    town.does(SwitchTopic(Topic.SEARCH, muted=True), muted)
    saves(town, moved)
    town.does(SetMunicipality(another_town(town)), moved)
    brings(town, line(1))
    looks(town)
    assert town.notices("SavedSearchNews") == []
    town.does(PauseSearch(search, False), paused)
    wakes(town)
    assert town.notices("SavedSearchNews") == [], "what was new meanwhile is not told afterwards"


def test_an_agreement_brings_a_neighbours_programs(town: Town) -> None:
    """R1.2."""
    seaside = another_town(town)
    me = town.person(municipality=seaside)
    saves(town, me)
    brings(town, line(1))
    looks(town)
    assert told(town, me) == []
    school = one(town, schema.provider, name="House of Science").id
    town.adds(schema.agreement, municipality=seaside, provider=school, start=date(2026, 9, 2), stop=None)
    wakes(town)
    assert told(town, me) == [{"appeared": ["Club 1"]}]


def test_the_calendar_writes_it_at_night_and_it_comes_when_the_quiet_hours_are_over(town: Town) -> None:
    """R8.2: found at the day's first minute, sent at nine, in the reader's words, on a channel of any discretion."""
    me = town.person()
    town.runner.run(live(town.desk))
    saves(town, me)
    brings(town, line(1))
    town.comes(date(2026, 9, 1), hour=21)  # midnight in Moscow
    town.runner.run(live(town.desk))
    town.runner.run(live(town.desk))
    assert told(town, me) == [{"appeared": ["Club 1"]}]
    town.desk.impersonal = frozenset({"web"})
    assert town.run(lambda tx: claim(tx, "web", 10)) == []
    town.passes(hours=9)
    (delivery,) = town.run(lambda tx: claim(tx, "web", 10))
    number = program(town, 1)
    assert "1. «Club 1», House of Science" in delivery.message.text
    assert [key.data for row in delivery.message.rows for key in row] == [f">program:{number}", ">saved"]
    content = one(town, schema.outbox, kind="SavedSearchNews").content
    assert "Club" not in content and json.loads(content)["person"] == me
