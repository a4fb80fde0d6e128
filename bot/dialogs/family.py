"""The family: my children -> a child's page -> who may see the child, whose link can be cut (R1.3)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.dialogs.core import (
    CHOOSE,
    AnyState,
    Button,
    Event,
    Screen,
    State,
    Tapped,
    Turn,
    again,
    go,
    instead,
)
from bot.dialogs.invitation import InviteSomebody
from bot.dialogs.reading import count, on_page, turned, turning
from bot.domain.certificate import CertificateKind, CertificateState
from bot.domain.family import (
    ChildPage,
    ChildSeen,
    MyChildren,
    ReadChild,
    Rights,
)
from bot.i18n import Words, _, lines, n_

A_PAGE = 3
NOT_LINKED = _("This child is not linked to you.")

STATES: Mapping[CertificateState, Words] = {
    CertificateState.SUBMITTED: _("the application is being decided"),
    CertificateState.REJECTED: _("the application was rejected; it can be corrected"),
    CertificateState.AWAITING_VISIT: _("originals are to be shown"),
    CertificateState.FROZEN: _("the certificate is frozen"),
    CertificateState.REVOKED: _("the certificate was revoked"),
    CertificateState.CLOSED_AGE: _("the certificate ended on the 18th birthday"),
}
KINDS: Mapping[CertificateKind | None, Words] = {
    CertificateKind.FUNDED: _("there is a certificate with money"),
    CertificateKind.ACCOUNTING: _("there is a certificate without money"),
}
MY_RIGHTS: Mapping[Rights, Words] = {
    Rights.FULL: _("You decide for the child."),
    Rights.READ: _("You see everything and get the notices. The child's guardians decide."),
    Rights.SELF: _("This is your own chat. You look for clubs and ask for a place; a guardian confirms it."),
}


def certificate_words(child: ChildSeen) -> Words:
    """A certificate's state in a few words."""
    if child.certificate_state is None:
        return _("no certificate yet")
    if child.certificate_state is CertificateState.ACTIVE:
        return KINDS[child.certificate_kind]
    return STATES[child.certificate_state]


def full_name(child: ChildSeen) -> str:
    return f"{child.first_name} {child.surname}".strip()


@dataclass(frozen=True)
class ShowChildren(State[tuple[ChildSeen, ...]]):
    """All my children, and how to add one."""

    page: int = 0

    about_child = True
    at_leisure = True

    def needs(self) -> MyChildren:
        return MyChildren()

    def show(self, known: tuple[ChildSeen, ...]) -> Screen:
        if not known:
            return Screen(
                lines(
                    _("No child is linked to you yet."),
                    _("Apply for a certificate. If the child has one already, or another guardian gave you a code, "
                      "link the child instead."),
                ),
                (
                    Button(_("Apply for a certificate"), ">apply"),
                    (Button(_("There is a certificate"), ">certificate"), Button(_("I have a code"), ">code")),
                ),
            )  # fmt: skip
        return Screen(
            lines(
                _("Your children:"),
                *(
                    _("{name}, born {day}: {certificate}.", name=full_name(child), day=child.birth_date,
                      certificate=certificate_words(child))
                    for child in on_page(known, self.page, A_PAGE)
                ),
            ),
            (
                *(Button(shortened(full_name(child)), str(child.id)) for child in on_page(known, self.page, A_PAGE)),
                *turning(self.page, count(known, A_PAGE)),
                (Button(_("Add a child"), ">apply"), Button(_("I have a code"), ">code")),
            ),
        )  # fmt: skip

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(choice) if (page := turned(choice)) is not None:
                return instead(replace(self, page=page))
            case Tapped(child):
                return go(ShowChild(int(child)))
        return again(self, _("Please choose a child."))


def shortened(name: str, longest: int = 40) -> str:
    """For a button."""
    return name if len(name) <= longest else name[: longest - 1].rstrip() + "…"


@dataclass(frozen=True)
class ShowChild(State["ChildPage | None"]):
    """One child: what there is, what I may do, who else sees."""

    child: int

    about_child = True
    at_leisure = True

    def needs(self) -> ReadChild:
        return ReadChild(self.child)

    def show(self, known: ChildPage | None) -> Screen | Turn:
        if known is None:
            return instead(ShowChildren(), NOT_LINKED)
        child, people = known.child, len(known.guardians)
        invite = (Button(_("Invite somebody"), "invite"),) if child.rights is Rights.FULL else ()
        return Screen(
            lines(
                n_("{name}, {count} year old", "{name}, {count} years old", known.age, name=full_name(child)),
                _("Now: {state}.", state=certificate_words(child)),
                "",
                MY_RIGHTS[child.rights],
                n_("{count} person may see this page.", "{count} people may see this page.", people),
            ),
            (
                (Button(_("Certificate"), f">certificate:{child.id}"), Button(_("Money"), f">money:{child.id}")),
                Button(_("My clubs"), ">enrollments"),
                (Button(_("Who may see this"), f">people:{child.id}"), *invite),
            ),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("invite"):
                return go(InviteSomebody(self.child))
        return again(self, CHOOSE)


DOORS: dict[str, Callable[[str], AnyState]] = {
    "children": lambda _argument: ShowChildren(),
    "child": lambda argument: ShowChild(int(argument)),
}
