"""The first contact: the greeting, the municipality, what was wanted, the consent."""

from dataclasses import dataclass
from typing import Any

import pytest

from bot.dialogs.consent import GiveConsent
from bot.dialogs.conversation import Reader, Talk
from bot.dialogs.core import Button, Event, Screen, State, Turn, again
from bot.dialogs.hello import Arrive
from bot.dialogs.home import Home
from bot.dialogs.municipality import ShowMunicipality
from bot.domain import privacy
from bot.domain.catalogue import Filters, FindPrograms, Found
from bot.domain.home import HomeNews, News
from bot.domain.municipality import Municipalities, MunicipalitySet, Place, Places, SetMunicipality
from bot.domain.privacy import ConsentChanged, ConsentGiven, ConsentText, ConsentWords
from bot.domain.published import Counted, MyMunicipality
from bot.domain.settings import LanguageSet, SetLanguage
from bot.domain.understanding import Heard, HearLine
from tests.story import CONSENTED, Story

MURMANSK, APATITY = Place(1, "Murmansk", "mur"), Place(2, "Apatity", "apa")
MANY = tuple(Place(number, f"Settlement {number}", f"s{number}") for number in range(1, 21))
NEWCOMER = Reader(language="en")
NO_CONSENT = Reader(language="en", municipality=1)
SHORT_TEXT = ConsentText("certificate", "1", "en", "The whole consent.")


@dataclass(frozen=True)
class SeeChild(State[None]):
    """Something about a child."""

    about_child = True

    def show(self, known: None) -> Screen:
        return Screen("Here is the child")

    def on(self, event: Event) -> Turn:
        return again(self, "?")


@dataclass(frozen=True)
class SeeProgram(State[None]):
    """Something about nobody, with a way to what is about a child."""

    def show(self, known: None) -> Screen:
        return Screen("Here is the program", (Button("Enrol", "enrol"),))

    def on(self, event: Event) -> Turn:
        return Turn("go", SeeChild())


class Newcomer(Story):
    """A parent whose municipality, consent and language become known as they say them."""

    def settles(self) -> None:
        """The municipality has been written down."""
        self.reader = NO_CONSENT

    def agrees(self) -> None:
        """The consent has been written down."""
        self.reader = CONSENTED


def newcomer(*places: Place, reader: Reader = NEWCOMER) -> Newcomer:
    """Somebody who has just opened the bot."""
    world = {
        Municipalities(): Places(places),
        HomeNews(): News(),
        ConsentWords("certificate"): SHORT_TEXT,
        privacy.GiveConsent("certificate", "1", "en"): ConsentGiven(1, "certificate"),
        **{SetMunicipality(place.id): MunicipalitySet(1, place.id) for place in places},
    }
    return Newcomer(Home(), world, reader, arrives=False)


def test_a_newcomer_is_greeted_and_asked_where_they_live() -> None:
    parent = newcomer(MURMANSK, APATITY)
    parent.starts()
    parent.sees("Hello!", "Where do you live?", "Murmansk", "Apatity", "Русский", "English")
    parent.does_not_see("Menu", "Back")


def test_after_the_municipality_the_menu_says_where_to_begin() -> None:
    parent = newcomer(MURMANSK, APATITY)
    parent.starts()
    parent.reader = NO_CONSENT
    parent.taps("Murmansk")
    assert SetMunicipality(1) in parent.asked
    assert parent.state == Home()
    parent.sees("The certificate pays for a child's clubs", "Find a club")


class World(dict[Any, Any]):
    """A world in which a municipality, once set, is known to whoever reads next."""

    def __init__(self, story: Newcomer, world: dict[Any, Any]) -> None:
        super().__init__(world)
        self.story = story

    def __getitem__(self, wanted: Any) -> Any:
        if isinstance(wanted, SetMunicipality):
            self.story.settles()
        if isinstance(wanted, privacy.GiveConsent):
            self.story.agrees()
        if isinstance(wanted, SetLanguage):
            self.story.reader = Reader(wanted.language, self.story.reader.municipality)
        return super().__getitem__(wanted)


def arriving(*places: Place) -> Newcomer:
    """A newcomer whose wishes come true."""
    parent = newcomer(*places)
    parent.world = World(parent, parent.world)
    return parent


def test_with_one_municipality_the_first_screen_is_the_menu_under_the_greeting() -> None:
    parent = arriving(MURMANSK)
    parent.starts()
    assert parent.state == Home()
    parent.sees("Hello!", "Find a club")


def test_a_deep_link_is_kept_through_the_hello_and_the_consent() -> None:
    parent = arriving(MURMANSK, APATITY)
    parent.talk = Talk(SeeChild())
    parent.sends("sticker")
    parent.sees("Where do you live?")
    parent.taps("Apatity")
    parent.sees("Do you agree?")
    parent.taps("I agree")
    parent.sees("Thank you. The consent is kept", "Here is the child")


def test_a_real_link_opens_what_it_names_after_the_hello() -> None:
    parent = arriving(MURMANSK, APATITY)
    parent.world[MyMunicipality()] = Counted("Murmansk", 1, 2, 3)
    parent.starts("municipality")
    parent.sees("Where do you live?")
    parent.taps("Murmansk")
    assert parent.state == ShowMunicipality()


def test_a_link_of_a_municipality_chooses_it() -> None:
    parent = arriving(MURMANSK, APATITY)
    parent.starts("in_apa")
    assert SetMunicipality(2) in parent.asked
    assert parent.state == Home()
    parent.sees("Hello!")


def test_a_link_of_a_municipality_moves_nobody_who_has_chosen_before() -> None:
    parent = Story(Arrive("apa"), {Municipalities(): Places((MURMANSK, APATITY), mine=1), HomeNews(): News()})
    assert parent.state == Home()
    assert SetMunicipality(2) not in parent.asked


def test_a_link_of_an_unknown_municipality_asks() -> None:
    parent = arriving(MURMANSK, APATITY)
    parent.starts("in_atlantis")
    parent.sees("Where do you live?")


def test_the_language_is_switched_on_the_first_screen() -> None:
    parent = arriving(MURMANSK, APATITY)
    parent.world[SetLanguage("ru")] = LanguageSet(1, "ru")
    parent.starts()
    parent.taps("Русский")
    parent.sees("Здравствуйте!", "Где вы живёте?")
    parent.does_not_see("Hello!")


def test_many_places_are_paged_and_found_by_name() -> None:
    parent = arriving(*MANY)
    parent.starts()
    parent.sees("Settlement 1", "Settlement 6")
    parent.does_not_see("Settlement 7")
    parent.taps("›")
    parent.sees("Settlement 7", "Settlement 12", "‹")
    parent.types("settlement 20")
    assert SetMunicipality(20) in parent.asked
    assert parent.state == Home()


def test_part_of_a_name_narrows_the_list() -> None:
    parent = arriving(*MANY)
    parent.starts()
    parent.types("MENT 2")
    parent.sees("Settlement 2", "Settlement 20")
    parent.does_not_see("Settlement 1\n")
    parent.types("MENT 13")
    assert SetMunicipality(13) in parent.asked, "there is only one"


def test_a_slip_in_a_name_offers_the_place() -> None:
    parent = arriving(Place(1, "City of Murmansk", "murmansk"), APATITY)
    parent.starts()
    parent.types("murmnsk")
    parent.sees("Where do you live?", "City of Murmansk")
    parent.does_not_see("Apatity")


def test_a_place_is_found_by_its_name_in_latin_letters() -> None:
    parent = arriving(Place(1, "Город-герой Мурманск", "murmansk"), APATITY)
    parent.starts()
    parent.types("Murmansk")
    assert SetMunicipality(1) in parent.asked


def test_a_settlement_leads_to_the_municipality_that_it_is_in() -> None:
    parent = arriving(Place(1, "Кольский округ", "kola", ("Кола", "Мурмаши")), APATITY)
    parent.starts()
    for typed in ("мурмаши", "мурмащи", "vehvfib"):
        parent.types(typed)
        parent.sees("Where do you live?", "Кольский округ")
        parent.does_not_see("Apatity")


def test_a_place_is_found_in_the_other_keyboard_layout() -> None:
    parent = arriving(Place(1, "Город-герой Мурманск", "murmansk"), APATITY)
    parent.starts()
    parent.types("vehvfycr")
    assert SetMunicipality(1) in parent.asked


def test_a_search_in_place_of_the_place_waits_until_it_is_known() -> None:
    line = "рисование в Апатитах, ребёнку 7 лет"
    parent = arriving(Place(1, "Мурманск", "mur"), Place(2, "Апатиты", "apa"))
    parent.world |= {HearLine(line): Heard(Filters(age=7)), FindPrograms(Filters(age=7)): Found(0, 0, 1, ())}
    parent.starts()
    parent.types(line)
    parent.sees("Choose where you live, and I will look for that.", "Апатиты")
    parent.does_not_see("Мурманск")
    parent.taps("Апатиты")
    parent.sees("Looking for: age 7")


def test_yo_and_case_do_not_hide_a_place() -> None:
    parent = arriving(Place(1, "Берёзовка", "ber"), MURMANSK)
    parent.starts()
    parent.types("березовка")
    assert SetMunicipality(1) in parent.asked


@pytest.mark.parametrize("typed", ["Привет", "'; DROP TABLE person; --", "{0.__class__}", "<b>Murmansk</b>", "🙂"])
def test_a_place_that_is_not_there_is_said_and_the_list_stays(typed: str) -> None:
    parent = arriving(MURMANSK, APATITY)
    parent.starts()
    parent.types(typed)
    parent.sees(f"I do not know a place called «{typed}»", "Murmansk", "Apatity")


def test_a_sticker_as_the_first_message_is_answered_with_the_question() -> None:
    parent = arriving(MURMANSK, APATITY)
    parent.sends("sticker")
    parent.sees("Where do you live?")


def test_without_any_municipality_the_bot_says_so() -> None:
    parent = arriving()
    parent.starts()
    parent.sees("No municipality has joined me yet")


def test_help_works_before_the_municipality_is_chosen() -> None:
    parent = arriving(MURMANSK, APATITY)
    parent.starts()
    parent.types("help")
    parent.sees("What is the certificate?")
    parent.taps("Back")
    parent.sees("Where do you live?")


def test_a_refused_consent_returns_to_where_one_was_and_says_what_still_works() -> None:
    parent = Story(SeeProgram(), {ConsentWords("certificate"): SHORT_TEXT}, NO_CONSENT)
    parent.taps("Enrol")
    parent.sees("Do you agree?", "Read the full text")
    parent.taps("Not now")
    parent.sees("Finding a club and advice work without the consent too", "Here is the program")


def test_a_refused_consent_about_health_goes_on_where_the_question_wanted() -> None:
    health = ConsentText("health", "1", "en", "About health.")
    state = GiveConsent(then=SeeChild(), purpose="health", refused=SeeProgram())
    parent = Story(state, {ConsentWords("health"): health})
    parent.taps("Not now")
    parent.sees("Here is the program")


def test_the_full_text_is_read_page_by_page_and_agreed_to_afterwards() -> None:
    long = ConsentText("certificate", "1", "en", "\n\n".join(f"Point {n}. " + "word " * 200 for n in range(1, 9)))
    parent = arriving(MURMANSK)
    parent.world[ConsentWords("certificate")] = long
    parent.reader = NO_CONSENT
    parent.talk = Talk(SeeProgram())
    parent.sends("photo")
    parent.taps("Enrol")
    parent.taps("Read the full text")
    parent.sees("Point 1.")
    assert len(parent.text) <= 3_500
    parent.taps("›")
    parent.taps("›")
    parent.sees("Point 8.")
    parent.taps("Back")
    parent.taps("I agree")
    parent.sees("Here is the child")


def test_a_text_that_changed_meanwhile_must_be_read_again() -> None:
    parent = Story(GiveConsent(), {ConsentWords("certificate"): SHORT_TEXT, HomeNews(): News()})
    parent.world[privacy.GiveConsent("certificate", "1", "en")] = ConsentChanged()
    parent.taps("I agree")
    parent.sees("The text of the consent has just changed", "I agree")
