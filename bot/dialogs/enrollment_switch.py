"""Another group of the same module (R6.9): which? -> what changes and what does not -> switched."""

from dataclasses import dataclass
from typing import ClassVar

from bot.dialogs.clash_words import warned
from bot.dialogs.core import CHOOSE, Button, Event, Happened, Screen, State, Tapped, Turn, again, ask, back, instead
from bot.dialogs.enrollment_actions import CHANGED, answered
from bot.dialogs.enrollment_refusals import why_not
from bot.dialogs.enrollment_words import group_words, seats_words
from bot.dialogs.reading import cut
from bot.domain.enrollment import SwitchGroup
from bot.domain.enrollment_seen import GroupOpen, GroupsToSwitch, Switched, WeighSwitch
from bot.domain.gate_refusals import LessonsClash
from bot.i18n import _, lines

MOST_GROUPS = 6


@dataclass(frozen=True)
class SwitchTo(State[tuple[GroupOpen, ...]]):
    """Another group of the same module (R6.9)."""

    enrollment: int

    about_child: ClassVar[bool] = True

    def needs(self) -> GroupsToSwitch:
        return GroupsToSwitch(self.enrollment)

    def show(self, known: tuple[GroupOpen, ...]) -> Screen | Turn:
        if not known:
            return back(_("No other group has a free place now."))
        shown = known[:MOST_GROUPS]
        return Screen(
            lines(
                _("Which group? The price and what is set aside stay as they are."),
                *(line for group in shown for line in ("", group_words(group), seats_words(group))),
            ),
            tuple(Button(cut(group.name), str(group.id)) for group in shown),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(group):
                return instead(ConfirmSwitch(self.enrollment, int(group)))
        return again(self, CHOOSE)


@dataclass(frozen=True)
class ConfirmSwitch(State[Switched | None]):
    """What the switch changes, and what it does not (R6.9)."""

    enrollment: int
    group: int

    about_child: ClassVar[bool] = True

    def needs(self) -> WeighSwitch:
        return WeighSwitch(self.enrollment, self.group)

    def show(self, known: Switched | None) -> Screen | Turn:
        if known is None:
            return back(CHANGED)
        anyway = bool(known.clashes)
        return Screen(
            lines(
                _("Switch the group in «{program}»?", program=known.program),
                "",
                _("Now:"),
                group_words(known.before),
                "",
                _("Then:"),
                group_words(known.after),
                "",
                *warned(known.clashes, known.torn),
                _("No money moves: {sum} stay put aside for the same months.", sum=known.held)
                if known.held
                else _("No money moves: the price stays as it is."),
            ),
            (Button(_("Switch all the same"), "anyway") if anyway else Button(_("Yes, switch"), "yes"),),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(choice):
                return ask(SwitchGroup(self.enrollment, self.group, choice == "anyway"), meanwhile=self)
            case Happened(LessonsClash() as clash):
                return instead(self, why_not(clash)[0])
            case Happened(fact):
                return back(answered(fact))
        return again(self, CHOOSE)
