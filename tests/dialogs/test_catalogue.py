"""A parent looks for a club: place, age, list, filters, card, price."""

from dataclasses import replace
from datetime import date, time

from bot.dialogs.catalogue import BrowseForChild, BrowsePrograms, browse
from bot.dialogs.conversation import Reader
from bot.dialogs.home import Home, OpenElsewhere
from bot.dialogs.program_card import ReadProgram, ShareProgram
from bot.dialogs.program_price import PriceForChild
from bot.dialogs.search_questions import ChooseDistrict
from bot.domain.calendar import Span
from bot.domain.catalogue import (
    ChildAge,
    ChildrenToSearchFor,
    Comment,
    CommentsOn,
    Direction,
    Filters,
    FindPrograms,
    Found,
    GroupLine,
    Looser,
    ModulePrice,
    OneProgram,
    PriceFor,
    PriceSeen,
    ProgramCard,
    ProgramLine,
    Registry,
    Score,
    SearchPlace,
    SearchPlaces,
)
from bot.domain.enrollment_seen import GroupsOf
from bot.domain.family import ChildSeen, MyChildren, Rights
from bot.domain.home import OtherChannels
from bot.domain.lessons import Lesson
from bot.domain.money import Money
from bot.domain.municipality import Municipalities, MunicipalitySet, Place, Places, SetMunicipality
from bot.domain.pricing import Installments, Quote
from bot.domain.understanding import Heard, HearLine
from bot.handlers.channel import VK
from bot.handlers.keyboard import parts
from bot.i18n import render
from tests.story import Story

KIROVSKY = SearchPlace(1, "Kirovsky")
PORT = SearchPlace(2, "Port", "Seaside")
ANNA = ChildSeen(7, "Anna", "Petrova", date(2017, 3, 14), Rights.FULL)
BORIS = replace(ANNA, id=8, first_name="Boris")
ROBOTS = ProgramLine(12, "Robots", "House of Arts", Registry.CERTIFIED, 7, 9, Money(620_000), False, 5, Score(47, 12))
CHESS = ProgramLine(13, "Chess", "School 5", Registry.GENERAL, 6, 6, Money(0), False, 0)


def rub(kopecks: int) -> str:
    return render(Money(kopecks), "en")


def found(
    *lines: ProgramLine, total: int = 0, page: int = 0, pages: int = 1, place: str = "", read_as: str = ""
) -> Found:
    return Found(total or len(lines), page, pages, lines, place, read_as)


def group(**fields: object) -> GroupLine:
    usual = {
        "id": 5,
        "name": "Group 1",
        "module": "",
        "days": Span(date(2026, 9, 1), date(2027, 5, 31)),
        "timetable": (
            Lesson(2, time(15), time(16)),
            Lesson(4, time(15), time(16)),
            Lesson(6, time(10), time(11, 30), "even", "room 5"),
        ),
        "place": "Kirovsky",
        "address": "Lenin street, 1",
        "teacher": "",
        "seats": 10,
        "free": 3,
        "is_open": True,
        "price": Money(620_000),
    }
    return GroupLine(**{**usual, **fields})  # type: ignore[arg-type]


def card(**fields: object) -> ProgramCard:
    usual = {
        "id": 12,
        "name": "Robots",
        "description": "We build robots.",
        "activity": "Robotics",
        "direction": Direction.TECHNICAL,
        "registry": Registry.CERTIFIED,
        "age_min": 7,
        "age_max": 9,
        "for_disability": False,
        "is_active": True,
        "provider": "House of Arts",
        "provider_phone": "+78150000000",
        "provider_site": "https://arts.example",
        "provider_open": True,
        "agreed": True,
        "municipality": "",
        "score": Score(47, 12),
        "provider_score": Score(45, 30),
        "comments": 1,
        "groups": (group(),),
        "links": (("telegram", "https://t.me/bot?start=program_12"),),
    }
    return ProgramCard(**{**usual, **fields})  # type: ignore[arg-type]


def reading(shown: ProgramCard | None) -> Story:
    return Story(ReadProgram(12), {OneProgram(12): shown})


# --- place, age, list -------------------------------------------------------------------------------------------------


def test_a_parent_finds_a_program_by_district_and_age():
    parent = Story(
        ChooseDistrict(),
        {
            SearchPlaces(): (KIROVSKY, PORT),
            FindPrograms(Filters(1, 8)): found(ROBOTS, CHESS, place="Kirovsky"),
            OneProgram(12): card(),
        },
    )
    parent.sees("Kirovsky", "Port, Seaside", "Anywhere")
    parent.taps("Kirovsky")
    parent.types("8 years")
    parent.sees("2 programs found", "Kirovsky · age 8", "1. Robots", "House of Arts")
    parent.sees(
        f"ages 7–9 · {rub(620000)} in all · 5 free places · 4.7 of 5 (12 ratings)", "age 6 · free · no free places"
    )
    parent.taps("1. Robots")
    parent.sees("We build robots.")
    parent.taps("Back")
    parent.sees("2 programs found")


def test_a_typed_place_is_taken_at_once_when_only_one_is_meant():
    parent = Story(ChooseDistrict(), {SearchPlaces(): (KIROVSKY, PORT), SearchPlaces("kir"): (KIROVSKY,)})
    parent.types("kir")
    parent.sees("How old is the child?")


def test_an_unknown_place_is_said_and_the_list_is_one_tap_away():
    unheard = {HearLine("moon"): Heard(Filters(words="moon"), empty=True)}
    parent = Story(ChooseDistrict(), {SearchPlaces(): (KIROVSKY,), SearchPlaces("moon"): (), **unheard})
    parent.types("moon")
    parent.sees("no clubs in a place called «moon»", "Anywhere")
    parent.taps("Show all places")
    parent.sees("Kirovsky")


def test_many_places_are_paged():
    places = tuple(SearchPlace(number, f"Place {number}") for number in range(1, 9))
    parent = Story(ChooseDistrict(), {SearchPlaces(): places})
    parent.does_not_see("Place 7")
    parent.taps("›")
    parent.sees("Place 7", "Place 8")


def test_an_impossible_age_is_explained():
    parent = Story(ChooseDistrict(), {SearchPlaces(): (KIROVSKY,)})
    parent.taps("Anywhere")
    parent.types("99")
    parent.sees("from 5 to 17")


def test_the_age_of_an_own_child_needs_no_typing():
    parent = Story(
        ChooseDistrict(),
        {
            SearchPlaces(): (KIROVSKY,),
            ChildrenToSearchFor(): (ChildAge(7, "Anna", 9), ChildAge(8, "Vera", 12)),
            FindPrograms(Filters(1, 9)): found(ROBOTS),
        },
    )
    parent.taps("Kirovsky")
    parent.taps("My child")
    parent.taps("Anna, age 9")
    parent.sees("1 program found")
    parent.taps("Back")
    parent.taps("Back")
    parent.world[ChildrenToSearchFor()] = (ChildAge(7, "Anna", 9),)
    parent.taps("My child")
    parent.sees("1 program found")
    parent.taps("Back")
    parent.sees("How old is the child?")


def test_on_an_impersonal_channel_the_search_works_and_children_stay_elsewhere():
    """R9.3."""
    parent = Story(
        ChooseDistrict(),
        {SearchPlaces(): (KIROVSKY,), FindPrograms(Filters(1, 8)): found(ROBOTS), OtherChannels(): ()},
        Reader(language="en", municipality=1, impersonal=True),
    )
    parent.taps("Kirovsky")
    parent.types("8")
    parent.sees("1 program found")
    parent.taps("Back")
    parent.taps("My child")
    assert parent.state == OpenElsewhere()


def test_before_the_consent_the_search_works():
    """R9.1: nothing about a child is asked."""
    parent = Story(
        BrowsePrograms(Filters()), {FindPrograms(Filters()): found(ROBOTS)}, Reader(language="en", municipality=1)
    )
    parent.sees("1 program found")


def test_pages_are_numbered_through():
    world = {
        FindPrograms(Filters()): found(ROBOTS, total=6, pages=2),
        FindPrograms(Filters(), 1): found(CHESS, total=6, page=1, pages=2),
    }
    parent = Story(BrowsePrograms(Filters()), world)
    parent.sees("6 programs found", "Page 1 of 2")
    parent.taps("›")
    parent.sees("6. Chess", "Page 2 of 2")
    parent.does_not_see("›")


def test_typed_words_search_and_a_typo_is_understood():
    words = Filters(words="robits")
    world = {
        FindPrograms(Filters()): found(CHESS),
        HearLine("robits"): Heard(words),
        FindPrograms(words): found(ROBOTS, read_as="robots"),
    }
    parent = Story(BrowsePrograms(Filters()), world)
    parent.types("robits")
    parent.sees("«robits»", "I looked for «robots»", "1. Robots")


def test_an_age_typed_over_the_list_changes_the_age():
    world = {FindPrograms(Filters(age=7)): found(ROBOTS), FindPrograms(Filters(age=9)): found(CHESS)}
    parent = Story(BrowsePrograms(Filters(age=7)), world)
    parent.types("9 лет")
    parent.sees("Chess")


def test_when_nothing_is_found_what_finds_something_can_be_given_up_and_how_much_it_is_is_told():
    strict = Filters(1, 8, Direction.SPORT, days=(2,))
    world = {
        FindPrograms(strict): replace(
            found(place="Kirovsky"), looser=(Looser("days", 12), Looser("place", 3), Looser("near", 1))
        ),
        FindPrograms(Filters(1, 8, Direction.SPORT)): found(ROBOTS),
        FindPrograms(Filters(0, 8, Direction.SPORT, days=(2,))): found(CHESS),
        FindPrograms(replace(strict, near=True)): found(CHESS, ROBOTS),
    }
    parent = Story(BrowsePrograms(strict), world)
    parent.sees(
        "Nothing was found", "if you ask for less", "Without: Tue — 12", "Look everywhere — 3", "Places near too — 1"
    )
    parent.does_not_see("Without: Sport", "Without: age 8")
    for button, seen in (
        ("Without: Tue", "Robots"),
        ("Look everywhere", "Chess"),
        ("Places near too", "2 programs found"),
    ):
        parent = Story(BrowsePrograms(strict), world)
        parent.taps(button)
        parent.sees(seen)


def test_of_a_very_long_list_it_is_said_that_there_is_more_and_it_can_be_turned_on():
    long, next_page = (
        replace(found(ROBOTS, total=1_000 + at * 5, page=at, pages=200 + at), more=True) for at in (0, 1)
    )
    parent = Story(BrowsePrograms(Filters()), {FindPrograms(Filters()): long, FindPrograms(Filters(), 1): next_page})
    parent.sees("More than 1,000 programs found", "Page 1\n")
    parent.taps("›")
    parent.sees("More than 1,005 programs found", "Page 2\n")
    strict = Filters(days=(2,))
    nothing = replace(found(), looser=(Looser("days", 1_000, more=True),))
    Story(BrowsePrograms(strict), {FindPrograms(strict): nothing}).sees("Without: Tue — more than 1,000")


def test_a_long_name_fits_a_button():
    long = ProgramLine(1, "A" * 80, "P", Registry.GENERAL, 5, 9, None, False, 1)
    parent = Story(BrowsePrograms(Filters()), {FindPrograms(Filters()): found(long)})
    parent.sees("A" * 80, "price not stated")
    assert max(map(len, parent.labels)) <= 40


# --- filters ----------------------------------------------------------------------------------------------------------


def test_a_filter_is_set_and_the_list_is_there_again():
    steps = (
        (("Direction", "Art"), replace(Filters(1, 8), direction=Direction.ART)),
        (("Price", "Free of charge"), Filters(1, 8, Direction.ART, "free")),
        (("Days", "Thu", "Wed", "Tue", "Wed", "Done"), Filters(1, 8, Direction.ART, "free", days=(2, 4))),
        (("With free places",), Filters(1, 8, Direction.ART, "free", days=(2, 4), free_seats=True)),
        (("✎ with free places",), Filters(1, 8, Direction.ART, "free", days=(2, 4))),
        (("✎ Art", "Any direction"), Filters(1, 8, price="free", days=(2, 4))),
    )
    here = {FindPrograms(filters): found(CHESS, place="Kirovsky") for _taps, filters in steps}
    parent = Story(BrowsePrograms(Filters(1, 8)), {FindPrograms(Filters(1, 8)): found(ROBOTS), **here})
    for taps, filters in steps:
        parent.taps("Filters")
        for label in taps:
            parent.taps(label)
        assert parent.state == BrowsePrograms(filters)
    parent.sees("Looking for: Kirovsky · age 8 · free of charge · Tue, Thu", "Chess")
    for _step in steps:
        parent.taps("Back")
    parent.sees("Robots")


def test_words_are_written_in_the_filters_as_in_the_list():
    parent = Story(
        BrowsePrograms(Filters(1, 8)),
        {
            FindPrograms(Filters(1, 8)): found(ROBOTS),
            HearLine("clay, free", Filters(1, 8)): Heard(Filters(1, 8, price="free", words="clay")),
            FindPrograms(Filters(1, 8, price="free", words="clay")): found(CHESS),
            FindPrograms(Filters(1, 8, price="free", words="chess")): found(CHESS),
        },
    )
    parent.taps("Filters")
    parent.types("clay, free")
    parent.taps("Filters")
    parent.sees("✎ age 8", "✎ free of charge", "✎ «clay»")
    parent.taps("✎ «clay»")
    parent.types("chess")
    parent.sees("«chess»")


def test_the_span_of_a_sum_is_told_and_a_tap_changes_it():
    """A sum is for the whole course unless «a month» was said: whoever meant the other says so."""
    sums = [Filters(most=Money(300_000), monthly=monthly) for monthly in (False, True)]
    parent = Story(BrowsePrograms(sums[0]), {FindPrograms(filters): found(ROBOTS) for filters in sums})
    parent.sees(f"Looking for: up to {rub(300000)} in all")
    parent.taps("✎ up to")
    parent.taps(f"up to {rub(300000)} a month")
    assert parent.state == BrowsePrograms(sums[1])
    parent.sees(f"Looking for: up to {rub(300000)} a month")
    parent.taps("✎ up to")
    parent.sees(f"up to {rub(300000)} in all")


def test_filters_are_cleared_but_place_and_age_stay():
    parent = Story(
        BrowsePrograms(Filters(1, 8, Direction.ART)),
        {FindPrograms(Filters(1, 8, Direction.ART)): found(), FindPrograms(Filters(1, 8)): found(ROBOTS)},
    )
    parent.taps("Filters")
    parent.taps("Clear the filters")
    parent.sees("Robots")


def test_place_and_age_can_be_changed_from_the_filters():
    parent = Story(
        BrowsePrograms(Filters(1, 8)),
        {
            FindPrograms(Filters(1, 8)): found(),
            SearchPlaces(): (KIROVSKY, PORT),
            FindPrograms(Filters(2, 8)): found(ROBOTS),
            FindPrograms(Filters(2, 10)): found(CHESS),
        },
    )
    parent.taps("Filters")
    parent.taps("Place")
    parent.taps("Port")
    parent.taps("Filters")
    parent.taps("✎ age 8")
    parent.taps("10")
    parent.sees("Chess")


def test_on_a_page_of_five_vk_has_room_for_five_more_buttons():
    """The parts of what was asked stand behind «Filters» there."""
    asked = Filters(1, 8, Direction.ART, words="clay")
    world = {FindPrograms(asked, page): found(*(ROBOTS,) * 5, total=15, page=page, pages=3) for page in range(3)}
    parent = Story(BrowsePrograms(asked), {**world, FindPrograms(Filters()): found(ROBOTS)})
    parent.sees("✎ age 8", "✎ «clay»", "Tell me of news")
    for _page in range(2):
        assert parent.reply and len(parts(parent.reply.message, VK)) == 1
        parent.taps("›")
    parent.taps("Filters")
    parent.sees("✎ age 8", "✎ Art", "✎ «clay»")
    assert parent.reply and len(parts(parent.reply.message, VK)) == 1


def test_a_childs_balance_makes_the_list_a_matter_of_the_child():
    """R9.3: what fits a balance tells about the balance."""
    fits = Filters(price="fits", child=7)
    parent = Story(
        BrowsePrograms(Filters()),
        {
            FindPrograms(Filters()): found(ROBOTS, CHESS),
            MyChildren(): (ANNA, BORIS),
            FindPrograms(fits): found(CHESS),
        },
    )
    parent.taps("Filters")
    parent.taps("Price")
    parent.taps("Within the balance")
    parent.taps("Anna")
    parent.sees("Chess", "within the balance")
    parent.does_not_see("Anna")
    assert isinstance(parent.state, BrowseForChild) and parent.state.about_child
    assert type(browse(Filters())) is BrowsePrograms and not BrowsePrograms.about_child


def test_the_only_child_is_not_asked_for():
    parent = Story(
        BrowsePrograms(Filters()),
        {
            FindPrograms(Filters()): found(ROBOTS),
            MyChildren(): (ANNA,),
            FindPrograms(Filters(price="fits", child=7)): found(CHESS),
        },
    )
    parent.taps("Filters")
    parent.taps("Price")
    parent.taps("Within the balance")
    parent.sees("Chess")


# --- the card ---------------------------------------------------------------------------------------------------------


def test_a_card_says_everything_before_anything_is_promised():
    parent = reading(card())
    parent.sees("Robots", "ages 7–9 · Technology · Robotics", "Rating: 4.7 of 5 (12 ratings)")
    parent.sees(
        "House of Arts", "rating: 4.5 of 5 (30 ratings)", "+7 815 000-00-00", "The certificate pays for this program"
    )
    parent.sees(
        "Lessons: September 1, 2026 – May 31, 2027", "Tue, Thu 15:00–16:00; Sat 10:00–11:30 (even weeks), room 5"
    )
    parent.sees("Kirovsky, Lenin street, 1", f"3 free places · {rub(620000)}", "We build robots.")
    parent.sees("Enrol", "Price for my child", "Comments (1)", "Share")


def test_a_full_program_offers_the_waiting_list():
    reading(card(groups=(group(free=0),))).sees("no free places", "Join the waiting list")


def test_what_cannot_be_enrolled_in_says_why_and_offers_no_button():
    """R6.2: archived, provider closed, no agreement, no price, not paid by certificates."""
    for fields, words in (
        ({"is_active": False}, "in the archive"),
        ({"provider_open": False}, "takes no new children"),
        ({"agreed": False}, "no agreement"),
        ({"groups": ()}, "There are no groups now"),
        ({"groups": (group(price=None),)}, "has not stated the price"),
        ({"groups": (group(is_open=False),)}, "Enrolment is closed"),
        ({"registry": Registry.COMMERCIAL}, "The certificate does not pay"),
    ):
        parent = reading(card(**fields))
        parent.sees(words)
        assert not {"Enrol", "Join the waiting list"} & set(parent.labels), fields


def test_a_budget_program_is_said_to_be_free_once_and_has_no_price_to_split():
    free = card(registry=Registry.SIGNIFICANT, groups=(group(price=Money(0)), group(price=Money(0))))
    parent = Story(ReadProgram(12, asked=Filters(price="free", words="robots")), {OneProgram(12): free})
    parent.sees("Free: the budget pays", "3 free places", "Enrol")
    parent.does_not_see("Price for my child", "free of charge", "· free")


def test_a_long_card_is_turned_page_by_page_and_nothing_is_lost():
    words = " ".join(f"word{number}" for number in range(700))
    parent = reading(card(description=words, groups=tuple(group(id=n, name=f"Group {n}") for n in range(30))))
    told = [parent.text]
    while "›" in parent.labels:
        parent.taps("›")
        told.append(parent.text)
    assert len(told) > 2 and max(map(len, told)) <= 3_600
    everything = "\n".join(told)
    assert all(f"Group {number}\n" in everything for number in range(30))
    assert all(f"word{number}" in everything.split() for number in range(700))


def test_a_program_that_is_gone_leads_back_to_the_search():
    reading(None).sees("no such program", "Find a club")


def test_comments_are_read_with_initials_and_answers():
    """R7.3."""
    parent = reading(card())
    parent.world[CommentsOn(12)] = (Comment("A. P.", 5, "Very good.", "Thank you!", date(2026, 6, 1)),)
    parent.taps("Comments")
    parent.sees("A. P., June 1, 2026: 5 of 5", "Very good.", "The provider answers: Thank you!")


def test_a_card_is_shared_by_a_link_for_each_channel():
    parent = reading(card())
    parent.taps("Share")
    assert parent.state == ShareProgram(12)
    parent.sees("Robots", "https://t.me/bot?start=program_12", "Send in Telegram")
    assert parent.reply is not None
    assert parent.reply.message.rows[0][0].url == (
        "https://t.me/share/url?url=https%3A%2F%2Ft.me%2Fbot%3Fstart%3Dprogram_12&text=Robots"
    )


def test_a_link_opens_the_card():
    parent = Story(ChooseDistrict(), {SearchPlaces(): (KIROVSKY,), OneProgram(12): card()})
    parent.starts("program_12")
    assert parent.state == ReadProgram(12)


def test_a_link_opens_the_card_with_somebody_new_when_they_have_said_where_they_live():
    here, there = Place(1, "Murmansk", "mur"), Place(2, "Kola", "kola")
    world = {Municipalities(): Places((here, there)), SetMunicipality(1): MunicipalitySet(7, 1), OneProgram(12): card()}
    parent = Story(Home(), world, Reader(language="en"), arrives=False)
    parent.starts("program_12")
    parent.sees("Where do you live?")
    parent.reader = Reader(language="en", municipality=1)
    parent.taps("Murmansk")
    parent.sees("Robots", "Enrol")


def test_a_link_to_a_program_that_is_over_offers_what_is_near():
    near = Filters(1, direction=Direction.TECHNICAL, words="Robotics")
    gone = card(is_active=False, groups=(), near=near)
    parent = Story(
        ChooseDistrict(), {SearchPlaces(): (KIROVSKY,), OneProgram(12): gone, FindPrograms(near): found(CHESS)}
    )
    parent.starts("program_12")
    parent.sees("The program is in the archive", "Similar clubs")
    parent.does_not_see("Enrol")
    parent.taps("Similar clubs")
    parent.sees("Chess")
    parent.taps("Back")
    parent.sees("The program is in the archive")


# --- the price --------------------------------------------------------------------------------------------------------

YEAR = Span(date(2026, 9, 1), date(2026, 12, 31))
SPLIT = Quote(Installments(Money(57_574), Money(58_853), 4), Installments(Money(6_713), Money(6_861), 4))


def priced(*modules: ModulePrice) -> PriceSeen:
    return PriceSeen("Anna", "Robots", Money(234_133), modules)


def test_the_price_is_split_between_certificate_and_family_by_months():
    """R4.7."""
    parent = Story(
        PriceForChild(12),
        {
            ChildrenToSearchFor(): (ChildAge(7, "Anna", 9), ChildAge(8, "Ivan", 12)),
            PriceFor(12, 7): priced(ModulePrice("Autumn", YEAR, Money(261_429), SPLIT)),
        },
    )
    parent.taps("Anna")
    parent.sees("Robots: the price for Anna", f"On the certificate: {rub(234133)}", f"Price: {rub(261429)}")
    parent.sees(
        f"The certificate pays: {rub(234133)}",
        f"{rub(57574)} for the first month, {rub(58853)} for each of the 3 months after it",
    )
    parent.sees(f"You pay the provider: {rub(27296)}", "Nothing is promised yet")
    parent.does_not_see("There is more on the certificate")
    parent.world[GroupsOf(12)] = ()
    parent.world[MyChildren()] = (ChildSeen(7, "Anna", "Petrova", date(2017, 3, 14), Rights.FULL),)
    parent.taps("Enrol")
    parent.sees("This program has no groups now.")


def test_a_price_that_the_normative_caps_says_so():
    """R4.3."""
    capped = ModulePrice("Autumn", YEAR, Money(261_429), SPLIT, capped=True)
    Story(PriceForChild(12, 7), {PriceFor(12, 7): priced(capped)}).sees("There is more on the certificate")


def test_the_price_with_one_child_is_shown_at_once():
    whole = Quote(Installments(Money(100), Money(0), 1), Installments(Money(0), Money(0), 1))
    world = {
        ChildrenToSearchFor(): (ChildAge(7, "Anna", 9),),
        PriceFor(12, 7): priced(ModulePrice("Autumn", YEAR, Money(100), whole)),
    }
    Story(PriceForChild(12), world).sees("You pay nothing.")


def test_money_that_is_not_there_yet_is_said_to_come_with_the_first_request():
    """R2.3."""
    seen = replace(priced(ModulePrice("Autumn", YEAR, Money(261_429), SPLIT)), first=True)
    parent = Story(PriceForChild(12, 7), {PriceFor(12, 7): seen})
    parent.sees(f"The money comes with the first request for a paid club: {rub(234133)}", "The certificate pays")
    parent.does_not_see("On the certificate")


def test_why_there_is_no_price_is_said_in_words():
    for why, words in (
        ("no_certificate", "no certificate in use"),
        ("accounting", "carries no money"),
        ("queued", "families wait for one in a queue"),
        ("closed", "No money has been given for these dates"),
        ("no_money", "Nothing is left"),
        ("unknown", "has not stated the price"),
        ("commercial", "the family pays all"),
    ):
        world = {PriceFor(12, 7): priced(ModulePrice("Autumn", YEAR, Money(100), None, why))}
        Story(PriceForChild(12, 7), world).sees(words)


def test_another_familys_child_has_no_price_here():
    Story(PriceForChild(12, 9), {PriceFor(12, 9): None}).sees("This is not available.")
