"""Who may see a child (R1.3): the list with everybody's chats -> whose link to cut -> cut."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.dialogs.chats import CHANNELS
from bot.dialogs.core import (
    CHOOSE,
    AnyState,
    Button,
    Event,
    Happened,
    Screen,
    State,
    Tapped,
    Turn,
    again,
    ask,
    back,
    done,
    go,
    instead,
)
from bot.dialogs.family import NOT_LINKED, ShowChildren, shortened
from bot.dialogs.invitation import InviteSomebody
from bot.dialogs.reading import count, on_page, turned, turning
from bot.domain.family import (
    ChildPage,
    CutGuardian,
    GuardianCut,
    GuardianSeen,
    LastGuardian,
    ReadChild,
    Rights,
    may_cut,
)
from bot.domain.messages import NotYours
from bot.i18n import Words, _, joined, lines

A_PAGE = 3

THEIR_RIGHTS: Mapping[Rights, Words] = {
    Rights.FULL: _("decides"),
    Rights.READ: _("only sees"),
    Rights.SELF: _("the child's own chat"),
}


def named(guardian: GuardianSeen) -> Words:
    """A person by name, by what they are to the child, or as «you»."""
    if guardian.me:
        return _("You")
    return guardian.name or _("A person without a name")


def described(guardian: GuardianSeen) -> Words:
    """A person in one line: rights, since when, through which channels."""
    channels = joined(", ", (CHANNELS[channel] for channel in guardian.channels))
    return _(
        "{name}: {rights}. {channels}. Since {day}",
        name=named(guardian),
        rights=THEIR_RIGHTS[guardian.rights],
        day=guardian.since,
        channels=channels if guardian.channels else _("No chat now"),
    )


def cuttable(known: ChildPage, guardian: GuardianSeen) -> bool:
    return may_cut(known.child.rights, guardian.rights, guardian.me, known.full)


@dataclass(frozen=True)
class ShowGuardians(State["ChildPage | None"]):
    """Everybody who may see the child, and their chats (R1.3)."""

    child: int
    page: int = 0

    about_child = True

    def needs(self) -> ReadChild:
        return ReadChild(self.child)

    def show(self, known: ChildPage | None) -> Screen | Turn:
        if known is None:
            return instead(ShowChildren(), NOT_LINKED)
        shown = on_page(known.guardians, self.page, A_PAGE)
        others = any(cuttable(known, guardian) and not guardian.me for guardian in known.guardians)
        invite = (Button(_("Invite somebody"), "invite"),) if known.child.rights is Rights.FULL else ()
        return Screen(
            lines(
                _("Who may see everything about {child}:", child=known.child.first_name),
                "",
                *(described(guardian) for guardian in shown),
                "",
                _("Somebody should not be here? Cut the link.") if others else None,
            ),
            (
                *(
                    Button(
                        _("Stop seeing {child}", child=shortened(known.child.first_name, 25))
                        if guardian.me
                        else _("Cut: {name}", name=shortened(guardian.name, 32) or named(guardian)),
                        str(guardian.person),
                    )
                    for guardian in shown
                    if cuttable(known, guardian)
                ),
                *turning(self.page, count(known.guardians, A_PAGE)),
                *invite,
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("invite"):
                return go(InviteSomebody(self.child))
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
            case Tapped(person):
                return go(ConfirmCut(self.child, int(person)))
        return again(self, CHOOSE)


@dataclass(frozen=True)
class ConfirmCut(State["ChildPage | None"]):
    """What cutting does, before it is done."""

    child: int
    person: int

    about_child = True

    def needs(self) -> ReadChild:
        return ReadChild(self.child)

    def show(self, known: ChildPage | None) -> Screen | Turn:
        theirs = next((one for one in known.guardians if one.person == self.person), None) if known else None
        if known is None or theirs is None:
            return back(_("That link is cut already."))
        name = known.child.first_name
        if theirs.me:
            text = lines(
                _("Stop seeing {child}?", child=name),
                _(
                    "Nothing about {child} will be shown or sent to you. To come back you need a guardian's code.",
                    child=name,
                ),
            )
            return Screen(text, (Button(_("Yes, stop"), "cut"),))
        text = lines(
            _("{who}: {rights}. Cut the link?", who=named(theirs), rights=THEIR_RIGHTS[theirs.rights]),
            _(
                "They will see nothing about {child} any more and get no notices. They and the others who see {child} will be told.",
                child=name,
            ),
        )
        return Screen(text, (Button(_("Yes, cut"), "cut"),))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("cut"):
                return ask(CutGuardian(self.child, self.person), meanwhile=self)
            case Happened(GuardianCut()):
                return done(ShowChildren(), _("The link is cut."))
            case Happened(LastGuardian()):
                return back(
                    _(
                        "This is the last guardian who decides for the child. Invite another one first, then cut this link."
                    )
                )
            case Happened(NotYours()):
                return back(_("Only a guardian who decides for the child can cut a link."))
        return again(self, _("Press the button to cut the link, or go back."))


DOORS: dict[str, Callable[[str], AnyState]] = {"people": lambda argument: ShowGuardians(int(argument))}
