"""What the municipality publishes."""

from bot.dialogs.municipality import ListTexts, ReadText, ShowMunicipality
from bot.dialogs.reading import PAGE, pages
from bot.domain.published import Counted, MyMunicipality, OneText, Published, PublishedText, Shelf, TextKind, TextTitle
from tests.story import Story


def test_a_parent_reads_an_answer() -> None:
    world = {
        MyMunicipality(): Counted("Murmansk", 1, 2, 0),
        Published(TextKind.QUESTION): Shelf("Murmansk", (TextTitle(1, "How long?"), TextTitle(2, "Where?"))),
        OneText(2): PublishedText("Where?", "In the town hall."),
    }
    parent = Story(ShowMunicipality(), world)
    parent.taps("Questions and answers")
    parent.sees("• How long?", "• Where?")
    parent.taps("Where?")
    parent.sees("In the town hall.")
    parent.taps("Back")
    assert parent.state == ListTexts(TextKind.QUESTION)


def test_a_single_text_is_opened_at_once_and_back_returns_to_the_municipality() -> None:
    world = {
        MyMunicipality(): Counted("Murmansk", 1, 0, 0),
        Published(TextKind.CONTACTS): Shelf("Murmansk", (TextTitle(1, "Contacts"),)),
        OneText(1): PublishedText("Contacts", "+7 000"),
    }
    parent = Story(ShowMunicipality(), world)
    parent.taps("Contacts")
    parent.sees("+7 000")
    parent.taps("Back")
    assert parent.state == ShowMunicipality()


def test_where_nothing_is_published_it_is_said() -> None:
    parent = Story(ListTexts(TextKind.DOCUMENT), {Published(TextKind.DOCUMENT): Shelf("Murmansk", ())})
    parent.sees("The municipality has not put documents here yet")


def test_long_titles_are_cut_on_buttons_and_whole_in_the_text() -> None:
    title = "On the procedure of granting certificates of additional education in the town"
    shelf = Shelf("Murmansk", (TextTitle(1, title), TextTitle(2, "Short")))
    parent = Story(ListTexts(TextKind.DOCUMENT), {Published(TextKind.DOCUMENT): shelf})
    assert title in parent.text
    assert all(len(label) <= 40 for label in parent.labels)


def test_a_long_document_is_read_page_by_page() -> None:
    body = "\n\n".join(f"Paragraph {n}. " + "word " * 150 for n in range(1, 31))
    parent = Story(ReadText(1), {OneText(1): PublishedText("Order", body)})
    read = ""
    for _page in range(len(pages(body))):
        assert len(parent.text) < 4_000
        read += parent.text
        if "›" in parent.labels:
            parent.taps("›")
    for n in range(1, 31):
        assert f"Paragraph {n}." in read


def test_a_text_without_spaces_is_cut_too_and_nothing_is_lost() -> None:
    body = "x" * 10_000
    assert "".join(pages(body)) == body
    assert all(len(leaf) <= PAGE for leaf in pages(body))


def test_a_text_that_was_taken_down_is_said() -> None:
    parent = Story(ReadText(9), {OneText(9): None})
    parent.sees("has taken this text down")
