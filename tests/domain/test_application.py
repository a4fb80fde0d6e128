"""Applying (R2.2, R2.8, R2.10, R2.14): names, SNILS, ages, the clock."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.application import (
    Entered,
    FullName,
    NameTrouble,
    NotBornYet,
    Question,
    TooOldForCertificate,
    TooYoungForCertificate,
    WrongName,
    age_refusal,
    decide_by,
    folded_name,
    name_part,
    read_address,
    read_email,
    read_name,
    read_snils,
    wrong_answer,
)
from bot.domain.calendar import ProductionCalendar, Span

NO_CALENDAR = ProductionCalendar({})
ENTERED = Entered(
    FullName("Петрова", "Анна"),
    date(2017, 3, 14),
    1,
    "Lenin street, 1",
    FullName("Петрова", "Мария"),
    "+79161234567",
    "",
    1,
)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Петрова Анна Сергеевна", FullName("Петрова", "Анна", "Сергеевна")),
        ("  петрова   АННА ", FullName("Петрова", "Анна")),
        ("Римский-корсаков Пётр", FullName("Римский-корсаков", "Пётр")),
        ("римский-корсаков пётр", FullName("Римский-Корсаков", "Пётр")),
        ("О’Коннор Джон", FullName("О'Коннор", "Джон")),
        ("Алиев Али Вели оглы", FullName("Алиев", "Али", "Вели оглы")),
        ("Петрова, Анна Мария, Сергеевна", FullName("Петрова", "Анна Мария", "Сергеевна")),
        ("Smith John", FullName("Smith", "John")),
    ],
)
def test_a_name_is_read_from_one_line(typed: str, name: FullName):
    assert read_name(typed) == name


def test_latin_twins_inside_a_russian_word_become_russian():
    typed = "П" + "e" + "тр" + "o" + "в" + "a"  # e, o and a from the Latin keyboard
    assert name_part(typed) == "Петрова"


@pytest.mark.parametrize(
    ("typed", "trouble"),
    [
        ("Петрова", NameTrouble.TOO_FEW),
        ("", NameTrouble.TOO_FEW),
        ("Петрова Анна Мария Сергеевна Иван", NameTrouble.UNCLEAR),
        ("П" * 61 + " Анна", NameTrouble.TOO_LONG),
        ("Петрова Анна2", NameTrouble.SIGN),
        ("Петрова Анна--Мария", NameTrouble.SIGN),
        ("-Петрова Анна", NameTrouble.SIGN),
        ("Петрова <b>Анна</b>", NameTrouble.SIGN),
        ("Петрова {0}", NameTrouble.SIGN),
        ("Петрова Ann'; DROP", NameTrouble.SIGN),
        ("Петрова 👧", NameTrouble.SIGN),
        ("Петрова Анна Ивановна 2017", NameTrouble.SIGN),
        ("👧", NameTrouble.SIGN),
        ("Петроwа Анна", NameTrouble.ALPHABETS),
        ("Παπαδοπούλου Άννα", NameTrouble.ALPHABETS),
    ],
)
def test_what_is_not_a_name_says_why(typed: str, trouble: NameTrouble):
    with pytest.raises(WrongName) as wrong:
        read_name(typed)
    assert wrong.value.trouble is trouble


def test_sixty_letters_are_a_name_still():
    assert name_part("П" + "а" * 59) == "П" + "а" * 59


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_name_or_a_reason_and_a_name_stays_itself(typed: str):
    try:
        part = name_part(typed)
    except WrongName:
        return
    assert name_part(part) == part


def test_names_are_compared_without_yo_case_spaces_and_look_alikes():
    assert folded_name(FullName("Семёнова", "Анна")) == folded_name(FullName("СЕМЕНОВА", " анна "))
    assert folded_name(FullName("COBA", "Анна")) == folded_name(FullName("Сова", "Анна"))
    assert folded_name(FullName("Сова", "Анна")) != folded_name(FullName("Сова", "Инна"))


@pytest.mark.parametrize("typed", ["112-233-445 95", "11223344595", "112 233 445-95", "087-654-303 00"])
def test_a_snils_is_its_eleven_digits(typed: str):
    assert read_snils(typed) == "".join(sign for sign in typed if sign.isdigit())


@pytest.mark.parametrize(
    "typed", ["112-233-445 96", "1122334459", "112233445951", "нет", "", "000-000-000 00", "１１２２３３４４５９５"]
)
def test_a_wrong_snils_is_no_snils(typed: str):
    assert read_snils(typed) is None


def test_the_oldest_snils_have_no_check_digits():
    assert read_snils("001-001-998 77") == "00100199877"
    assert read_snils("001-001-999 77") is None


@given(st.integers(1_001_999, 999_999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_of_a_snils_is_noticed(number: int, place: int, change: int):
    digits = f"{number:09}"
    total = sum(int(digit) * (9 - at) for at, digit in enumerate(digits))
    snils = f"{digits}{total % 101 % 100:02}"
    assert read_snils(snils) == snils
    wrong = snils[:place] + str((int(snils[place]) + change) % 10) + snils[place + 1 :]
    weight = (9 - place) * abs(int(wrong[place]) - int(snils[place]))
    if (
        int(wrong[:9]) > 1_001_998
        and weight % 101
        and not {total % 101, (total + weight) % 101, (total - weight) % 101} & {0, 100}
    ):
        assert read_snils(wrong) is None


@pytest.mark.parametrize(
    ("born", "refusal"),
    [
        (date(2021, 11, 22), None),  # five today
        (date(2021, 11, 23), TooYoungForCertificate(date(2026, 11, 23))),
        (date(2008, 11, 23), None),  # eighteen tomorrow
        (date(2008, 11, 22), TooOldForCertificate(18)),
        (date(2026, 11, 23), NotBornYet()),
    ],
)
def test_a_certificate_is_for_children_from_five_to_seventeen(born: date, refusal: object):
    assert age_refusal(born, date(2026, 11, 22), 5, 18) == refusal


def test_who_was_born_on_29_february_is_five_on_1_march():
    born = date(2020, 2, 29)
    assert age_refusal(born, date(2025, 2, 28), 5, 18) == TooYoungForCertificate(date(2025, 3, 1))
    assert age_refusal(born, date(2025, 3, 1), 5, 18) is None


def test_a_decision_is_due_in_working_days():
    friday = date(2026, 11, 20)
    assert decide_by(friday, 3, NO_CALENDAR, None) == date(2026, 11, 25)


def test_days_of_a_blackout_do_not_count():
    friday = date(2026, 11, 20)
    assert decide_by(friday, 3, NO_CALENDAR, Span(date(2026, 11, 1), date(2026, 11, 30))) == date(2026, 12, 3)
    assert decide_by(friday, 3, NO_CALENDAR, Span(date(2026, 11, 24), date(2026, 11, 24))) == date(2026, 11, 26)


def test_an_email_and_an_address_look_like_one():
    assert read_email("a.b@example.ru") == "a.b@example.ru"
    assert [read_email(typed) for typed in ("a@b", "a b@example.ru", "@example.ru", "a@example.ru, c@example.ru")] == [
        None
    ] * 4
    assert read_address(" Lenin  street,\n1 ") == "Lenin street, 1"
    assert [read_address(typed) for typed in ("12", "?", "x" * 201)] == [None] * 3


@pytest.mark.parametrize(
    ("change", "policy", "question"),
    [
        ({}, "optional", None),
        ({}, "required", Question.SNILS),
        ({"snils": "11223344596"}, "optional", Question.SNILS),
        ({"child": FullName("Petrova2", "Анна")}, "optional", Question.CHILD),
        ({"guardian": FullName("", "")}, "optional", Question.GUARDIAN),
        ({"phone": "8916"}, "optional", Question.PHONE),
        ({"email": "nowhere"}, "optional", Question.EMAIL),
        ({"address": ""}, "optional", Question.ADDRESS),
    ],
)
def test_the_first_wrong_answer_is_named(change: dict[str, object], policy: str, question: Question | None):
    assert wrong_answer(replace(ENTERED, **change), policy) is question  # type: ignore[arg-type]
