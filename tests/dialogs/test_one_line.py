"""A parent writes what they look for in one line, and changes what was understood, a tap for each part."""

from dataclasses import replace
from datetime import date, time

from bot.dialogs.catalogue import BrowsePrograms, ReadLine
from bot.dialogs.certificate import ShowCertificates
from bot.dialogs.home import Home
from bot.dialogs.program_card import ReadProgram
from bot.dialogs.search_filters import ChooseHours, ChoosePrice
from bot.dialogs.search_questions import ChooseDistrict
from bot.domain.calendar import Span
from bot.domain.catalogue import (
    Direction,
    Filters,
    FindPrograms,
    Found,
    GroupLine,
    OneProgram,
    ProgramCard,
    ProgramLine,
    Registry,
    Score,
    SearchPlace,
    SearchPlaces,
)
from bot.domain.family import MyChildren
from bot.domain.home import HomeNews, News
from bot.domain.lessons import Lesson
from bot.domain.money import ZERO, Money
from bot.domain.understanding import Heard, HearLine
from bot.i18n import render
from tests.dialogs.test_catalogue import ANNA, BORIS
from tests.story import Story

LINE = "рисование для 7 лет в Коле, бесплатно, после 15"
ASKED = Filters(1, 7, price="free", words="рисование", after=time(15))
DRAWING = ProgramLine(12, "Drawing", "House of Arts", Registry.GENERAL, 6, 9, ZERO, False, 5, Score(47, 12))
KOLA = SearchPlace(1, "Kola")


def found(*lines: ProgramLine, **fields: object) -> Found:
    return replace(Found(len(lines), 0, 1, lines), **fields)  # type: ignore[arg-type]


def written() -> Story:
    """The line was written at the menu."""
    parent = Story(
        Home(),
        {
            HomeNews(): News(),
            HearLine(LINE): Heard(ASKED),
            FindPrograms(ASKED): found(DRAWING, place="Kola"),
            SearchPlaces(): (KOLA, SearchPlace(2, "Port")),
        },
    )
    parent.types(LINE)
    return parent


def test_a_line_at_the_menu_finds_at_once_and_tells_how_it_was_understood() -> None:
    parent = written()
    parent.sees(
        "1 program found", "Looking for: Kola · age 7 · free of charge · after 15:00 · «рисование»", "1. Drawing"
    )
    parent.sees("✎ Kola", "✎ age 7", "✎ free of charge", "✎ after 15:00", "✎ «рисование»")
    parent.taps("Back")
    assert parent.state == Home()


def test_each_part_is_changed_or_dropped_by_its_button() -> None:
    for button, answer, changed in (
        ("✎ age 7", "10", replace(ASKED, age=10)),
        ("✎ age 7", "Any age", replace(ASKED, age=0)),
        ("✎ Kola", "Port", replace(ASKED, district=2)),
        ("✎ Kola", "Anywhere", replace(ASKED, district=0)),
        ("✎ free of charge", "Any price", replace(ASKED, price="")),
        ("✎ after 15:00", "In the evening", replace(ASKED, after=time(17))),
        ("✎ after 15:00", "Any time", replace(ASKED, after=None)),
        ("✎ «рисование»", "Without words", replace(ASKED, words="")),
    ):
        parent = written()
        parent.world[FindPrograms(changed)] = found(DRAWING)
        parent.taps(button)
        parent.taps(answer)
        assert parent.state == BrowsePrograms(changed), button


def test_plain_words_are_searched_for_without_more_ado() -> None:
    words = Filters(1, words="chess")
    parent = Story(
        BrowsePrograms(Filters(1)),
        {
            FindPrograms(Filters(1)): found(DRAWING),
            HearLine("chess", Filters(1)): Heard(words),
            FindPrograms(words): found(DRAWING),
        },
    )
    parent.types("chess")
    parent.sees("«chess»")
    parent.does_not_see("✎")


def test_a_line_in_the_place_of_a_place() -> None:
    parent = Story(
        ChooseDistrict(),
        {
            SearchPlaces(): (KOLA,),
            SearchPlaces(LINE): (),
            HearLine(LINE): Heard(ASKED),
            FindPrograms(ASKED): found(DRAWING),
        },
    )
    parent.types(LINE)
    parent.sees("Looking for", "1. Drawing")


def test_a_line_that_asks_for_some_club_is_answered_by_the_first_question() -> None:
    line = "куда отдать ребёнка?"
    world = {HomeNews(): News(), HearLine(line): Heard(Filters(), empty=True, any_club=True), SearchPlaces(): (KOLA,)}
    parent = Story(Home(), world)
    parent.types(line)
    parent.sees("Where should the club be?")
    parent.world[SearchPlaces(line)] = ()
    parent.types(line)
    parent.sees("Where should the club be?")
    parent.does_not_see("There are no clubs in a place called")


def test_a_line_about_the_certificate_alone_shows_the_certificate() -> None:
    line = "где мой сертификат"
    world = {HomeNews(): News(), HearLine(line): Heard(Filters(price="fits")), MyChildren(): ()}
    parent = Story(Home(), world)
    parent.types(line)
    parent.sees("There is no certificate here yet.")


def test_where_nothing_is_asked_a_line_finds_clubs_and_what_is_no_line_changes_nothing() -> None:
    world = {MyChildren(): (), HearLine(LINE): Heard(ASKED), FindPrograms(ASKED): found(DRAWING, place="Kola")}
    parent = Story(ShowCertificates(), {**world, HearLine("what?"): Heard(Filters(), empty=True)})
    parent.types("what?")
    parent.sees("I did not understand that", "There is no certificate here yet.", "Apply")
    parent.types(LINE)
    parent.sees("1 program found", "1. Drawing")
    parent.taps("Back")
    parent.sees("There is no certificate here yet.")


def test_a_balance_is_asked_whose_it_is_and_the_list_comes_next() -> None:
    """R9.3: from here on it is a matter of the child."""
    fits, hers = Filters(price="fits", words="robots"), Filters(price="fits", child=8, words="robots")
    parent = Story(
        ReadLine("robots, certificate"),
        {
            HearLine("robots, certificate"): Heard(fits),
            MyChildren(): (ANNA, BORIS),
            FindPrograms(hers): found(DRAWING),
        },
    )
    parent.taps("Boris")
    parent.sees("Looking for: within the balance · «robots»")
    assert parent.state.about_child


def test_near_without_a_place_asks_for_it() -> None:
    near = Filters(near=True, words="chess")
    parent = Story(
        ReadLine("chess near me"),
        {
            HearLine("chess near me"): Heard(near),
            FindPrograms(near): found(DRAWING),
            SearchPlaces(): (KOLA,),
            FindPrograms(replace(near, district=1)): found(DRAWING, place="Kola"),
        },
    )
    parent.taps("✎ near: which place?")
    parent.taps("Kola")
    parent.sees("Kola · and near it · «chess»")


def test_what_is_not_understood_is_said() -> None:
    gone = Filters(words="qqq")
    parent = Story(Home(), {HomeNews(): News(), HearLine("qqq"): Heard(gone, empty=True)})
    parent.types("qqq")
    parent.sees("I did not understand that", "Find a club")
    parent = Story(
        ReadLine("3"), {HearLine("3"): Heard(Filters(), odd_age=True), FindPrograms(Filters()): found(DRAWING)}
    )
    parent.sees("from 5 to 17", "1. Drawing")
    some = found(DRAWING, partly=True, unknown="qqq", read_as="drawing clay")
    parent = Story(BrowsePrograms(gone), {FindPrograms(gone): some})
    parent.sees("I do not know «qqq»", "I looked for «drawing clay»", "these have some of them")


def test_hours_and_sums_are_written_as_in_a_line() -> None:
    for question, text, understood in (
        (ChooseHours(Filters()), "from 15 to 18:30", Filters(after=time(15), before=time(18, 30))),
        (ChoosePrice(Filters()), "2000 в месяц", Filters(most=Money(200_000), monthly=True)),
    ):
        parent = Story(question, {FindPrograms(understood): found(DRAWING)})
        parent.types(text)
        assert parent.state == BrowsePrograms(understood)
    parent = Story(ChoosePrice(Filters()), {FindPrograms(Filters(cheap=True)): found(DRAWING)})
    parent.types("cheap?")
    parent.sees("choose a price, or write a sum")
    parent.taps("The cheaper ones first")
    parent.sees("the cheaper ones first")


# --- why it fits ------------------------------------------------------------------------------------------------------


def group(number: int, weekday: int, hour: int, **fields: object) -> GroupLine:
    days, lessons = Span(date(2026, 9, 1), date(2027, 5, 31)), (Lesson(weekday, time(hour), time(hour + 1)),)
    usual = GroupLine(number, f"Group {number}", "", days, lessons, "Kola", "", "", 10, 3, True, Money(620_000))
    return replace(usual, **fields)  # type: ignore[arg-type]


CARD = ProgramCard(
    12, "Рисование для малышей", "", "Изобразительное искусство", Direction.ART, Registry.CERTIFIED, 6, 9, False, True, "House of Arts",
    "", "", True, True, "", Score(47, 12), None, 0, (group(1, 2, 15), group(2, 6, 10, price=ZERO)),
)  # fmt: skip


def reads(asked: Filters) -> Story:
    return Story(ReadProgram(12, asked=asked), {OneProgram(12): CARD})


def test_a_card_says_why_it_fits_what_was_asked() -> None:
    reads(replace(ASKED, days=(6,), after=None)).sees(
        "Why it fits: it is about «рисование»; for the age of 7; it meets Sat 10:00–11:00; 3 free places."
    )
    reads(Filters(direction=Direction.ART, after=time(14), most=Money(700_000))).sees(
        f"Why it fits: Art; it meets Tue 15:00–16:00; it costs {render(Money(620_000), 'en')}; 3 free places"
    )


def test_the_price_of_why_it_fits_is_of_a_group_that_can_be_entered() -> None:
    full = replace(CARD, groups=(group(1, 2, 15, free=0, price=Money(500_000)), group(2, 2, 17)))
    story = Story(ReadProgram(12, asked=Filters(after=time(14), most=Money(700_000))), {OneProgram(12): full})
    story.sees(f"it meets Tue 17:00–18:00; it costs {render(Money(620_000), 'en')}; 3 free places")


def test_a_card_opened_by_a_link_explains_nothing() -> None:
    reads(Filters()).does_not_see("Why it fits")
