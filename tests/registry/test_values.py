"""What clerks write into cells, and what it means (R8.6 for dates, R1.1 for directions)."""

from datetime import date, datetime, time

import pytest

from bot.domain.money import Money
from bot.registry import contacts, reasons, values
from bot.registry.reasons import Unclear
from bot.registry.rows import Lesson
from bot.registry.timetable import timetable


def why(parser, written):
    with pytest.raises(Unclear) as refusal:
        parser(written)
    return refusal.value.reason


@pytest.mark.parametrize(
    ("written", "ages"),
    [
        ("7-9", (7, 9)),
        ("7–9", (7, 9)),
        ("7 — 9 лет", (7, 9)),
        ("от 7 до 9 лет", (7, 9)),
        ("с 7 лет до 9 лет", (7, 9)),
        ("С 7", (7, 18)),
        ("от 7 лет", (7, 18)),
        ("7+", (7, 18)),
        ("до 9", (5, 9)),
        ("8", (8, 8)),
        ("6.0", (6, 6)),
        ("6,0 - 8.0", (6, 8)),
        ("84–108", (7, 9)),
        ("84-107", (7, 8)),
        ("с 84 месяцев", (7, 18)),
        ("72 мес.", (6, 6)),
    ],
)
def test_ages_are_understood_as_clerks_write_them(written, ages):
    assert values.age_span(written) == ages


@pytest.mark.parametrize("written", ["512–12", "9-7", "0", "18-84", "25", "1-200", "12 мес"])
def test_impossible_ages_are_refused(written):
    assert why(values.age_span, written) == reasons.IMPOSSIBLE_AGE


@pytest.mark.parametrize("written", ["младшие школьники", "6.5", "7-9-11", "-7", "٧-٩"])
def test_what_is_not_an_age_is_refused(written):
    assert why(values.age_span, written) == reasons.NOT_AN_AGE


@pytest.mark.parametrize("written", ["2026-09-07", "07.09.2026", "07.сен"])
def test_an_age_that_became_a_date_is_explained(written):
    assert why(values.age_span, written) == reasons.AGE_BECAME_DATE


def test_ages_of_two_cells_come_together():
    assert values.ages_between("с 7 лет", "до 9 лет") == (7, 9)
    assert values.ages_between("84", "108") == (7, 9)
    assert values.ages_between("", "9") == (5, 9)
    assert values.ages_between("7", "") == (7, 18)
    assert why(lambda oldest: values.ages_between("512", oldest), "12") == reasons.IMPOSSIBLE_AGE


@pytest.mark.parametrize(
    "written", ["01.09.2026", "1.9.2026", "01.09.2026 г.", "2026-09-01", "2026-09-01 00:00:00", "46266"]
)
def test_one_day_in_many_writings(written):
    assert values.day(written) == date(2026, 9, 1)


@pytest.mark.parametrize("written", ["01-09-26", "01.09.26", "1/9/26"])
def test_a_year_of_two_digits_is_ambiguous(written):
    assert why(values.day, written) == reasons.SHORT_YEAR


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("31.02.2026", reasons.NO_SUCH_DAY),
        ("29.02.2027", reasons.NO_SUCH_DAY),
        ("01.09.2206", reasons.OUT_OF_RANGE),
        ("09/01/2026", reasons.NOT_A_DATE),
        ("сентябрь", reasons.NOT_A_DATE),
        ("2026", reasons.NOT_A_DATE),
        ("2026-09-01 10:00:00", reasons.NOT_A_DATE),
    ],
)
def test_other_dates_are_refused_with_a_reason(written, reason):
    assert why(values.day, written) == reason


@pytest.mark.parametrize(
    ("written", "kopecks"),
    [
        ("1 200,50", 1200_50),
        ("1200.50 руб.", 1200_50),
        ("1 200 ₽", 1200_00),
        ("1200р", 1200_00),
        ("12 800 рублей", 12_800_00),
        ("0,5", 50),
        ("0", 0),
        ("бесплатно", 0),
        ("БЕСПЛАТНО", 0),
    ],
)
def test_prices_are_whole_kopecks(written, kopecks):
    assert values.money(values.text(written)) == Money(kopecks)


def test_no_break_spaces_inside_a_price_are_spaces():
    assert values.money(values.text("1\u00a0200,50")) == Money(1200_50)
    assert values.money(values.text("\u00a012\u202f800 ")) == Money(12_800_00)


@pytest.mark.parametrize("written", ["1.200", "1,200", "1.200,50", "1,200.50"])
def test_a_thousand_or_one_and_a_bit_is_ambiguous(written):
    assert why(values.money, written) == reasons.AMBIGUOUS_MONEY


@pytest.mark.parametrize("written", ["-100", "дорого", "1200 руб/мес", "12 00", "1e5", "١٠٠"])
def test_what_is_not_a_price_is_refused(written):
    assert why(values.money, written) == reasons.NOT_MONEY


def test_a_calculated_price_is_rounded_half_up_to_the_kopeck():
    assert values.calculated(8792.0633333) == Money(8792_06)
    assert values.calculated(1.005) == Money(1_01)
    assert values.calculated(12800.0) == Money(12_800_00)
    for nonsense in (-1.0, float("nan"), float("inf")):
        assert why(values.calculated, nonsense) == reasons.NOT_MONEY
    assert why(values.calculated, 1e30) == reasons.OUT_OF_RANGE


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('="000123"', "000123"),
        ("'000123", "000123"),
        ("  а \u00a0 б\u200b\ufeff ", "а б"),
        (123.0, "123"),
        (1200.5, "1200.5"),
        (date(2026, 9, 1), "2026-09-01"),
        (datetime(2026, 9, 1), "2026-09-01"),
        (True, "да"),
        (None, ""),
        ("—", ""),
        ("{}", ""),
        ("Не указано", ""),
        ("Пн 15:00\r\n\r\nСр 16:00", "Пн 15:00\nСр 16:00"),
    ],
)
def test_a_cell_becomes_clean_text(cell, text):
    assert values.text(cell) == text


@pytest.mark.parametrize("written", ["#DIV/0!", "#N/A", "#REF!", "#ССЫЛКА!", "#ЗНАЧ!", "#Н/Д", "#ИМЯ?"])
def test_an_error_of_a_formula_is_not_taken_for_text(written):
    assert why(values.text, written) == reasons.FORMULA_ERROR


def test_a_hash_in_a_name_is_no_error():
    assert values.text("#ЯТворю") == "#ЯТворю"


@pytest.mark.parametrize(
    ("written", "direction"),
    [
        ("техническая", "Техническая"),
        ("Естественно-научная", "Естественнонаучная"),
        ("Естественнонаучная", "Естественнонаучная"),
        ("ФИЗКУЛЬТУРНО - СПОРТИВНАЯ", "Физкультурно-спортивная"),
        ("Художественная направленность", "Художественная"),
        ("Туристско–краеведческая", "Туристско-краеведческая"),
        ("Социально-педагогическая", "Социально-гуманитарная"),
        ("социально-гуманитарная", "Социально-гуманитарная"),
    ],
)
def test_directions_in_old_and_new_spelling(written, direction):
    assert values.direction(written) == direction


def test_other_directions_are_refused():
    assert why(values.direction, "Кулинарная") == reasons.NOT_A_DIRECTION


@pytest.mark.parametrize(
    ("written", "registry"),
    [
        ("сертифицированная", "certified"),
        ("Реестр сертифицированных программ", "certified"),
        ("Значимые", "significant"),
        ("предпрофессиональная", "preprofessional"),
        ("Реестр иных общеразвивающих программ", "general"),
        ("Платная", "commercial"),
    ],
)
def test_registries_by_their_names(written, registry):
    assert values.registry(written) == registry


@pytest.mark.parametrize("written", ["не сертифицированная", "несертифицированная", "другая"])
def test_what_is_not_certified_is_not_certified(written):
    assert why(values.registry, written) == reasons.NOT_A_REGISTRY


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("МБУ ДО «Дом творчества»", "municipal"),
        ("МАУДО «Центр»", "municipal"),
        ("ГОБУ «Школа»", "state"),
        ("ООО «Старт»", "private"),
        ("АНО «Старт»", "private"),
        ("ИП Иванова", "entrepreneur"),
    ],
)
def test_a_providers_name_tells_its_kind(name, kind):
    assert values.kind_by_name(name) == kind


def test_a_name_that_only_begins_alike_tells_nothing():
    assert why(values.kind_by_name, "Маугли") == reasons.UNKNOWN_KIND
    assert why(values.kind_by_name, "Гаусс") == reasons.UNKNOWN_KIND


def test_yes_and_no():
    assert all(map(values.yes_or_no, ("да", "Да", "+", "1", "true", "идёт", "Открыта")))
    assert not any(map(values.yes_or_no, ("нет", "0", "false", "закрыта")))
    assert why(values.yes_or_no, "возможно") == reasons.NOT_YES_OR_NO


def test_contacts():
    assert contacts.phone("8 (8152) 00-00-17") == "+78152000017"
    assert contacts.phone("8 (8152) 00-00-17 доб. 12") == "+78152000017 ext. 12"
    assert contacts.phone("+7 8152 00-00-17; 00-00-18") == "+78152000017"
    assert why(contacts.phone, "по вечерам") == reasons.NOT_A_PHONE
    assert contacts.site("primer.example/kruzhki") == "https://primer.example/kruzhki"
    assert why(contacts.site, "javascript:alert(1)") == reasons.NOT_A_SITE
    assert contacts.email("info@primer.example") == "info@primer.example"
    assert why(contacts.email, "info at primer") == reasons.NOT_AN_EMAIL


def test_tax_numbers_are_checked_and_get_their_zero_back():
    assert contacts.inn("9800000013") == "9800000013"
    assert contacts.inn("980000000101") == "980000000101"
    assert why(contacts.inn, "9800000014") == reasons.NOT_AN_INN
    assert why(contacts.inn, "980000000102") == reasons.NOT_AN_INN
    assert contacts.inn("100000004") == "0100000004"


def test_seats():
    assert values.seats("12.0") == 12
    assert why(values.seats, "0") == reasons.OUT_OF_RANGE
    assert why(values.seats, "12,5") == reasons.NOT_A_NUMBER
    assert why(values.seats, "много") == reasons.NOT_A_NUMBER


MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
AT_THREE = (time(15), time(16, 30))
AT_TEN = (time(10), time(11, 30))


@pytest.mark.parametrize(
    ("written", "lessons"),
    [
        (
            "Пн, Ср 15:00–16:30; Сб 10:00-11:30 (чётные недели)",
            [Lesson(MON, *AT_THREE), Lesson(WED, *AT_THREE), Lesson(SAT, *AT_TEN, "even")],
        ),
        ("понедельник и среда с 15.00 до 16.30", [Lesson(MON, *AT_THREE), Lesson(WED, *AT_THREE)]),
        ("Пн: 15:00-16:30 Ср: 10:00-11:30", [Lesson(MON, *AT_THREE), Lesson(WED, *AT_TEN)]),
        ("Вт/Чт 15-00 – 16-30", [Lesson(TUE, *AT_THREE), Lesson(THU, *AT_THREE)]),
        ("Пн-Ср 15:00-16:30", [Lesson(day, *AT_THREE) for day in (MON, TUE, WED)]),
        ("Сб–Вс 10:00–11:30", [Lesson(SAT, *AT_TEN), Lesson(SUN, *AT_TEN)]),
        ("Пятница 10.00-11.30", [Lesson(FRI, *AT_TEN)]),
        ("по будням 15:00-16:30", [Lesson(day, *AT_THREE) for day in range(5)]),
        ("Пн 10:00-11:30, 15:00-16:30", [Lesson(MON, *AT_TEN), Lesson(MON, *AT_THREE)]),
        ("Ср 15:00-16:30, каб. 5", [Lesson(WED, *AT_THREE, place="каб. 5")]),
        ("Ср 15:00-16:30 (нечётные недели, каб. 5)", [Lesson(WED, *AT_THREE, "odd", "каб. 5")]),
        (
            "чётные недели: Пн 10:00-11:30; нечетные: Вт 15:00-16:30",
            [Lesson(MON, *AT_TEN, "even"), Lesson(TUE, *AT_THREE, "odd")],
        ),
        (
            "Пн 10:00-11:30 каб. 1, 15:00-16:30 каб. 2",
            [Lesson(MON, *AT_TEN, place="каб. 1"), Lesson(MON, *AT_THREE, place="каб. 2")],
        ),
        (
            "Пн 15:00-16:30 ул. Мира, д. 1 (вход со двора)\nСб 10:00-11:30",
            [Lesson(MON, *AT_THREE, place="ул. Мира, д. 1 (вход со двора)"), Lesson(SAT, *AT_TEN)],
        ),
    ],
)
def test_timetables(written, lessons):
    assert timetable(written) == tuple(lessons)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("15:00-16:30", reasons.TIME_WITHOUT_DAY),
        ("Пн, Ср", reasons.DAY_WITHOUT_TIME),
        ("Пн 15:00-16:30, Ср", reasons.DAY_WITHOUT_TIME),
        ("Пн 15:00", reasons.NOT_A_TIMETABLE),
        ("Пн 16:30-15:00", reasons.NOT_A_TIME),
        ("Пн 25:00-26:00", reasons.NOT_A_TIME),
        ("по договорённости", reasons.NOT_A_TIMETABLE),
    ],
)
def test_timetables_that_are_not_understood(written, reason):
    assert why(timetable, written) == reason
