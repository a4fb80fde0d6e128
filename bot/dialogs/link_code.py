"""Enter a one-time code (R1.3): the code, typed or from a link -> what it opens -> joined."""

from dataclasses import dataclass

from bot.dialogs.core import (
    Button,
    Event,
    Happened,
    Screen,
    Secret,
    State,
    Tapped,
    Turn,
    Typed,
    again,
    ask,
    done,
    home,
    instead,
)
from bot.dialogs.family import ShowChild
from bot.dialogs.home import Home
from bot.domain.family import GuardianJoined, Rights
from bot.domain.linking import (
    GIVES,
    AlreadyLinked,
    ChatLinked,
    CodeBlocked,
    CodeFound,
    CodeKind,
    CodeRefused,
    HasOwnChildren,
    Invitation,
    PersonRestored,
    ReadInvitation,
    TooYoungForChat,
    TryCode,
    UseLinkCode,
    code_of,
)
from bot.domain.messages import Fact
from bot.i18n import Words, _, lines, n_

NO_GOOD = _("This code is not good any more. Ask for a new one.")


@dataclass(frozen=True)
class EnterCode(State[None]):
    """The code, typed or from a link; with one it is tried at once."""

    code: Secret | None = None

    before_hello = True

    def show(self, known: None) -> Screen | Turn:
        if self.code is not None:
            return self.tries(self.code.value)
        return Screen(
            lines(
                _("Write the code: eight letters and digits, such as {example}.", example="ABCE-2345"),
                _(
                    "Your other chat shows it, another guardian gives it to you, or the municipality after seeing a document."
                ),
            ),
            wants="text",
        )

    def tries(self, typed: str) -> Turn:
        """Only what can be a code is tried: a slip of the finger costs nothing."""
        code = code_of(typed)
        if code is None:
            return instead(
                EnterCode(),
                _("That is not a code. A code has eight letters and digits, such as {example}.", example="ABCE-2345"),
            )
        return ask(TryCode(code), meanwhile=EnterCode(Secret(code)))

    def on(self, event: Event) -> Turn:
        match event:
            case Typed(text):
                return self.tries(text)
            case Happened(CodeFound(kind=kind)) if self.code is not None:
                return instead(ConfirmJoin(self.code) if kind in GIVES else ConfirmSame(self.code, kind))
            case Happened(fact):
                return instead(EnterCode(), refused(fact))
        return again(self, _("Please write the code as text."))


def refused(fact: Fact) -> Words:
    """Never which part was wrong, only how to go on (R2.11)."""
    match fact:
        case CodeRefused(left=left) if left:
            return lines(
                n_(
                    "This code does not work: it is mistyped, used or too old. You have {count} more try.",
                    "This code does not work: it is mistyped, used or too old. You have {count} more tries.",
                    left,
                ),
                _("A code for a certificate's number is entered after the number: «Certificate», «Link by number»."),
            )
        case CodeRefused():
            return _("This code does not work either. For safety no code can be entered here for an hour.")
        case CodeBlocked(minutes=minutes):
            return n_(
                "There were too many wrong codes. Please try again in {count} minute, or ask the municipality.",
                "There were too many wrong codes. Please try again in {count} minutes, or ask the municipality.",
                minutes,
            )
    return NO_GOOD


@dataclass(frozen=True)
class ConfirmJoin(State["Invitation | None"]):
    """Whose child it is, before joining; only a right code comes here."""

    code: Secret

    about_child = True
    before_hello = True

    def needs(self) -> ReadInvitation:
        return ReadInvitation(self.code.value)

    def show(self, known: Invitation | None) -> Screen | Turn:
        if known is None or known.kind not in GIVES:
            return instead(EnterCode(), NO_GOOD)
        return Screen(offer(known), (Button(_("Yes, join"), "yes"), Button(_("No"), "no")))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("yes"):
                return ask(UseLinkCode(self.code.value), meanwhile=self)
            case Tapped("no"):
                return home(_("Nothing was linked."))
            case Happened(GuardianJoined(child=child, rights=Rights.SELF)):
                return done(ShowChild(child), _("Welcome! This chat is yours now."))
            case Happened(GuardianJoined(child=child)):
                return done(ShowChild(child), _("You have joined. The others who see the child are told."))
            case Happened(AlreadyLinked()):
                return done(note=_("This child is linked to you already. The code can still be used by somebody else."))
            case Happened(TooYoungForChat(on=day)):
                return done(note=_("The child can have a chat of its own from {day} on.", day=day))
            case Happened(fact):
                return instead(EnterCode(), refused(fact))
        return again(self, _("Please choose: join or not."))


def offer(known: Invitation) -> Words:
    """What the code gives."""
    match known.kind:
        case CodeKind.GUARDIAN:
            return _(
                "With this code you become a guardian of {child} here: you see everything and decide.",
                child=known.first_name,
            )
        case CodeKind.READ:
            return _(
                "With this code you see everything about {child} and get the notices. Guardians decide.",
                child=known.first_name,
            )
    return _(
        "This is the code for {child}'s own chat. Is it you? You can look for clubs and ask for a place.",
        child=known.first_name,
    )


@dataclass(frozen=True)
class ConfirmSame(State[None]):
    """This chat becomes one more chat of whoever made the code, or of whom the operator has seen."""

    code: Secret
    kind: CodeKind

    before_hello = True

    def show(self, known: None) -> Screen:
        whose = (
            _("The municipality made this code so that you can come back: this chat will show your children again.")
            if self.kind is CodeKind.RESTORE
            else _("You made this code in another chat? Then this chat will show the same children.")
        )
        return Screen(
            lines(whose, _("If somebody else sent you the code, press «No».")),
            (Button(_("Yes, it is me"), "yes"), Button(_("No"), "no")),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("yes"):
                return ask(UseLinkCode(self.code.value), meanwhile=self)
            case Tapped("no"):
                return home(_("Nothing was linked."))
            case Happened(ChatLinked()):
                return done(
                    Home(),
                    _("Both chats are yours now. Where notices come you choose under «Settings», «Linked chats»."),
                )
            case Happened(PersonRestored()):
                return done(
                    Home(),
                    _(
                        "Welcome back! Notices come here now. Unlink the chats that you have lost under «Settings», «Linked chats»."
                    ),
                )
            case Happened(AlreadyLinked()):
                return done(note=_("This chat is yours already. Enter the code in the other chat."))
            case Happened(HasOwnChildren()):
                return done(
                    note=_("This chat has children of its own, so it cannot become another person's. Get a code here and "
                           "enter it in the other chat; if both have children, ask the municipality.")
                )  # fmt: skip
            case Happened(fact):
                return instead(EnterCode(), refused(fact))
        return again(self, _("Please choose: is it you or not."))
