"""Lines as parents write them, and what each asks for (issue: words as parents write them). Places and typos: tests/storage/test_hearing.py."""

from datetime import time
from typing import Any

import pytest

from bot.domain.catalogue import Direction, Filters
from bot.domain.money import ZERO, Money
from bot.domain.understanding import direction_of, over, understand

WEEKEND, WEEKDAYS = (6, 7), (1, 2, 3, 4, 5)
SAID: tuple[tuple[str, dict[str, Any], str], ...] = (
    # age
    ("рисование для 7 лет недалеко, недорого", {"age": 7, "near": True, "cheap": True}, "рисование"),
    ("сыну семь, шахматы", {"age": 7}, "шахматы"),
    ("6,5", {"age": 6}, ""),
    ("Дочке шесть с половиной лет, танцы!", {"age": 6}, "танцы"),
    ("английский 7", {"age": 7}, "английский"),
    ("хор для 8 лет, заранее спасибо большое!", {"age": 8}, "хор"),
    ("7-8 лет лепка", {"age": 7}, "лепка"),
    ("лего от 6 до 8 лет", {"age": 6}, "лего"),
    ("танцы от 5", {"age": 5}, "танцы"),
    ("у меня двое детей пять и восемь лет, плавание", {"age": 5, "other_age": 8}, "плавание"),
    ("для двоих 9 и 6 лет хор", {"age": 6, "other_age": 9}, "хор"),
    ("сыну 7 дочке 10 театр", {"age": 7, "other_age": 10}, "театр"),
    ("сыну 7 лет, а дочери 10 лет, хотят вместе на лыжи", {"age": 7, "other_age": 10}, "хотят лыжи"),
    ("детям 6 и 9, бассейн", {"age": 6, "other_age": 9}, "бассейн"),
    ("двое детей 6, 9 лет, хор", {"age": 6, "other_age": 9}, "хор"),
    ("нам в сентябре будет семь, шашки", {"age": 7}, "шашки"),
    ("дети 3 и 8 лет, лепка", {"age": 8}, "лепка"),
    ("son 7 and daughter 10, chess", {"age": 7, "other_age": 10}, "chess"),
    ("ритмика до 7 лет", {"age": 6}, "ритмика"),
    ("семилетке нужна гимнастика", {"age": 7}, "гимнастика"),
    ("плавание 9-летнему", {"age": 9}, "плавание"),
    ("мне 15, волейбол", {"age": 15}, "волейбол"),
    ("ребёнку 10 лет нужна секция самбо", {"age": 10}, "самбо"),
    ("сын учится в 1 классе, ищем шашки", {"age": 7}, "шашки"),
    ("хор 5-й класс", {"age": 11}, "хор"),
    ("для первоклассника бокс", {"age": 7}, "бокс"),
    ("в третьем классе, робототехника", {"age": 9}, "робототехника"),
    ("старшая группа детского сада, рисование", {"age": 5}, "рисование"),
    ("подготовительная группа логика", {"age": 6}, "логика"),
    ("что-нибудь для подростка", {"age": 13}, ""),
    # what looks like an age and is none
    ("программирование python 3 для 12 лет", {"age": 12}, "программирование python 3"),
    ("школа 10 шахматы", {}, "школа 10 шахматы"),
    ("3D-моделирование", {}, "3d-моделирование"),
    ("лицей № 7", {}, "лицей 7"),
    # money
    ("бесплатный футбол", {"price": "free"}, "футбол"),
    ("футбол до 2000", {"most": Money(200_000), "monthly": False}, "футбол"),
    ("не дороже 1 500 рублей в месяц", {"most": Money(150_000), "monthly": True}, ""),
    ("гитара до 5 тысяч, 12 лет", {"most": Money(500_000), "monthly": False, "age": 12}, "гитара"),
    ("лепка до тысячи в месяц", {"most": Money(100_000), "monthly": True}, "лепка"),
    ("танцы до двух тысяч", {"most": Money(200_000), "monthly": False}, "танцы"),
    ("робототехника, чтобы хватило сертификата", {"price": "fits"}, "робототехника"),
    ("шахматы по сертификату", {"price": "fits"}, "шахматы"),
    ("гитара до 500 за занятие", {"most": Money(50_000), "monthly": False, "lesson": True}, "гитара"),
    ("не больше 10000 в год", {"most": Money(1_000_000), "monthly": False}, ""),
    ("хватит ли сертификата на бокс", {"price": "fits"}, "бокс"),
    ("полностью за счет сертификата, бокс", {"price": "fits"}, "бокс"),
    ("плавание без очереди", {"free_seats": True}, "плавание"),
    ("шахматы по сертификату чтобы хватило", {"price": "fits"}, "шахматы"),
    ("где есть свободные места на плавание", {"free_seats": True}, "плавание"),
    # days and hours
    ("бокс после 17", {"after": time(17)}, "бокс"),
    ("бокс после 5 вечера", {"after": time(17)}, "бокс"),
    ("на плавание после шести вечера", {"after": time(18)}, "плавание"),
    ("вокал с 16:30 до 19", {"after": time(16, 30), "before": time(19)}, "вокал"),
    ("изо в выходные", {"days": WEEKEND}, "изо"),
    ("изо не в выходные", {"days": (1, 2, 3, 4, 5)}, "изо"),
    ("art, not on weekdays", {"days": WEEKEND}, "art"),
    ("изо по суботам и в воскресение", {"days": WEEKEND}, "изо"),
    ("йога по будням вечером", {"days": WEEKDAYS, "after": time(17)}, "йога"),
    ("пн ср пт карате", {"days": (1, 3, 5)}, "карате"),
    ("карате кроме пятницы", {"days": (1, 2, 3, 4, 6, 7)}, "карате"),
    ("изо пн-ср", {"days": (1, 2, 3)}, "изо"),
    ("хор с понедельника по пятницу", {"days": WEEKDAYS}, "хор"),
    ("бокс вт 16:00", {"days": (2,), "after": time(16)}, "бокс"),
    ("учимся во вторую смену, шашки", {"before": time(13)}, "шашки"),
    ("рисование но не в пн и не в ср", {"days": (2, 4, 5, 6, 7)}, "рисование"),
    ("не позже 18 хор", {"before": time(18)}, "хор"),
    ("к 10 утра в субботу", {"after": time(10), "days": (6,)}, ""),
    ("вт чт 17-19 бокс", {"days": (2, 4), "after": time(17), "before": time(19)}, "бокс"),
    ("15:00-16:30 бокс", {"after": time(15), "before": time(16, 30)}, "бокс"),
    ("хор до обеда", {"before": time(13)}, "хор"),
    ("1 смена, хор", {"after": time(13)}, "хор"),
    ("театр с утра", {"before": time(12)}, "театр"),
    ("продлёнка после школы", {"after": time(13)}, "продленка"),
    # direction
    ("техническая направленность", {"direction": Direction.TECHNICAL}, ""),
    ("туристско-краеведческая направленность, 11 лет", {"direction": Direction.TOURISM, "age": 11}, ""),
    ("художественная гимнастика", {}, "художественная гимнастика"),
    # nothing but words; politeness says nothing
    ("Здравствуйте! Подскажите, пожалуйста, куда отдать ребёнка на фигурное катание?", {}, "фигурное катание"),
    ("хочу научиться играть на гитаре", {}, "гитаре"),
    # English
    ("drawing for 7 year old, free", {"age": 7, "price": "free"}, "drawing"),
    ("swimming for my son 8 on weekends after 5 pm", {"age": 8, "days": WEEKEND, "after": time(17)}, "swimming"),
    ("cheap chess classes, grade 3, Saturdays", {"cheap": True, "age": 9, "days": (6,)}, "chess"),
    ("robots up to 3000 a month with free places", {"most": Money(300_000), "monthly": True, "free_seats": True}, "robots"),
    # bad input
    ("🙂🙂", {}, ""),
    ("до до до", {}, ""),
    ("99999999999999999999", {}, "99999999999999999999"),
    ("до 99999999999999999999 рублей", {}, "99999999999999999999"),
)  # fmt: skip


@pytest.mark.parametrize(("line", "asked", "words"), SAID)
def test_a_line_is_understood_in_parts(line: str, asked: dict[str, Any], words: str) -> None:
    heard = understand(line)
    assert (heard.asked, " ".join(heard.words), heard.odd_age) == (asked, words, False)


@pytest.mark.parametrize("line", ["рисование 3 года", "нам 45 лет", "до 2 лет"])
def test_an_age_without_certificates_is_noticed_and_not_searched_for(line: str) -> None:
    """R2.2."""
    heard = understand(line)
    assert heard.odd_age and "age" not in heard.asked


def test_a_direction_is_meant_only_when_nothing_else_is_asked() -> None:
    assert direction_of(("спорт",)) is Direction.SPORT
    assert direction_of(("техническое",)) is Direction.TECHNICAL
    assert direction_of(("краеведение",)) is None
    assert direction_of(("конный", "спорт")) is None
    assert direction_of(()) is None


@pytest.mark.parametrize(
    ("line", "unwanted", "words"),
    [
        ("не спорт, для девочки 7 лет", "спорт", ""),
        ("единоборства кроме бокса и самбо", "бокса самбо", "единоборства"),
        ("без танцев и хора", "танцев хора", ""),
        ("никакого спорта", "спорта", ""),
        ("ничего кроме хора", "", "хора"),
        ("не любит рисование", "рисование", ""),
        ("не умеет плавать", "умеет", "плавать"),
        ("anything but not chess, no sports", "chess sports", "anything but"),
        ("хоккей не дорого, не раньше 17, не в среду", "", "хоккей"),
        ("не только шахматы", "", "шахматы"),
    ],
)
def test_what_stands_behind_a_no_is_not_looked_for(line: str, unwanted: str, words: str) -> None:
    heard = understand(line)
    assert (" ".join(heard.unwanted), " ".join(heard.words)) == (unwanted, words)


def test_parts_of_a_new_line_take_the_place_of_the_earlier_ones_and_the_others_stay() -> None:
    before = Filters(district=4, age=7, words="шахматы", most=Money(200_000), after=time(17), before=time(19))
    assert over(before, understand("бесплатно утром")) == Filters(
        4, 7, price="free", words="шахматы", most=ZERO, before=time(12)
    )
    assert over(Filters(age=6, other_age=9), understand("8 лет")) == Filters(age=8)
    assert over(Filters(age=7, price="free"), understand("9 лет до 3000")) == Filters(age=9, most=Money(300_000))


@pytest.mark.parametrize("line", ["(" * 2_000, "до " * 1_000, "1" * 4_000, "с 5 до " * 500, "а-" * 2_000, "1 " * 2_000])
def test_no_line_takes_long(line: str) -> None:
    """A pattern that backtracks without bound would never end here."""
    assert understand(line).asked.get("age") in (None, 5)
