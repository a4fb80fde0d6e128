"""A parent's whole year, told once for every channel: from the first hello to the stars.

It is told in the words of the dialogs; the parent reads them in Russian. Money (R4, R5): a nominal of 15 000. Chess, 12 345.67 for 122 days, 91
of them in the autumn's period: 9 208.66, that is 3 035.84 and twice 3 086.41. Robots, 7 000, get what is left, 5 791.34 (1 909.24 and twice
1 941.05); the family pays 1 208.66 (398.46 and twice 405.10). Robots are left in October: November's 1 941.05 returns, is not used and burns.
The rest of chess, 31 days of 122, is 3 137.01 of the next period's money.
"""

from datetime import date

from bot.domain.calendar import Month, Span
from bot.domain.money import Money
from bot.i18n import Words, _, n_
from tests.year.parents import Parent
from tests.year.town import AUTUMN, CHESS, NOMINAL, ROBOTS, WINTER, Staff

BORN = date(2017, 3, 14)
CHILD, GUARDIAN = "Смирнова Вера Павловна", "Смирнова Анна Игоревна"
LAST_OF_CHESS = date(2026, 12, 31)


async def lives_a_year(parent: Parent, staff: Staff) -> None:
    """Chapter after chapter; each begins where the last one ended."""
    await says_hello(parent)
    await begins_to_apply(parent)
    await applies(parent)
    await gets_the_certificate(parent, staff)
    await looks_for_a_club(parent)
    await enrols_in_chess(parent, staff)
    await enrols_in_robots(parent, staff)
    await is_charged(parent, staff)
    await looks_at_the_week(parent)
    await looks_ahead(parent)
    await leaves_robots(parent, staff)
    await stays_in_chess(parent, staff)
    await rates_chess(parent, staff)
    await staff.finds_everything_in_order()


async def lives_the_first_days(parent: Parent, staff: Staff) -> None:
    """From the hello to the certificate, where there are two municipalities to choose from."""
    await parent.starts()
    await parent.sees("Where do you live? Choose the place, or write its name.", "Кола", "Мурманск")
    await parent.taps("English")
    await parent.sees("Where do you live?", "Hello!")
    await parent.taps("Русский")
    await parent.sees("Hello! I help to find a club for a child and to pay for it with the certificate.")
    await parent.types("мурманск")
    await parent.sees("Certificate", "Find a club")
    await begins_to_apply(parent)
    await applies(parent)
    await gets_the_certificate(parent, staff)
    await staff.finds_everything_in_order()


async def says_hello(parent: Parent) -> None:
    await parent.starts()
    await parent.sees("Hello! I help to find a club for a child and to pay for it with the certificate.", "Find a club")


async def begins_to_apply(parent: Parent, child: str = CHILD) -> None:
    """The consent first, in full; then the questions; one answer is wrong and explained."""
    await parent.taps("Certificate")
    await parent.sees("You can withdraw the consent at any time. Do you agree?")
    await parent.taps("Read the full text")
    await parent.sees("СОГЛАСИЕ", "152-ФЗ")
    await parent.taps("Back")
    await parent.sees("I agree")
    await parent.taps("I agree")
    await parent.sees("There is no certificate here yet.")
    await parent.taps("Apply")
    await parent.sees(
        n_(
            "{count} short question, and no pictures of documents.",
            "{count} short questions, and no pictures of documents.",
            8,
        )
    )
    await parent.taps("Begin")
    await parent.sees(step(1))
    await parent.types(child)
    await parent.sees(step(2))
    await parent.gives_day(date(2022, 3, 14))
    await parent.sees(_("{day}", day=date(2027, 3, 14)), step(2))
    await parent.gives_day(BORN)
    await parent.sees(_("Born on {day}.", day=BORN), step(3))
    await parent.taps("Ленинский")
    await parent.sees(step(4))
    await parent.types("ул. Полярная, д. 5, кв. 12")
    await parent.sees(step(5), "Skip")


def step(number: int) -> Words:
    return _("{step} of {steps}", step=number, steps=8)


async def applies(parent: Parent, child: str = CHILD, snils: str = "112-233-445 95") -> None:
    """The rest of the answers, the check of all, and sent."""
    await parent.types(snils)
    await parent.sees(step(6))
    await parent.types(GUARDIAN)
    await parent.sees(step(7))
    await parent.gives_phone("+79161234567")
    await parent.sees(step(8))
    await parent.taps("Skip")
    await parent.sees("Please check:", child, GUARDIAN, _("{day}", day=BORN), "+7 916 123-45-67", "Ленинский", "кв. 12")
    await parent.taps("Send")
    await parent.sees(
        "The application is sent.",
        _("You will have the decision by {day}; I will write at once.", day=date(2026, 9, 1)),
    )


async def gets_the_certificate(parent: Parent, staff: Staff) -> None:
    """The decision and the visit are told unasked; then the money is asked for."""
    await parent.looks_away()
    await staff.accepts_the_application()
    await parent.sees("Вера", _("{day}", day=date(2026, 9, 26)))
    await parent.looks_away()
    await staff.has_seen_the_originals()
    await parent.sees("Вера", "Certificate")
    await parent.taps("Certificate")
    await parent.sees("Смирнова Вера", _("Valid until: {day}", day=date(2035, 3, 14)))
    await parent.taps("Ask for money")
    await parent.sees("Yes, with money")
    await parent.taps("Yes, with money")
    await parent.sees("Done: the certificate carries money now.", granted(date(2026, 8, 27)), _("{day}", day=AUTUMN[0]))


def granted(day: date) -> Words:
    return _("{child}: the certificate got {amount} on {day}.", child="Вера", amount=NOMINAL, day=day)


async def looks_for_a_club(parent: Parent) -> None:
    """By district and age, then by words; the card, and the price for this child, before anything is promised."""
    await opens(parent, "Find a club")
    await parent.sees("Where should the club be?", "Октябрьский")
    await parent.taps("Ленинский")
    await parent.sees("How old is the child?")
    await parent.types("9 лет")
    await parent.sees(found(2), CHESS, ROBOTS)
    await parent.types("шахматы")
    await parent.sees(found(1), Money(1_234_567), n_("{count} free place", "{count} free places", 12))
    await parent.taps(f"1. {CHESS}")
    await parent.sees("Дом творчества", "15:00–16:30", "ул. Полярная, д. 1", "Enrol")
    await parent.taps("Price for my child")
    await parent.sees(_("The certificate pays: {sum}", sum=Money(920_866)), Money(303_584), Money(308_641))
    await parent.taps("Back")
    await parent.sees("Enrol")


def found(count: int) -> Words:
    return n_("{count} program found", "{count} programs found", count)


async def opens(parent: Parent, room: str) -> None:
    """A room of the menu, from wherever she is."""
    await parent.types("меню")
    await parent.sees("Settings · Русский")
    await parent.taps(room)


async def enrols_in_chess(parent: Parent, staff: Staff) -> None:
    """The certificate pays all of it; where its period ends, and what comes after, is said before."""
    await parent.taps("Enrol")
    await parent.sees(
        _("On the certificate after that: {left}.", left=Money(579_134)),
        _("{day}", day=AUTUMN[1]),
        _("{day}", day=LAST_OF_CHESS),
        "You pay nothing yourself.",
    )
    await parent.taps("Send the request")
    await parent.sees("The request is sent!", set_aside(920_866, 579_134))
    await accepts_the_offer(parent, staff, CHESS)


def set_aside(kopecks: int, left: int) -> Words:
    return _("{sum} is set aside; {left} is left on the certificate.", sum=Money(kopecks), left=Money(left))


async def enrols_in_robots(parent: Parent, staff: Staff) -> None:
    """The balance is short: the family's own part is agreed to apart."""
    await opens(parent, "Find a club")
    await parent.sees("Anywhere")
    await parent.taps("Anywhere")
    await parent.sees("Any age")
    await parent.taps("Any age")
    await parent.sees(found(4))
    await parent.types("роботы")
    await parent.sees(found(1))
    await parent.taps(f"1. {ROBOTS}")
    await parent.sees("Enrol")
    await parent.taps("Enrol")
    own = _("You pay the provider yourself: {sum}", sum=Money(120_866))
    await parent.sees(_("The certificate pays: {sum}", sum=Money(579_134)), own, Money(39_846))
    await parent.sees("Attention, the lessons clash with others of the same child:", CHESS)
    await parent.taps("Continue all the same")
    await parent.sees("The certificate does not cover all of it.", own, Money(40_510))
    await parent.taps("I agree, send the request")
    await parent.sees(set_aside(579_134, 0), _("you pay {sum}", sum=Money(39_846)))
    await accepts_the_offer(parent, staff, ROBOTS)


async def accepts_the_offer(parent: Parent, staff: Staff, program: str) -> None:
    """The club says yes, and then the parent."""
    await parent.looks_away()
    await staff.takes_the_child(program)
    await parent.sees(program, "To the offer")
    await parent.taps("To the offer")
    await parent.sees("Accept the offer", program)
    await parent.taps("Accept the offer")
    await parent.sees("I accept", program, _("{day}", day=AUTUMN[0]))
    await parent.taps("I accept")
    await parent.sees(_("The contract is concluded. The first day: {day}.", day=AUTUMN[0]))


async def is_charged(parent: Parent, staff: Staff) -> None:
    """Two months of both clubs, each told with what is left; the own part is reminded of; the balance agrees."""
    await parent.looks_away()
    await staff.lets_time_pass_until(date(2026, 9, 1))
    await parent.sees(_("Lessons begin tomorrow, {day}.", day=AUTUMN[0]))
    await parent.sees(*charged(CHESS, date(2026, 9, 1), 303_584, 617_282))
    await parent.sees(*charged(ROBOTS, date(2026, 9, 1), 190_924, 388_210))
    await parent.looks_away()
    await staff.lets_time_pass_until(date(2026, 10, 1))
    await parent.sees(*charged(CHESS, date(2026, 10, 1), 308_641, 308_641))
    await parent.sees(*charged(ROBOTS, date(2026, 10, 1), 194_105, 194_105))
    await parent.looks_away()
    await staff.lets_time_pass_until(date(2026, 10, 10))
    await parent.sees(Money(39_846), _("{day}", day=date(2026, 10, 10)))
    await parent.taps("Balance")
    await parent.sees(*balance(0, 502_746, 997_254))


def charged(program: str, day: date, kopecks: int, held: int = 0) -> tuple[Words, ...]:
    """What a push about a month's charge says."""
    paid = _(
        "{child}: «{program}», {month}: the certificate paid {amount} on {day}.",
        child="Вера",
        program=program,
        month=Month.of(day),
        amount=Money(kopecks),
        day=day,
    )
    return (paid, _("Still put aside for this club: {held}.", held=Money(held))) if held else (paid,)


def balance(free: int, held: int, paid: int) -> tuple[Words, ...]:
    """What the screen of the money says."""
    return (
        _("Free: {amount}", amount=Money(free)),
        _("Put aside for chosen clubs: {amount}", amount=Money(held)),
        _("Paid already: {amount}", amount=Money(paid)),
    )


async def looks_at_the_week(parent: Parent) -> None:
    """Both clubs day by day, with what clashes; and as a file for the phone's calendar."""
    await opens(parent, "My clubs")
    await parent.sees("The week")
    await parent.taps("The week")
    week = _("The week {days}, an odd one", days=Span(date(2026, 10, 5), date(2026, 10, 11)))
    await parent.sees(week, CHESS, ROBOTS, "What clashes:")
    await parent.taps("Into the phone's calendar")
    await parent.sees("As a file, once")
    await parent.taps("As a file, once")
    await parent.sees("Open the file, and your phone will offer to add the lessons to the calendar.")


async def looks_ahead(parent: Parent) -> None:
    """What is paid when, and what leaving would give back: the next chapter gets just that."""
    await opens(parent, "Money")
    await parent.sees("Payments to come")
    await parent.taps("Payments to come")
    pays = _("«{program}»: the certificate pays {certificate}.", program=CHESS, certificate=Money(308_641))
    await parent.sees(_("{day}:", day=date(2026, 11, 1)), pays)
    await parent.taps("If we leave a club")
    await parent.sees(ROBOTS, CHESS)
    await parent.taps(ROBOTS)
    await parent.sees(
        _("The last day is {day}: until then the child can come.", day=date(2026, 10, 31)),
        _("Returns to the certificate at once: {sum}.", sum=Money(194_105)),
    )


async def leaves_robots(parent: Parent, staff: Staff) -> None:
    """What returns and what does not is said before; it returns at once, and the history tells it."""
    await opens(parent, "My clubs")
    await parent.sees(ROBOTS, CHESS)
    await parent.taps(f"1. {ROBOTS}")
    await parent.sees("Lessons go on.", "This was not us")
    await parent.taps("Leave the club")
    await parent.sees(
        _("The last day is {day}: until then the child can come.", day=date(2026, 10, 31)),
        _("Returns to the certificate at once: {sum}.", sum=Money(194_105)),
        _("Does not return, because these months have begun: {sum}.", sum=Money(385_029)),
        Money(80_356),
    )
    await parent.taps("Yes, leave")
    await parent.sees(_("Done. The last day is {day}.", day=date(2026, 10, 31)))
    await parent.sees(_("Free on the certificate: {left}.", left=Money(194_105)))
    await parent.taps("Balance")
    await parent.sees(*balance(194_105, 308_641, 997_254))
    await parent.taps("History")
    await parent.sees(
        "+1\u00a0941,05",
        _("Paid for «{program}», {month}, out of what was put aside.", program=CHESS, month=Month(2026, 10)),
    )
    await parent.taps("›")
    await parent.sees("+15\u00a0000", "−9\u00a0208,66", "−5\u00a0791,34")
    await parent.looks_away()
    await staff.lets_time_pass_until(date(2026, 11, 1))
    await parent.sees(_("{child}: {amount} on the certificate is not used yet.", child="Вера", amount=Money(194_105)))
    await parent.sees(*charged(CHESS, date(2026, 11, 1), 308_641), granted(date(2026, 11, 1)))
    await parent.sees(ROBOTS, "Rate the program")
    await parent.taps("Rate the program")
    await parent.sees(_("How was «{program}»?", program=ROBOTS))
    await parent.taps("Do not ask about this club")
    await parent.sees("I will not ask about this club again. You can still rate it under «My clubs».")


async def stays_in_chess(parent: Parent, staff: Staff) -> None:
    """The group goes on over the border: offered, accepted, charged from the new period's money; what was not used burns."""
    await parent.looks_away()
    await staff.lets_time_pass_until(date(2026, 11, 25))
    await parent.sees(CHESS, _("{day}", day=AUTUMN[1]), "Stay or leave")
    await parent.taps("Stay or leave")
    await parent.sees(
        _("The club goes on from {start} to {stop}. Will you stay?", start=WINTER[0], stop=LAST_OF_CHESS),
        _("The certificate pays: {sum}", sum=Money(313_701)),
        Money(1_186_299),
    )
    await parent.taps("Yes, we stay")
    await parent.sees(
        _("You stay! The new contract is concluded, from {day} on.", day=WINTER[0]), set_aside(313_701, 1_186_299)
    )
    await parent.looks_away()
    await staff.lets_time_pass_until(WINTER[0])
    await parent.sees(
        _(
            "{child}: {amount} went from the certificate back to the budget on {day}.",
            child="Вера",
            amount=Money(194_105),
            day=WINTER[0],
        )
    )
    await parent.sees(*charged(CHESS, WINTER[0], 313_701))
    assert await parent.does_not_see("The program is over. We hope it was a good time!"), "it goes on"
    await parent.taps("Balance")
    await parent.sees(*balance(1_186_299, 0, 313_701))


async def rates_chess(parent: Parent, staff: Staff) -> None:
    """Asked the day after the end, once for both contracts; the club's card shows the score."""
    await parent.looks_away()
    await staff.lets_time_pass_until(date(2027, 1, 1))
    await parent.sees("The program is over. We hope it was a good time!", CHESS, "Rate the program")
    await parent.taps("Rate the program")
    await parent.sees(_("How was «{program}»?", program=CHESS))
    await parent.taps("5")
    await parent.sees("Saved. Thank you!", _("«{program}»: {stars} of 5", program=CHESS, stars=5))
    await parent.starts("program_1")
    await parent.sees(CHESS, _("Rating: {score}", score="5"))
