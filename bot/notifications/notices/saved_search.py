"""The morning's digest of saved searches, with doors to the programs."""

from collections.abc import Mapping

from bot.dialogs.core import Button, Screen
from bot.dialogs.reading import cut
from bot.domain.messages import Fact
from bot.domain.saved_search import NewsKind, SavedSearchNews, SearchPaused, SearchRemoved, SearchSaved
from bot.i18n import Words, _, lines
from bot.notifications.notice import About, Notice, Notices, Topic

TITLES: Mapping[NewsKind, Words] = {
    NewsKind.FREED: _("A place is free:"),
    NewsKind.OPENED: _("Enrolment has opened:"),
    NewsKind.APPEARED: _("New programs and groups:"),
    NewsKind.CHEAPER: _("The price is lower:"),
}


def news(fact: SavedSearchNews, about: About) -> Screen:
    """A heading for each kind; what has gone meanwhile is left out."""
    numbers = {program: number for number, program in enumerate(about.programs, 1)}

    def line(program: int) -> Words:
        name, provider = about.programs[program]
        return _("{number}. «{program}», {provider}", number=numbers[program], program=name, provider=provider)

    told = [(TITLES[each.kind], [program for program in each.programs if program in numbers]) for each in fact.news]
    return Screen(
        lines(
            _("There is news for your saved searches."),
            *(part for title, programs in told if programs for part in ("", title, *map(line, programs))),
            *(("", _("That is not all: look through your saved searches.")) if fact.more else ()),
        ),
        (
            *(
                Button(f"{number}. {cut(about.programs[program][0])}", f">program:{program}")
                for program, number in numbers.items()
            ),
            Button(_("Saved searches"), ">saved"),
        ),
    )


NOTICES: Notices = {SavedSearchNews: Notice(Topic.SEARCH, news)}
SILENT: frozenset[type[Fact]] = frozenset({SearchSaved, SearchPaused, SearchRemoved})
