"""An operator decides applications, and whoever comes with the originals gets a certificate."""

from datetime import date

from bot.domain.application import ApplicationHeld, ApplicationSubmitted, Entered, FullName, SubmitApplication
from bot.domain.certificate import Rejection
from bot.domain.certificate_staff import RejectApplication
from tests.office.clerk import OfficeHouse
from tests.storage.town import Town

VERA = FullName("Белова", "Вера", "Павловна")


def applies(town: Town, child: FullName = VERA, born: date = date(2017, 3, 14), snils: str = "") -> int:
    """A new parent sends an application; the certificate's id."""
    guardian = FullName("Белова", "Анна")
    entered = Entered(
        child, born, town.district, "Lenin street, 5", guardian, "+79110000001", "", town.everyone, snils=snils
    )
    fact = town.does(SubmitApplication(entered), town.person())
    assert isinstance(fact, ApplicationSubmitted | ApplicationHeld), fact
    return fact.certificate


def test_an_operator_sees_what_was_entered_accepts_it_and_issues_at_the_visit(house: OfficeHouse) -> None:
    number = applies(house.town, snils="11223344595")
    clerk = house.operator()
    clerk.opens("/applications")
    clerk.sees("Белова Вера Павловна", "until September 4, 2026")
    house.town.passes(days=6)
    clerk = house.operator("second")
    clerk.opens("/applications")
    clerk.sees("late, due September 4, 2026")
    clerk.opens(f"/applications/{number}")
    clerk.sees("Leninsky", "Lenin street, 5", "112-233-445 95", "Белова Анна", "+7 911 000-00-01", "personal data")
    clerk.sends(f"/applications/{number}/accept")
    clerk.sees("The originals are awaited until October 7, 2026", "The originals were shown")
    clerk.opens("/applications/visits")
    clerk.sees("Белова Вера", "until October 7, 2026")
    clerk.opens(f"/applications/{number}")
    clerk.sends(f"/applications/{number}/visit")
    clerk.sees("The certificate is active.", "5101")


def test_several_are_decided_at_once_and_a_reason_is_given_in_the_operators_own_words(house: OfficeHouse) -> None:
    first, second, third = (applies(house.town, FullName("Белов", name)) for name in ("Иван", "Пётр", "Лев"))
    clerk = house.operator()
    clerk.opens("/applications")
    clerk.sends("/applications/accept")
    clerk.sees("Nothing is ticked")
    clerk.sends("/applications/accept", {"certificate": [first, second]})
    clerk.sees("2 applications are decided.")
    clerk.sends("/applications/accept", {"certificate": [first, third]})
    assert clerk.status == 422
    clerk.sees("Not possible now", "Белов Лев")
    clerk.opens("/applications")
    assert '<option value="">Choose a reason' in clerk.html and " selected" not in clerk.html
    clerk.sends("/applications/reject", {"certificate": [third], "reason": "", "words": "No stamp."})
    clerk.sees("Please choose one.", "No stamp.")
    clerk.sends("/applications/reject", {"certificate": [third], "reason": "wrong_data", "words": "x" * 501})
    clerk.sees("At most 500 characters, these are 501.")
    clerk.sends("/applications/reject", {"certificate": [third], "reason": "wrong_data", "words": "No stamp."})
    clerk.sees("1 application is decided.", "Nothing waits here.")
    clerk.opens(f"/applications/{third}")
    clerk.sees("application rejected", "do not agree with the documents", "No stamp.")


def test_what_resembles_another_child_is_compared_side_by_side(house: OfficeHouse) -> None:
    first, twin, again = applies(house.town), applies(house.town), applies(house.town)
    clerk = house.operator()
    clerk.opens("/applications")
    clerk.sees("Resembles another child: look first")
    clerk.opens(f"/applications/{twin}")
    clerk.sees("the same name and birth date", f"Application {first}", f"Application {again}")
    clerk.sends(f"/applications/{twin}/accept")
    clerk.sees("Compare them, then join the applications or say that it is another child.")
    clerk.sends(f"/applications/{twin}/accept", another="yes")
    clerk.sees("Accepted.")
    clerk.opens(f"/applications/{again}")
    clerk.sends(f"/applications/{again}/join", to=first)
    clerk.sees("Joined")
    clerk.opens(f"/applications/{again}")
    assert clerk.status == 404


def test_who_did_not_come_is_listed_apart(house: OfficeHouse) -> None:
    number = applies(house.town)
    house.town.does(RejectApplication(number, Rejection.NO_VISIT), house.town.operator)
    clerk = house.operator()
    clerk.opens("/applications/unvisited")
    clerk.sees("Белова Вера")


def test_the_first_page_tells_what_waits_the_late_first(house: OfficeHouse) -> None:
    clerk = house.operator()
    clerk.opens("/")
    clerk.sees("Nothing waits.")
    applies(house.town)
    applies(house.town)
    clerk.opens("/")
    clerk.sees("Applications to decide 2 September 4, 2026", "Applications that resemble another child 1")
    house.town.passes(days=9)
    clerk = house.operator("second")
    clerk.opens("/")
    clerk.sees("Applications to decide 2 2 September 4, 2026")
    house.town.comes(date(2027, 5, 20))
    clerk = house.operator("third")
    clerk.opens("/")
    clerk.sees("The period ends on May 31, 2027", "The working days of 2027 are not known yet")
