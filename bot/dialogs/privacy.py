"""My data (R9): the file of what is known, withdrawal of the consent, deletion; each explains its consequence first."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.dialogs.core import (
    Button,
    Document,
    Event,
    Happened,
    Screen,
    State,
    Tapped,
    Turn,
    again,
    ask,
    back,
    forget,
    go,
)
from bot.dialogs.my_data import file
from bot.domain.privacy import (
    AllAboutMe,
    ConsentWithdrawn,
    Deleted,
    DeleteMe,
    Deletion,
    MyConsents,
    MyData,
    NoConsent,
    Purpose,
    StillRunning,
    WhatDeletionTakes,
    WithdrawConsent,
)
from bot.i18n import Words, _, lines, n_, render


@dataclass(frozen=True)
class ShowPrivacy(State[tuple[Purpose, ...]]):
    """What can be done with my data."""

    def needs(self) -> MyConsents:
        return MyConsents()

    def show(self, known: tuple[Purpose, ...]) -> Screen:
        withdraw = {"certificate": _("Withdraw the consent"), "health": _("Withdraw the consent about health")}
        return Screen(
            _("Your data belong to you: you can look at them, withdraw the consent or delete them."),
            (
                Button(_("What do you know about me?"), "file"),
                *(Button(withdraw[purpose], purpose) for purpose in known),
                Button(_("Delete my data"), "delete"),
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("file"):
                return go(ReadMyData())
            case Tapped("certificate" | "health" as purpose):
                return go(ConfirmWithdrawal(purpose))
            case Tapped("delete"):
                return go(WeighDeletion())
        return again(self, _("Please choose what to do with your data."))


@dataclass(frozen=True)
class ReadMyData(State[AllAboutMe]):
    """Everything that is known, as a file (R9.2)."""

    personal = True

    def needs(self) -> MyData:
        return MyData()

    def show(self, known: AllAboutMe) -> Screen:
        return Screen(
            lines(
                _("This file has everything that I know about you and your children."),
                _("Keep it to yourself: do not forward it."),
            ),
            document=Document("my-data.txt", render(file(known), known.language)),
        )

    def on(self, event: Event) -> Turn:
        return again(self, _("The file is above. Press «Back» to return."))


CONSEQUENCES: Mapping[Purpose, tuple[Words, ...]] = {
    "certificate": (
        _("If you withdraw the consent:"),
        _("• I will not write to you any more, and all your chats are unlinked;"),
        _("• you will no longer see the certificate and the clubs here;"),
        _("• clubs that run go on: the municipality and the club will answer your questions;"),
        _("• what the law obliges to keep (certificates, contracts, payments) is kept."),
        "",
        _("To come back you will need a code from the municipality. Withdraw?"),
    ),
    "health": (
        _("If you withdraw the consent about health:"),
        _("• the certificate stays, but in the category «all children»;"),
        _("• if that category has a smaller sum, the difference goes back to the budget."),
        "",
        _("Withdraw?"),
    ),
}


@dataclass(frozen=True)
class ConfirmWithdrawal(State[None]):
    """What withdrawing the consent means (R9.1), before it is done."""

    purpose: Purpose

    def show(self, known: None) -> Screen:
        return Screen(
            lines(*CONSEQUENCES[self.purpose]),
            (Button(_("Yes, withdraw the consent"), "yes"), Button(_("No, leave it"), "<")),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("yes"):
                return ask(WithdrawConsent(self.purpose), meanwhile=self)
            case Happened(ConsentWithdrawn(purpose="health")):
                return back(_("The consent about health is withdrawn."))
            case Happened(ConsentWithdrawn()):
                return forget(_("The consent is withdrawn, your chats are unlinked. From here on I do not know you."))
            case Happened(NoConsent()):
                return back(_("There is no such consent of yours any more."))
        return again(self, _("Please press one of the two buttons."))


@dataclass(frozen=True)
class WeighDeletion(State[Deletion]):
    """What deletion takes and what it leaves (R9.2)."""

    def needs(self) -> WhatDeletionTakes:
        return WhatDeletionTakes()

    def show(self, known: Deletion) -> Screen:
        if known.running:
            return Screen(running(known.running), (Button(_("My clubs"), ">enrollments"),))
        return Screen(
            lines(
                _("If you delete your data:"),
                _("• your name, phone and all our talks are erased;"),
                n_("• the data of {count} child are erased, and the certificate ends;",
                   "• the data of {count} children are erased, and their certificates end;",
                   known.children) if known.children else None,
                n_("• {count} child stays with the other guardian;", "• {count} children stay with the other guardians;",
                   known.kept_by_others) if known.kept_by_others else None,
                _("• payments stay in the accounts without names, as the law demands."),
                "",
                _("This cannot be undone."),
            ),
            (Button(_("Delete for ever…"), "delete"), Button(_("No, keep them"), "<")),
        )  # fmt: skip

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("delete"):
                return go(ConfirmDeletion())
        return again(self, _("Please press one of the buttons."))


def running(count: int) -> Words:
    """Why nothing can be deleted yet, and what to do."""
    return lines(
        n_("{count} club or request of your children is still running.",
           "{count} clubs or requests of your children are still running.", count),
        _("Please withdraw the requests and leave the clubs first, so that the money returns. Then come back here."),
    )  # fmt: skip


@dataclass(frozen=True)
class ConfirmDeletion(State[None]):
    """The second question: nobody deletes by one wrong tap."""

    def show(self, known: None) -> Screen:
        return Screen(
            _("Shall I really delete everything?"),
            (Button(_("Yes, delete everything"), "yes"), Button(_("No, keep them"), "<")),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("yes"):
                return ask(DeleteMe(), meanwhile=self)
            case Happened(Deleted()):
                return forget(_("Your data are deleted. Goodbye, and all the best to the children."))
            case Happened(StillRunning(count)):
                return again(self, running(count))
        return again(self, _("Please press one of the two buttons."))
