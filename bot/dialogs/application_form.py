"""The form that an application fills (R2.8), and what all its states share: every one carries the whole form.

So Back keeps what was answered, an answer can be changed at the end, and a draft is just the state that was left.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, ClassVar

from bot.dialogs.core import Button, Event, Row, Screen, Secret, State, Tapped, Turn, Typed, again, go, instead
from bot.domain.application import ApplicationBasis, Basis, Entered, FullName, Plan, Question
from bot.i18n import Words, _, lines

ON_BUTTON = 28


@dataclass(frozen=True)
class Form:
    """What has been answered so far; `certificate` is the rejected application that is corrected (R2.9), or 0."""

    child: FullName | None = None
    birth_date: date | None = None
    district: int = 0
    address: str = ""
    snils: Secret | None = None
    guardian: FullName | None = None
    phone: str = ""
    email: str = ""
    group: int = 0
    answered: tuple[Question, ...] = ()
    certificate: int = 0

    def entered(self) -> Entered:
        """The whole application; what is missing is empty, and refused where it may not be."""
        nobody = FullName("", "")
        return Entered(
            self.child or nobody,
            self.birth_date or date.max,
            self.district,
            self.address,
            self.guardian or nobody,
            self.phone,
            self.email,
            self.group,
            self.snils.value if self.snils else "",
        )


def form_of(entered: Entered, certificate: int) -> Form:
    """An application that was sent before, to be corrected: nothing is asked again (R2.9)."""
    return Form(
        entered.child,
        entered.birth_date,
        entered.district,
        entered.address,
        Secret(entered.snils) if entered.snils else None,
        entered.guardian,
        entered.phone,
        entered.email,
        entered.group,
        tuple(Question),
        certificate,
    )


def with_known(form: Form, known: Basis) -> Form:
    """What is known of the parent already, and the category where there is only one, need no question."""
    only = known.groups[0].id if len(known.groups) == 1 else 0
    return replace(
        form,
        guardian=form.guardian or known.guardian,
        phone=form.phone or known.phone,
        email=form.email or known.email if Question.EMAIL not in form.answered else form.email,
        group=form.group or only,
    )


def first_open(form: Form, plan: Plan) -> Question | None:
    """The first question without an answer."""
    return next((question for question in plan.questions if question not in form.answered), None)


@dataclass(frozen=True)
class WithForm(State[Basis]):
    """A state of the application. Each subclass asks one `question`; the one with None checks all answers."""

    form: Form = field(default_factory=Form)

    about_child = True
    draft = _("Continue the application")
    question: ClassVar[Question | None] = None
    asking: ClassVar[dict[Question | None, type["WithForm"]]] = {}
    """Which state asks what."""

    def __init_subclass__(cls, asks: bool = True) -> None:
        if asks:
            WithForm.asking[cls.question] = cls

    def needs(self) -> ApplicationBasis:
        return ApplicationBasis()

    def resumed(self, left: State[Any]) -> State[Any]:
        """What was answered further on stays answered."""
        return replace(self, form=left.form) if isinstance(left, WithForm) else self


@dataclass(frozen=True)
class Ask(WithForm, asks=False):
    """One question. `changing`: asked again from the check of all answers, where it returns."""

    plan: Plan = field(default_factory=Plan)
    changing: bool = False

    def show(self, known: Basis) -> Screen | Turn:
        form = with_known(self.form, known)
        if known.plan != self.plan or form != self.form:
            return instead(replace(self, plan=known.plan, form=form))
        asked, kept = self.asks(known), self.kept(known)
        keep: tuple[Row, ...] = (Button(_("Keep: {answer}", answer=shortened(kept)), "keep"),) if kept else ()
        return replace(asked, text=lines(self.progress(), asked.text), buttons=(*keep, *asked.buttons))

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("keep"):
                return self.next(self.form)
            case Typed(text):
                return self.reads(text)
        return again(self, _("Please write the answer as text."))

    def asks(self, known: Basis) -> Screen:
        """The question itself."""
        raise NotImplementedError(type(self).__name__)

    def kept(self, known: Basis) -> str:
        """What was answered before, in a few words; empty if nothing was."""
        raise NotImplementedError(type(self).__name__)

    def reads(self, text: str) -> Turn:
        """Understand what was typed."""
        raise NotImplementedError(type(self).__name__)

    def progress(self) -> Words | None:
        """«3 of 7»; nothing for one that was not among the questions."""
        if self.changing or self.question not in self.plan.questions:
            return None
        return _("{step} of {steps}", step=self.plan.questions.index(self.question) + 1, steps=len(self.plan.questions))

    def next(self, form: Form, note: Words | None = None) -> Turn:
        """On to the first question that is still open, else to the check of all answers."""
        assert self.question is not None
        form = replace(form, answered=tuple(dict.fromkeys((*form.answered, self.question))))
        if self.changing:
            return instead(WithForm.asking[None](form), note)
        return go(WithForm.asking[first_open(form, self.plan)](form), note)


def shortened(answer: str) -> str:
    """As much of an answer as fits a button's label."""
    return answer if len(answer) <= ON_BUTTON else answer[: ON_BUTTON - 1] + "…"
