"""Lines in the catalogue's own words: places by any case form and short name, the other keyboard layout, typos (R1.2)."""

from datetime import time

import pytest

from bot.domain.catalogue import Direction, Filters, FindPrograms, SearchPlaces
from bot.domain.money import Money
from bot.domain.understanding import Heard, HearLine
from bot.storage import schema
from tests.storage.registries import another_town, brings, line, names
from tests.storage.town import Town

PLACES = ("Ленинский округ", "Кола", "Полярный", "Полярные Зори", "Мончегорск", "Апатиты", "Первомайский округ", "Заря")
CLUBS = (
    {"program": "Рисование для малышей", "activity": "Изобразительное искусство", "direction": "Художественная"},
    {"program": "Школа робототехники", "provider": "Дом науки", "inn": "9800000017"},
    {"program": "Обучение плаванию", "activity": "Плавание", "direction": "Физкультурно-спортивная"},
    {"program": "Шахматы", "provider": "Центр «Полярная звезда»", "inn": "9800000024"},
    {"program": "Комплексное единоборство", "activity": "Комплексное единоборство"},
    {"program": "Хоккей с шайбой", "timetable": "Сб 10:00–11:30"},
)

NOTHING = Filters()


@pytest.fixture
def here(town: Town) -> Town:
    fields = ({**CLUBS[number % len(CLUBS)], "settlement": place} for number, place in enumerate(PLACES))
    brings(town, *(line(number, age="5–17", **each) for number, each in enumerate(fields)))
    return town


def heard(town: Town, me: int, text: str, before: Filters = NOTHING) -> Heard:
    return town.asks(HearLine(text, before), me)


def test_lines_are_understood(here: Town) -> None:
    """A place is named in any form, by a preposition or a short name; a club that is called like a place is none."""
    me = here.person()
    place = {each.name: each.id for each in here.asks(SearchPlaces(), me)}
    for text, meant in (
        ("рисование в Коле", Filters(place["Кола"], words="рисование")),
        ("шахматы в ленинском районе для 7 лет", Filters(place["Ленинский округ"], 7, words="шахматы")),
        ("плавание в Полярных Зорях", Filters(place["Полярные Зори"], words="плавание")),
        ("плавание в Полярном", Filters(place["Полярный"], words="плавание")),
        ("зори шахматы", Filters(place["Полярные Зори"], words="шахматы")),
        ("Монча, роботы", Filters(place["Мончегорск"], words="роботы")),
        ("на первомайке хоккей", Filters(place["Первомайский округ"], words="хоккей")),
        ("хоккей апатитах бесплатно", Filters(place["Апатиты"], price="free", words="хоккей")),
        ("рисование недалеко от Колы", Filters(place["Кола"], near=True, words="рисование")),
        ("рисование в Опатитах", Filters(place["Апатиты"], words="рисование")),
        ("полярная звезда", Filters(words="полярная звезда")),
        ("дом науки", Filters(words="дом науки")),
        ("хоккей в Murmansk", Filters(words="хоккей")),
        ("спорт в Коле", Filters(place["Кола"], direction=Direction.SPORT)),
        # the other layout
        ("hbcjdfybt", Filters(words="рисование")),
        ("hbcjdfybt lkz 7 ktn", Filters(0, 7, words="рисование")),
        ("[jrrtq ,tcgkfnyj", Filters(price="free", words="хоккей")),
        ("hjdot 9 лет", Filters(0, 9, words="hjdot")),
        # without a Russian layout
        ("risovanie dlya 7 let", Filters(0, 7, words="рисование")),
        ("shahmaty v kole posle 17", Filters(place["Кола"], words="шахматы", after=time(17))),
        ("not sports, kids 6 and 9", Filters(0, 6, other_age=9, avoid=Direction.SPORT)),
        # what is not wanted
        ("хоккей, только не шахматы", Filters(words="хоккей", unwanted="шахматы")),
        ("не спорт, 7 лет", Filters(0, 7, avoid=Direction.SPORT)),
        ("не умеет плавать, не сидит", Filters(words="плавать")),
        # typos in the rules' own words
        ("рисование бесплатна вечиром", Filters(price="free", after=time(17), words="рисование")),
        ("хоккей по суботам", Filters(days=(6,), words="хоккей")),
        ("для первоклашки шахматы", Filters(0, 7, words="шахматы")),
        ("drawing in kola, up to 2000", Filters(place["Кола"], most=Money(200_000), words="drawing")),
        ("chess near Leninsky district", Filters(place["Ленинский округ"], near=True, words="chess")),
    ):
        assert heard(here, me, text) == Heard(meant), text


def test_ones_own_town_is_everywhere_whatever_its_title_is(here: Town) -> None:
    me, town = here.person(), schema.municipality
    for title, said in (
        ("Город-герой Мурманск", "хоккей, мурманск"),
        ("ЗАТО город Североморск", "в североморске хоккей"),
    ):
        named = town.update().where(town.c.id == here.municipality).values(name=title)
        here.run(lambda tx, named=named: tx.sql(named))
        assert heard(here, me, said) == Heard(Filters(words="хоккей")), title


def test_another_municipality_that_is_out_of_reach_is_told_and_not_searched_for(here: Town) -> None:
    """R1.2."""
    me = here.person()
    another_town(here, name="ЗАТО город Североморск")
    assert heard(here, me, "хоккей в Североморске") == Heard(
        Filters(words="хоккей"), elsewhere="ЗАТО город Североморск"
    )
    assert heard(here, me, "североморск") == Heard(Filters(words="североморск"), empty=True)


def test_what_was_asked_before_stays_unless_it_is_said_anew(here: Town) -> None:
    me = here.person()
    before = Filters(1, 7, words="шахматы")
    assert heard(here, me, "бесплатно", before).filters == Filters(1, 7, price="free", words="шахматы")
    assert heard(here, me, "хоккей для 9 лет", before).filters == Filters(1, 9, words="хоккей")


def test_a_line_that_means_nothing_is_known_to(here: Town) -> None:
    me = here.person()
    for text in ("ъъъъъъ", "🙂", "?!", "и в на", "\\", "%" * 300, "zzzzqqqq"):
        assert heard(here, me, text).empty, text
    assert heard(here, me, "посоветуйте кружок").any_club and not heard(here, me, "спасибо").any_club
    assert heard(here, me, "рисование 3 года") == Heard(Filters(words="рисование"), odd_age=True)


def test_words_find_what_they_mean(here: Town) -> None:
    """Word forms, synonyms of both languages, typos in each word; a word that nobody has is left out and told."""
    me = here.person()
    for words, club in (
        ("плавать", "Обучение плаванию"),
        ("бассейн", "Обучение плаванию"),
        ("swimming", "Обучение плаванию"),
        ("роботы", "Школа робототехники"),
        ("робаты", "Школа робототехники"),
        ("изо", "Рисование для малышей"),
        ("живопись", "Рисование для малышей"),
        ("живапись", "Рисование для малышей"),
        ("drawing", "Рисование для малышей"),
        ("карате", "Комплексное единоборство"),
        ("боевые искусства", "Комплексное единоборство"),
        ("шахматисты", "Шахматы"),
        ("хокей с шайбай", "Хоккей с шайбой"),
        ("робототехника для гениев", "Школа робототехники"),
    ):
        assert names(here.asks(FindPrograms(Filters(words=words)), me))[:1] == [club], words
    found = here.asks(FindPrograms(Filters(words="шахматы абракадабра")), me)
    assert (names(found)[:1], found.unknown) == (["Шахматы"], "абракадабра")
    assert here.asks(FindPrograms(Filters(words="абракадабра")), me).total == 0


def test_some_of_the_words_are_better_than_nothing(here: Town) -> None:
    found = here.asks(FindPrograms(Filters(words="плавание хоккей")), here.person())
    assert found.partly and {"Обучение плаванию", "Хоккей с шайбой"} == {*names(found)}
