"""The menu, help, and the way to another channel."""

from dataclasses import replace

import pytest

from bot.dialogs.conversation import Reader
from bot.dialogs.home import TOPICS, Help, Home, OpenElsewhere
from bot.dialogs.settings import ShowSettings
from bot.domain.catalogue import Filters
from bot.domain.home import ChannelLink, HomeNews, News, OtherChannels
from bot.domain.settings import Chosen, MySettings
from bot.domain.understanding import Heard, HearLine
from tests.story import CONSENTED, Story

IMPERSONAL = replace(CONSENTED, impersonal=True)
SETTINGS = {MySettings(): Chosen("en", "Murmansk", (), 1)}


def test_the_menu_leads_everywhere_and_fits_vk_with_a_draft_above_it() -> None:
    parent = Story(Home(), {HomeNews(): News(children=1)})
    parent.sees("What would you like to do?")
    for label in ("Certificate", "Money", "Find a club", "My clubs", "Children", "Events", "Municipality", "Help"):
        assert label in parent.labels
    assert parent.reply is not None
    assert len(parent.labels) <= 9
    assert len(parent.reply.message.rows) <= 5


def test_the_menu_says_what_waits() -> None:
    parent = Story(Home(), {HomeNews(): News(children=2, deciding=1, to_visit=1, requested=3, to_answer=1)})
    parent.sees(
        "1 answer of yours is awaited",
        "A certificate waits for you to show the originals",
        "1 application is being decided",
        "3 requests wait for the clubs' answers",
    )


def test_the_menu_of_an_impersonal_channel_does_not_even_ask_for_news() -> None:
    parent = Story(Home(), {HomeNews(): News(children=2, deciding=1)}, IMPERSONAL)
    assert HomeNews() not in parent.asked
    parent.does_not_see("application")


def test_a_word_at_the_menu_is_answered_with_the_menu() -> None:
    heard = {HearLine("???"): Heard(Filters(), empty=True)}
    parent = Story(Home(), {HomeNews(): News(children=1), **heard})
    parent.types("???")
    parent.sees("I did not understand that", "Find a club")


def test_the_menu_button_leaves_no_way_back_behind() -> None:
    parent = Story(Home(), {HomeNews(): News(children=1), **SETTINGS})
    parent.taps("Settings")
    assert parent.state == ShowSettings()
    parent.taps("Menu")
    assert parent.state == Home()
    parent.does_not_see("Back")


@pytest.mark.parametrize("topic", TOPICS)
def test_every_question_of_the_help_has_an_answer(topic: str) -> None:
    question, answer = TOPICS[topic]
    parent = Story(Help())
    parent.taps(question.msgid if hasattr(question, "msgid") else str(question))
    parent.sees(*(line.msgid for line in answer if hasattr(line, "msgid")))
    parent.types("why?")
    parent.sees("Press «Back» for the other questions")
    parent.taps("Back")
    assert parent.state == Help()


def test_an_impersonal_channel_names_the_other_ones() -> None:
    links = (ChannelLink("vk", "https://vk.me/club1"), ChannelLink("web", "https://example.org/chat"))
    parent = Story(OpenElsewhere(), {OtherChannels(): links}, IMPERSONAL)
    parent.sees("Open in VK", "Open on the website", "Link the chats")
    assert parent.reply is not None
    urls = [key.url for row in parent.reply.message.rows for key in row if key.url]
    assert urls == ["https://vk.me/club1", "https://example.org/chat"]


def test_where_there_is_no_other_channel_the_municipality_tells() -> None:
    parent = Story(OpenElsewhere(), {OtherChannels(): ()}, IMPERSONAL)
    parent.sees("Your municipality will tell you", "Municipality")


def test_what_is_written_about_a_child_on_an_impersonal_channel_is_not_taken() -> None:
    parent = Story(OpenElsewhere(), {OtherChannels(): ()}, IMPERSONAL)
    parent.types("Anna Petrova, 14.03.2017")
    parent.sees("Please do not write about the child here")
    parent.does_not_see("Petrova")


def test_a_reader_of_russian_reads_the_menu_in_russian() -> None:
    parent = Story(Home(), {HomeNews(): News(children=1, requested=2)}, Reader("ru", 1, True))
    parent.sees("2 заявки ждут ответа кружков", "Сертификат", "Найти кружок", "Настройки · English")
