"""Municipalities, texts, policies and calendars, on both databases."""

import json
from datetime import date

import pytest

from bot.domain.home import ChannelLink, HomeNews, News, OtherChannels
from bot.domain.messages import SYSTEM, Actor, NotYours, administrator, operator, person
from bot.domain.municipality import (
    AddDistrict,
    AddMunicipality,
    CalendarYearSet,
    Changed,
    DistrictAdded,
    DistrictExists,
    DistrictsOf,
    Municipalities,
    MunicipalityAdded,
    MunicipalitySet,
    PolicyOf,
    PolicySet,
    ReadYear,
    SetCalendarYear,
    SetMunicipality,
    SetPolicy,
    WrongCalendar,
    WrongMunicipality,
    WrongPolicy,
    YearBy,
)
from bot.domain.published import (
    AddText,
    Counted,
    EmptyText,
    MyMunicipality,
    OneText,
    Published,
    PublishedText,
    RemoveText,
    TextAdded,
    TextKind,
    TextRemoved,
    TextsOf,
)
from bot.storage import schema
from bot.storage.municipality import production_calendar
from tests.storage.registries import another_town
from tests.storage.town import Town

APATITY = AddMunicipality("apa", "Apatity", "Europe/Moscow", "5102")
STRANGER = operator(999)


def test_a_newcomer_says_where_they_live(town: Town) -> None:
    who = town.person(municipality=None)
    assert town.asks(Municipalities(), person(who)).mine == 0
    assert town.does(SetMunicipality(town.municipality), person(who)) == MunicipalitySet(who, town.municipality)
    assert town.run(lambda tx: tx.value(schema.person.select().with_only_columns(schema.person.c.municipality))) == (
        town.municipality
    )


def test_a_municipality_that_is_not_there_cannot_be_chosen(town: Town) -> None:
    assert town.does(SetMunicipality(777), town.person()) == NotYours()


def test_a_new_municipality_is_offered_by_name_and_has_its_group_for_everybody(town: Town) -> None:
    added = town.does(APATITY, SYSTEM)
    assert isinstance(added, MunicipalityAdded)
    assert [place.name for place in town.asks(Municipalities(), SYSTEM).all] == ["Apatity", "Murmansk"]
    assert isinstance(town.does(AddDistrict(added.municipality, "Tik-Guba"), SYSTEM), DistrictAdded)
    assert town.asks(Municipalities(), SYSTEM).all[0].parts == ("Tik-Guba",), "it is known by what is in it too"
    table = schema.certificate_group
    groups = town.run(lambda tx: tx.rows(table.select().where(table.c.municipality == added.municipality)))
    assert [group.code for group in groups] == ["all"]


@pytest.mark.parametrize(
    ("command", "what"),
    [
        (AddMunicipality("Апа", "Apatity", "Europe/Moscow", "5102"), "code"),
        (AddMunicipality("apa_1", "Apatity", "Europe/Moscow", "5102"), "code"),
        (AddMunicipality("apa", "  ", "Europe/Moscow", "5102"), "name"),
        (AddMunicipality("apa", "Apatity", "Europe/Atlantis", "5102"), "zone"),
        (AddMunicipality("apa", "Apatity", "../../etc/passwd", "5102"), "zone"),
        (AddMunicipality("apa", "Apatity", "Europe/Moscow", "51"), "number_prefix"),
        (AddMunicipality("apa", "Apatity", "Europe/Moscow", "5101"), "taken"),
        (AddMunicipality("mur", "Apatity", "Europe/Moscow", "5102"), "taken"),
    ],
)
def test_a_municipality_that_makes_no_sense_is_refused_with_its_field(
    town: Town, command: AddMunicipality, what: str
) -> None:
    assert town.does(command, SYSTEM) == WrongMunicipality(what)


def test_a_district_is_added_once_and_only_by_its_own_operator(town: Town) -> None:
    command = AddDistrict(town.municipality, "Oktyabrsky")
    assert town.does(command, STRANGER) == NotYours()
    assert isinstance(town.does(command, town.operator), DistrictAdded)
    assert town.does(command, town.operator) == DistrictExists()
    names = [place.name for place in town.asks(DistrictsOf(town.municipality), SYSTEM)]
    assert names == ["Leninsky", "Oktyabrsky"]


def publish(town: Town, title: str, language: str = "ru", kind: TextKind = TextKind.QUESTION, body: str = "…") -> int:
    fact = town.does(AddText(town.municipality, kind, language, title, body), town.operator)
    assert isinstance(fact, TextAdded)
    return fact.text


def test_texts_are_read_in_the_readers_language_and_in_russian_where_there_are_none(town: Town) -> None:
    parent = town.person(language="en")
    publish(town, "Как долго?")
    assert [text.title for text in town.asks(Published(TextKind.QUESTION), parent).titles] == ["Как долго?"]
    publish(town, "How long?", "en")
    assert [text.title for text in town.asks(Published(TextKind.QUESTION), parent).titles] == ["How long?"]
    publish(town, "Адрес", kind=TextKind.CONTACTS)
    assert town.asks(MyMunicipality(), parent) == Counted("Murmansk", contacts=1, questions=1, documents=0)


def test_a_text_with_the_same_title_is_replaced(town: Town) -> None:
    first = publish(town, "Как долго?", body="Три дня.")
    assert publish(town, "Как долго?", body="Пять дней.") == first
    assert town.asks(OneText(first), town.person()) == PublishedText("Как долго?", "Пять дней.")
    assert len(town.asks(TextsOf(town.municipality), town.operator)) == 1


def test_a_text_of_another_municipality_is_neither_read_nor_removed(town: Town) -> None:
    text = publish(town, "Как долго?")
    other = town.does(APATITY, SYSTEM)
    assert isinstance(other, MunicipalityAdded)
    assert town.asks(OneText(text), person(town.person(), other.municipality)) is None
    assert town.does(RemoveText(text), operator(other.municipality)) == NotYours()
    assert town.does(RemoveText(text), town.operator) == TextRemoved(text)
    assert town.does(RemoveText(text), town.operator) == NotYours()


@pytest.mark.parametrize(("title", "body", "language"), [(" ", "x", "ru"), ("x", "\n", "ru"), ("x", "x", "de")])
def test_an_empty_text_or_an_unknown_language_is_refused(town: Town, title: str, body: str, language: str) -> None:
    command = AddText(town.municipality, TextKind.QUESTION, language, title, body)
    assert town.does(command, town.operator) == EmptyText()


def test_a_policy_changes_field_by_field_and_says_what_it_was(town: Town) -> None:
    command = SetPolicy(town.municipality, (("visit_days", "45"), ("snils", '"required"'), ("max_age", "18")))
    assert town.does(command, town.operator) == NotYours()
    assert town.does(command, administrator()) == PolicySet(
        town.municipality,
        (Changed("visit_days", "30", "45"), Changed("snils", '"optional"', '"required"')),
    )
    assert town.run(lambda tx: tx.policy(town.municipality)).visit_days == 45
    assert ("visit_days", "45") in town.asks(PolicyOf(town.municipality), town.operator)
    assert town.asks(PolicyOf(town.municipality), STRANGER) == ()


@pytest.mark.parametrize(
    ("name", "value"), [("visit_days", "0"), ("min_age", "18"), ("colour", '"red"'), ("visit_days", "many")]
)
def test_a_policy_that_makes_no_sense_changes_nothing(town: Town, name: str, value: str) -> None:
    command = SetPolicy(town.municipality, (("unused_days", "90"), (name, value)))
    assert isinstance(town.does(command, administrator()), WrongPolicy)
    assert town.run(lambda tx: tx.policy(town.municipality)).unused_days == 0


def test_the_calendar_knows_the_years_that_came_with_the_program(town: Town) -> None:
    calendar = town.run(lambda tx: production_calendar(tx, town.municipality))
    assert not calendar.is_working(date(2026, 1, 9))
    assert calendar.published(2026)


def test_a_year_is_the_municipality_s_own_else_the_region_s_else_the_shipped_one(town: Town) -> None:
    neighbour = another_town(town)

    def works(day: str, place: int) -> bool:
        return town.run(lambda tx: production_calendar(tx, place)).is_working(date.fromisoformat(day))

    def enters(me: Actor, *off: str) -> None:
        document = json.dumps({"year": 2026, "source": "—", "off": off, "worked": []})
        assert town.does(SetCalendarYear(document), me) == CalendarYearSet(2026)

    def by(me: Actor) -> YearBy:
        return town.asks(ReadYear(2026), me).by

    enters(town.operator, "2026-09-02")
    assert not works("2026-09-02", town.municipality) and works("2026-09-02", neighbour)
    assert (by(town.operator), by(operator(neighbour))) == (YearBy.MUNICIPALITY, YearBy.GOVERNMENT)
    enters(administrator(), "2026-09-03")
    assert works("2026-09-03", town.municipality) and not works("2026-09-03", neighbour)
    assert (by(town.operator), by(operator(neighbour)), by(administrator())) == (
        YearBy.MUNICIPALITY,
        YearBy.REGION,
        YearBy.REGION,
    )
    enters(town.operator)
    assert works("2026-09-02", town.municipality) and not works("2026-09-03", neighbour)


@pytest.mark.parametrize(
    "document", ["", "[]", "{}", '{"year": 2026}', '{"year": 2026, "off": ["2026-09-05"], "worked": []}']
)
def test_what_is_no_calendar_is_refused(town: Town, document: str) -> None:
    assert isinstance(town.does(SetCalendarYear(document), town.operator), WrongCalendar)


def test_a_parent_enters_no_calendar(town: Town) -> None:
    document = json.dumps({"year": 2026, "source": "—", "off": [], "worked": []})
    assert town.does(SetCalendarYear(document), town.person()) == NotYours()


def test_the_menu_counts_what_waits_in_the_family_and_in_no_other(town: Town) -> None:
    parent, stranger = town.person(), town.person()
    town.certificate(town.child(parent), kopecks=0, state="submitted", number=None)
    town.certificate(town.child(parent), kopecks=0, state="awaiting_visit", number=None)
    town.child(stranger)
    assert town.asks(HomeNews(), parent) == News(children=2, deciding=1, to_visit=1)
    assert town.asks(HomeNews(), stranger) == News(children=1)


def test_only_the_links_of_channels_that_may_show_everything_are_given(town: Town) -> None:
    town.run(lambda tx: tx.sql(schema.setting.insert().values(name="link:web", value="https://example.org/chat")))
    town.run(lambda tx: tx.sql(schema.setting.insert().values(name="link:telegram", value="https://t.me/x")))
    town.desk.impersonal = frozenset({"telegram"})
    assert town.asks(OtherChannels(), town.person()) == (ChannelLink("web", "https://example.org/chat"),)
