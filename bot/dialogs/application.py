"""Apply for a certificate (R2.8): what it takes → the questions → check the answers, change any → sent; a rejected one again (R2.9)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.dialogs.application_form import Form, WithForm, first_open, form_of, with_known
from bot.dialogs.application_questions import TITLES, NameChild, named
from bot.dialogs.application_words import masked, wrong_age
from bot.dialogs.certificate_card import ShowCertificate
from bot.dialogs.consent import GiveConsent
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
from bot.dialogs.phone import shown_phone
from bot.domain.application import (
    AlreadyApplied,
    ApplicationBasis,
    ApplicationHeld,
    ApplicationSubmitted,
    Basis,
    Entered,
    HealthConsentMissing,
    NotBornYet,
    Question,
    ReadApplication,
    SubmitApplication,
    TooOldForCertificate,
    TooYoungForCertificate,
    WrongAnswer,
)
from bot.domain.messages import Fact
from bot.i18n import Words, _, lines, n_


@dataclass(frozen=True)
class StartApplication(State[Basis]):
    """What applying takes, before the first question."""

    about_child = True
    continues = True

    def needs(self) -> ApplicationBasis:
        return ApplicationBasis()

    def show(self, known: Basis) -> Screen:
        plan = known.plan
        return Screen(
            lines(
                _("The certificate pays for a child's clubs from the budget. You apply once for each child, and it is free."),
                _("It is for children from {min} to {max} who live here: {place}.",
                  min=plan.min_age, max=plan.max_age - 1, place=known.municipality),
                "",
                n_("{count} short question, and no pictures of documents.",
                   "{count} short questions, and no pictures of documents.", len(plan.questions)),
                _("You can stop at any time: your answers are kept."),
                n_("The municipality decides in {count} working day.",
                   "The municipality decides in {count} working days.", known.decision_days),
                _("Until {day} no decisions are made; yours will be made after that.", day=known.blackout_until)
                if known.blackout_until
                else None,
            ),
            (Button(_("Begin"), "begin"),),
        )  # fmt: skip

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("begin"):
                return go(NameChild())
        return again(self, _("Press «Begin» to apply."))


@dataclass(frozen=True)
class CheckAnswers(WithForm):
    """Everything that was answered, before it is sent."""

    def show(self, known: Basis) -> Screen | Turn:
        form = with_known(self.form, known)
        if form != self.form:
            return instead(replace(self, form=form))
        if question := first_open(form, known.plan):
            return instead(WithForm.asking[question](form))
        return Screen(
            lines(_("Please check:"), "", *summary(form, known)),
            (Button(_("Send"), "send"), Button(_("Change"), "change")),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("send"):
                return ask(SubmitApplication(self.form.entered(), self.form.certificate), meanwhile=self)
            case Tapped("change"):
                return go(ChooseAnswer(self.form))
            case Happened(fact):
                return self.sent(fact)
        return again(self, _("Please press «Send» if all is right, or «Change»."))

    def sent(self, fact: Fact) -> Turn:
        """What came of sending."""
        match fact:
            case ApplicationSubmitted(child) | ApplicationHeld(child):
                return done(ShowCertificate(child, alone=True), _("The application is sent."))
            case AlreadyApplied(child):
                return done(
                    ShowCertificate(child), _("You have applied for this child before. Here is what came of it.")
                )
            case HealthConsentMissing():
                return go(GiveConsent(then=self, purpose="health"))
            case TooYoungForCertificate() | TooOldForCertificate() | NotBornYet():
                return self.corrects(Question.BORN, wrong_age(fact))
            case WrongAnswer(question):
                return self.corrects(question, _("Something is wrong here. Please answer once more."))
        return done(note=_("This application cannot be sent any more. Please look under «Certificate»."))

    def corrects(self, question: Question, note: Words) -> Turn:
        """Back to one answer."""
        return go(change(question, self.form), note)


@dataclass(frozen=True)
class ChooseAnswer(WithForm, asks=False):
    """Which answer to change?"""

    def show(self, known: Basis) -> Screen:
        here = [
            q for q in Question if q in known.plan.questions or q in (Question.GUARDIAN, Question.PHONE, Question.EMAIL)
        ]
        buttons = [Button(TITLES[question], question.value) for question in here]
        return Screen(
            _("What would you like to change?"), tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped(choice):
                return instead(change(Question(choice), self.form))
        return again(self, CHOOSE)


def change(question: Question, form: Form) -> AnyState:
    """The question once more; its answer returns to the check of all answers."""
    state = WithForm.asking[question](form)
    return replace(state, changing=True)  # type: ignore[call-arg]  # every question has it


@dataclass(frozen=True)
class CorrectApplication(State[Entered | None]):
    """A rejected application as it was entered (R2.9)."""

    certificate: int

    about_child = True

    def needs(self) -> ReadApplication:
        return ReadApplication(self.certificate)

    def show(self, known: Entered | None) -> Turn:
        if known is None:
            return back(_("There is nothing to correct here."))
        return instead(
            CheckAnswers(form_of(known, self.certificate)),
            _("Press «Change», correct what was wrong, and send it again."),
        )

    def on(self, event: Event) -> Turn:
        return instead(self)


def summary(form: Form, known: Basis) -> tuple[Words, ...]:
    """The answers, a line each; of a SNILS only the end (R9.4)."""
    entered, district = form.entered(), named(known.districts, form.district)
    asked = known.plan.questions
    answers: tuple[tuple[Question, Words | None], ...] = (
        (Question.CHILD, _("Child: {name}", name=str(entered.child))),
        (Question.BORN, _("Born: {day}", day=entered.birth_date)),
        (Question.DISTRICT, _("District: {district}", district=district) if district else None),
        (Question.ADDRESS, _("Address: {address}", address=form.address)),
        (Question.SNILS, _("SNILS: {snils}", snils=masked(form.snils)) if form.snils else _("SNILS: not given")),
        (Question.GUARDIAN, _("You: {name}", name=str(entered.guardian))),
        (Question.PHONE, _("Phone: {phone}", phone=shown_phone(form.phone))),
        (Question.EMAIL, _("E-mail: {email}", email=form.email) if form.email else None),
        (Question.GROUP, _("Category: {group}", group=named(known.groups, form.group))),
    )
    hidden = {Question.SNILS, Question.GROUP} - set(asked)
    return tuple(line for question, line in answers if line is not None and question not in hidden)


DOORS: dict[str, Callable[[str], AnyState]] = {
    "apply": lambda _argument: StartApplication(),
    "correct": lambda certificate: CorrectApplication(int(certificate)),
}
