"""A program's card: all that is said before anything is promised -> comments, a link to share, the price for a child."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from bot.dialogs import catalogue, enrollment, program_fit, saved_search, search_questions
from bot.dialogs.catalogue_words import DIRECTIONS, REGISTRIES, ages, price_words, score_words
from bot.dialogs.core import CHOOSE, Button, Event, Happened, Screen, State, Tapped, Turn, again, go, instead
from bot.dialogs.enrollment_request import ConfirmRequest
from bot.dialogs.phone import told_phone
from bot.dialogs.program_price import PriceForChild
from bot.dialogs.reading import PAGE, turned, turning, within
from bot.dialogs.timetable import in_words
from bot.domain.catalogue import (
    Comment,
    CommentsOn,
    Filters,
    GroupLine,
    OneProgram,
    ProgramCard,
    Registry,
)
from bot.i18n import Words, _, joined, lines, n_, render

COMMENTS_A_PAGE = 5
SENDING: Mapping[str, tuple[Words, str]] = {
    "telegram": (_("Send in Telegram"), "https://t.me/share/url?url={url}&text={text}"),
    "vk": (_("Send in VK"), "https://vk.com/share.php?url={url}&title={text}"),
    "web": (_("Open on the website"), ""),
}
"""The messengers' own pages that ask whom to send a link to."""


@dataclass(frozen=True)
class ReadProgram(State[ProgramCard | None]):
    """The card, page by page. `child`: whose price will be asked for, `group`: which was proposed, when that is known already; `asked`: what was
    looked for."""

    program: int
    child: int = 0
    page: int = 0
    group: int = 0
    asked: Filters = Filters()

    at_leisure = True

    def needs(self) -> OneProgram:
        return OneProgram(self.program)

    def show(self, known: ProgramCard | None) -> Screen:
        if known is None:
            return Screen(_("There is no such program any more."), (Button(_("Find a club"), ">search"),))
        texts = tuple(packed(blocks(known, self.asked)))
        page = within(self.page, len(texts))
        return Screen(texts[page], (*turning(page, len(texts)), *self._actions(known)))

    def _actions(self, known: ProgramCard) -> Iterator[Button | tuple[Button, ...]]:
        full = not any(group.free for group in known.groups)
        if can_enrol(known):
            yield Button(_("Join the waiting list") if full else _("Enrol"), "enrol")
        if known.registry is Registry.CERTIFIED and any(group.price for group in known.groups):
            yield Button(_("Price for my child"), "price")
        comments = Button(_("Comments ({count})", count=known.comments), "comments")
        yield (*((comments,) if known.comments else ()), Button(_("Share"), "share"))
        yield (
            Button(_("Tell no more"), f"hush:{known.watched}")
            if known.watched
            else Button(_("Tell me of news"), "tell")
        )
        if full or not can_enrol(known):
            yield Button(_("Similar clubs"), "similar")

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("enrol") if self.child and self.group:
                return go(ConfirmRequest(self.program, self.child, self.group))
            case Tapped("enrol"):
                return go(enrollment.ChooseChildFor(program=self.program))
            case Tapped("price"):
                return go(PriceForChild(self.program, self.child))
            case Tapped("comments"):
                return go(ReadComments(self.program))
            case Tapped("share"):
                return go(ShareProgram(self.program))
            case Tapped("tell"):
                return saved_search.tell_me(self, program=self.program)
            case Tapped(choice) if choice.startswith("hush:"):
                return saved_search.tell_no_more(self, int(choice[5:]))
            case Tapped("similar"):
                return go(FindSimilar(self.program))
            case Happened(fact):
                return saved_search.saved(self, fact)
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
        return again(self, CHOOSE)


@dataclass(frozen=True)
class FindSimilar(State[ProgramCard | None]):
    """Clubs like one that cannot be entered, where it is or was."""

    program: int

    def needs(self) -> OneProgram:
        return OneProgram(self.program)

    def show(self, known: ProgramCard | None) -> Turn:
        return instead(catalogue.browse(known.near) if known else search_questions.ChooseDistrict())

    def on(self, event: Event) -> Turn:
        return instead(ReadProgram(self.program))


def can_enrol(card: ProgramCard) -> bool:
    """Whether a request makes sense at all (R6.2); what depends on the child is asked later."""
    stated = any(group.price is not None for group in card.groups if group.is_open)
    return card.is_active and card.provider_open and card.agreed and stated and card.registry is not Registry.COMMERCIAL


def blocks(card: ProgramCard, asked: Filters) -> Iterator[Words]:
    """The card in pieces that are not torn apart."""
    yield lines(
        card.name,
        joined(" · ", (ages(card.age_min, card.age_max), DIRECTIONS[card.direction], *filter(None, (card.activity,)))),
        _("Rating: {score}", score=score_words(card.score)) if card.score else None,
        _("For children with disabilities") if card.for_disability else None,
        program_fit.why(card, asked),
    )
    yield lines(
        card.provider,
        card.municipality or None,
        _("The provider's rating: {score}", score=score_words(card.provider_score)) if card.provider_score else None,
        _("Phone: {phone}", phone=told_phone(card.provider_phone)) if card.provider_phone else None,
        card.provider_site or None,
    )
    yield lines(REGISTRIES[card.registry], *warnings(card))
    for group in card.groups:
        yield group_block(group, card.registry)
    for paragraph in card.description.split("\n"):
        if paragraph.strip():
            yield from cut(paragraph.strip())


def warnings(card: ProgramCard) -> Iterator[Words]:
    """Why nobody can enrol now, and what to do instead."""
    if not card.is_active:
        yield _("The program is in the archive: it takes no new children. Please look for another one.")
    elif not card.provider_open:
        yield _("The provider takes no new children now. Please look for another program.")
    elif card.registry is Registry.COMMERCIAL:
        yield _("To enrol, ask the provider itself.")
    elif not card.agreed:
        yield _(
            "Your municipality has no agreement with this provider, so you cannot enrol here. Please choose another."
        )
    elif not card.groups:
        yield _("There are no groups now. Ask the provider when they will be.")
    elif not any(group.is_open for group in card.groups):
        yield _("Enrolment is closed now. Ask the provider when it opens.")
    elif all(group.price is None for group in card.groups):
        yield _("The provider has not stated the price, so you cannot enrol yet. Ask the provider when it will.")


def group_block(group: GroupLine, registry: Registry) -> Words:
    """A group: dates, timetable, address, places, price."""
    place = ", ".join(filter(None, (group.place, group.address)))
    if not group.is_open:
        seats: Words = _("enrolment is closed")
    elif group.free:
        seats = n_("{count} free place", "{count} free places", group.free)
    else:
        seats = _("no free places")
    return lines(
        joined(", ", (*((group.module,) if group.module else ()), group.name)),
        _("Lessons: {days}", days=group.days),
        in_words(group.timetable) if group.timetable else _("The timetable is not known yet: ask the provider."),
        place or None,
        _("Teacher: {name}", name=group.teacher) if group.teacher else None,
        joined(" · ", (seats, *(() if registry.on_budget else (price_words(registry, group.price),)))),
    )


def packed(pieces: Iterator[Words]) -> Iterator[Words]:
    """Pieces with an empty line between, on pages below the messengers' limits."""
    page: list[Words] = []
    room = PAGE
    for piece in pieces:
        length = max(len(render(piece, "ru")), len(render(piece, "en"))) + 2
        if page and length > room:
            yield joined("\n\n", page)
            page, room = [], PAGE
        page.append(piece)
        room -= length
    yield joined("\n\n", page)


def cut(paragraph: str) -> Iterator[str]:
    """A long paragraph in pieces of whole words."""
    while len(paragraph) > PAGE // 2:
        at = paragraph.rfind(" ", 0, PAGE // 2)
        at = at if at > 0 else PAGE // 2
        yield paragraph[:at]
        paragraph = paragraph[at:].lstrip()
    yield paragraph


@dataclass(frozen=True)
class ReadComments(State[tuple[Comment, ...]]):
    """What families said, after the operator's check (R7.3)."""

    program: int
    page: int = 0

    def needs(self) -> CommentsOn:
        return CommentsOn(self.program)

    def show(self, known: tuple[Comment, ...]) -> Screen:
        if not known:
            return Screen(_("There are no comments yet."))
        shown = tuple(packed(comment_block(comment) for comment in known))
        page = within(self.page, len(shown))
        return Screen(shown[page], turning(page, len(shown)))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
        return again(self, _("Press «Back» for the program."))


def comment_block(comment: Comment) -> Words:
    return lines(
        _("{name}, {day}: {stars} of 5", name=comment.initials, day=comment.on, stars=comment.stars),
        comment.text,
        _("The provider answers: {reply}", reply=comment.reply) if comment.reply else None,
    )


def sending(channel: str, url: str, name: str) -> Button:
    """Opens the messenger's choice of whom to send the link to; the website's link opens itself."""
    label, page = SENDING[channel]
    return Button(label, url=page.format(url=quote(url, safe=""), text=quote(name, safe="")) or url)


@dataclass(frozen=True)
class ShareProgram(State[ProgramCard | None]):
    """A link that opens the card with whoever gets it."""

    program: int

    def needs(self) -> OneProgram:
        return OneProgram(self.program)

    def show(self, known: ProgramCard | None) -> Screen:
        if known is None or not known.links:
            return Screen(_("There is no link to share yet. Tell the program's name: it can be found by words."))
        return Screen(
            lines(
                _("Send this to whom it may interest:"),
                "",
                known.name,
                known.provider,
                *(url for _channel, url in known.links),
            ),
            tuple(sending(channel, url, known.name) for channel, url in known.links),
        )

    def on(self, event: Event) -> Turn:
        return again(self, _("Press «Back» for the program."))
