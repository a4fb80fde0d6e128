"""The club goes on in the next period: stay, at the price that is shown, or not (R6.12)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from bot.dialogs.core import (
    CHOOSE,
    AnyState,
    Button,
    Event,
    Happened,
    Row,
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
from bot.dialogs.enrollment_card import ReadEnrollment
from bot.dialogs.enrollment_refusals import why_not
from bot.dialogs.enrollment_words import group_words, own_part_asked, price_words
from bot.domain.enrollment_refusals import NotNow
from bot.domain.gate_refusals import DifferentNow
from bot.domain.messages import Fact
from bot.domain.pricing import Quote
from bot.domain.renewal import (
    AcceptRenewal,
    DeclineRenewal,
    NothingToContinue,
    OneRenewal,
    RenewalConcluded,
    RenewalDeclined,
    RenewalSeen,
)
from bot.i18n import Words, _, joined, lines

MY_CLUBS = Button(_("My clubs"), ">enrollments")


@dataclass(frozen=True)
class AnswerRenewal(State[RenewalSeen | None]):
    """Dates and both parts of the price, before the yes. `seen` is the price of the screen as it was shown."""

    enrollment: int
    seen: Quote | None = None

    about_child: ClassVar[bool] = True

    def needs(self) -> OneRenewal:
        return OneRenewal(self.enrollment)

    def show(self, known: RenewalSeen | None) -> Screen | Turn:
        if known is None:
            return instead(ReadEnrollment(self.enrollment))
        if known.quote != self.seen:
            changed = _("The price or the balance has changed. Please look again.") if self.seen else None
            return instead(replace(self, seen=known.quote), changed)
        return Screen(lines(*_terms(known)), tuple(_answers(known)))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("stay"):
                return ask(AcceptRenewal(self.enrollment, self.seen), meanwhile=self)
            case Tapped("pay") if self.seen:
                return go(AgreeToStay(self.enrollment, self.seen))
            case Tapped("go"):
                return go(LeaveInstead(self.enrollment))
            case Happened(DifferentNow()):
                return instead(self)
            case Happened(fact):
                return _answered(self, fact)
        return again(self, CHOOSE)


def _terms(seen: RenewalSeen) -> Iterator[Words]:
    yield joined(": ", (seen.child_name, seen.program_name))
    yield seen.provider
    yield group_words(seen.group)
    yield ""
    yield _("The club goes on from {start} to {stop}. Will you stay?", start=seen.start, stop=seen.stop)
    if seen.refusal is not None:
        yield ""
        yield _("It cannot be confirmed just now:")
        yield why_not(seen.refusal)[0]
    elif seen.quote is not None:
        yield ""
        yield price_words(seen.quote)
        if seen.quote.certificate.total:
            yield _("It is set aside at once; on the certificate of that period after that: {left}.", left=seen.left)
        yield _("A yes concludes the contract. Until the first day you can take it all back.")
    yield ""
    if not seen.decides:
        yield _("The child's parents decide by {day}.", day=seen.until)
        return
    yield _("Your place is kept until {day}. Without an answer the child does not stay.", day=seen.until)


def _answers(seen: RenewalSeen) -> Iterator[Row]:
    if seen.decides:
        if seen.quote is not None:
            yield Button(_("Yes, we stay"), "pay" if seen.quote.parent.total else "stay")
        if seen.refusal is not None:
            yield from (step for step in why_not(seen.refusal)[1] if step.choice.startswith(">") and step != MY_CLUBS)
        yield Button(_("No, we leave"), "go")
    yield Button(_("The program"), f">program:{seen.program}"), MY_CLUBS


@dataclass(frozen=True)
class AgreeToStay(State[None]):
    """The family's own part, confirmed apart (R6.4)."""

    enrollment: int
    seen: Quote

    about_child: ClassVar[bool] = True

    def show(self, known: None) -> Screen:
        return Screen(own_part_asked(self.seen), (Button(_("I agree, we stay"), "stay"),))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("stay"):
                return ask(AcceptRenewal(self.enrollment, self.seen, pays=True), meanwhile=self)
            case Happened(DifferentNow()):
                return back()
            case Happened(fact):
                return _answered(self, fact)
        return again(self, CHOOSE)


@dataclass(frozen=True)
class LeaveInstead(State[RenewalSeen | None]):
    """No renewal: what that means, before it is said."""

    enrollment: int

    about_child: ClassVar[bool] = True

    def needs(self) -> OneRenewal:
        return OneRenewal(self.enrollment)

    def show(self, known: RenewalSeen | None) -> Screen | Turn:
        if known is None:
            return instead(ReadEnrollment(self.enrollment))
        return Screen(
            lines(
                _("Leave «{program}» after this period?", program=known.program_name),
                _("Until its last day nothing changes. After it the place goes to somebody else."),
            ),
            (Button(_("Yes, we leave"), "yes"),),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("yes"):
                return ask(DeclineRenewal(self.enrollment), meanwhile=self)
            case Happened(fact):
                return _answered(self, fact)
        return again(self, CHOOSE)


def _answered(state: AnyState, fact: Fact) -> Turn:
    """Said, or why not."""
    match fact:
        case RenewalConcluded():
            return done(ReadEnrollment(fact.enrollment), stays_words(fact))
        case RenewalDeclined():
            return done(ReadEnrollment(fact.enrollment), _("Done: the child leaves after this period."))
        case NotNow():
            return done(ReadEnrollment(fact.enrollment), _("Meanwhile this has changed. Please look again."))
        case NothingToContinue():
            return done(
                ReadEnrollment(fact.enrollment),
                _("The lessons that this would continue end early, so there is nothing to continue."),
            )
    return again(state, why_not(fact)[0])


def stays_words(fact: RenewalConcluded) -> Words:
    """The contract, and what happened to the money (R3.9)."""
    return lines(
        _("You stay! The new contract is concluded, from {day} on.", day=fact.start),
        _("{sum} is set aside; {left} is left on the certificate.", sum=fact.amount, left=fact.left)
        if fact.amount
        else None,
    )


DOORS: Mapping[str, Callable[[str], AnyState]] = {"renewal": lambda argument: AnswerRenewal(int(argument))}
