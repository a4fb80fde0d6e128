"""The menu with what waits; help; and the way to another channel where this one may carry nothing about a child."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.dialogs.core import AnyState, Button, Event, Screen, State, Tapped, Turn, again, go
from bot.domain.home import ChannelLink, HomeNews, News, OtherChannels
from bot.i18n import Words, _, lines, n_

MENU = (
    (Button(_("Certificate"), ">certificate"), Button(_("Money"), ">money")),
    (Button(_("Find a club"), ">search"), Button(_("My clubs"), ">enrollments")),
    (Button(_("Children"), ">children"), Button(_("Events"), ">events")),
    (Button(_("Municipality"), ">municipality"), Button(_("Help"), ">help")),
    Button(_("Settings · Русский"), ">settings"),
)
"""Nine buttons in five rows: with «continue» above them it is VK's limit of ten in six."""


@dataclass(frozen=True)
class Home(State[News | None]):
    """Everything starts here. `discreet` on a channel that may carry nothing about a child (R9.3)."""

    discreet: bool = False

    continues = True
    at_leisure = True
    shared = True

    def needs(self) -> HomeNews | None:
        return None if self.discreet else HomeNews()

    def show(self, known: News | None) -> Screen:
        return Screen(lines(*(news(known) if known else (_("What would you like to do?"),))), MENU)

    def on(self, event: Event) -> Turn:
        return again(self, _("Please choose one of the buttons. To look for a club, press «Find a club»."))


def news(known: News) -> tuple[Words, ...]:
    """What waits, a line each; for a family that has not begun, where to begin."""
    told = tuple(
        line
        for line, count in (
            (n_("{count} answer of yours is awaited: see «My clubs».",
                "{count} answers of yours are awaited: see «My clubs».", known.to_answer), known.to_answer),
            (n_("A certificate waits for you to show the originals: see «Certificate».",
                "{count} certificates wait for you to show the originals: see «Certificate».", known.to_visit),
             known.to_visit),
            (n_("{count} application is being decided.", "{count} applications are being decided.", known.deciding),
             known.deciding),
            (n_("{count} request waits for a club's answer.", "{count} requests wait for the clubs' answers.",
                known.requested), known.requested),
        )
        if count
    )  # fmt: skip
    if told:
        return told
    if not known.children:
        return (
            _("The certificate pays for a child's clubs."),
            _("Apply for it under «Certificate», or just write what club you look for: «drawing for a 7 year old»."),
        )
    return (_("What would you like to do?"),)


@dataclass(frozen=True)
class OpenElsewhere(State[tuple[ChannelLink, ...]]):
    """On an impersonal channel: nothing about a child here, but there (R9.3)."""

    def needs(self) -> OtherChannels:
        return OtherChannels()

    def show(self, known: tuple[ChannelLink, ...]) -> Screen:
        if not known:
            return Screen(
                lines(
                    _("In this messenger I may not show or ask anything about a child."),
                    _("Your municipality will tell you where else you can reach me: see «Municipality»."),
                ),
                (Button(_("Municipality"), ">municipality"),),
            )
        return Screen(
            lines(
                _("In this messenger I may not show or ask anything about a child: the law protects these data."),
                _("Please open me in another place. Finding a club and advice work here too."),
                "",
                _("Already there? Link both chats with a code, so that I know it is you."),
            ),
            (
                *(Button(OPEN_IN[link.channel], url=link.url) for link in known),
                Button(_("Link the chats"), ">link"),
            ),
        )

    def on(self, event: Event) -> Turn:
        return again(self, _("Please do not write about the child here. Open me in another place."))


OPEN_IN: Mapping[str, Words] = {
    "telegram": _("Open in Telegram"),
    "vk": _("Open in VK"),
    "web": _("Open on the website"),
}


TOPICS: Mapping[str, tuple[Words, tuple[Words, ...]]] = {
    "certificate": (
        _("What is the certificate?"),
        (
            _("The certificate is a number that pays for a child's clubs from the budget."),
            _("Every child from 5 to 17 who lives in the municipality can have one. You apply once, it is free."),
            _("A certificate without money counts the child and opens free clubs. One with money also pays for paid ones."),
        ),
    ),
    "apply": (
        _("How do I get it?"),
        (
            _("1. Press «Certificate» and answer the questions: about five minutes."),
            _("2. The municipality decides in a few working days. I will write to you."),
            _("3. If originals must be shown, I will say where and until when."),
        ),
    ),
    "club": (
        _("How do I enrol?"),
        (
            _("1. Find a club, open it and press «Enrol»."),
            _("2. Before you send the request you see what the certificate pays and what you pay yourself."),
            _("3. The club answers in a few days. Then you accept its offer here, and the lessons can begin."),
            _("If there is no free place, join the waiting list: I will write when one becomes free."),
        ),
    ),
    "money": (
        _("How does the money move?"),
        (
            _("When you send a request, its whole price is set aside on the certificate: nobody else can take it."),
            _("Then the club gets it month by month, at the start of each month."),
            _("If you leave, what has not been paid yet returns to the certificate at once. Money left over at the end "
              "of the period goes back to the budget: I will warn you."),
            _("I write about every movement. Something is wrong? Press «This was not us» under it."),
        ),
    ),
    "privacy": (
        _("What about our data?"),
        (
            _("I ask about a child only with your consent, and keep documents' numbers encrypted."),
            _("Under «Settings» you can see all that I know, withdraw the consent or delete everything."),
        ),
    ),
}  # fmt: skip
"""Short name → question, answer line by line."""


@dataclass(frozen=True)
class Help(State[None]):
    """How things work, a few topics."""

    before_hello = True

    def show(self, known: None) -> Screen:
        return Screen(
            lines(
                _("I help to find a club for a child and to pay for it with the certificate."),
                _("You can always write «menu», «back» or «cancel»."),
            ),
            (
                *(Button(question, topic) for topic, (question, _answer) in list(TOPICS.items())[:4]),
                (Button(TOPICS["privacy"][0], "privacy"), Button(_("Municipality"), ">municipality")),
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(topic):
                return go(ReadHelp(topic))
        return again(self, _("Please choose a question. If it is not here, ask the municipality."))


@dataclass(frozen=True)
class ReadHelp(State[None]):
    """One answer."""

    topic: str

    before_hello = True

    def show(self, known: None) -> Screen:
        question, answer = TOPICS[self.topic]
        return Screen(lines(question, "", *answer))

    def on(self, event: Event) -> Turn:
        return again(self, _("Press «Back» for the other questions."))


DOORS: dict[str, Callable[[str], AnyState]] = {
    "menu": lambda _argument: Home(),
    "help": lambda _argument: Help(),
}
