"""What of the municipality's learning waits for the operator: what is late, disputes, waiting lists, renewals."""

from datetime import date

from bot.domain.enrollment import OpenDispute
from bot.domain.waiting import WaitForPlace
from bot.storage.calendar import live
from tests.office.clerk import OfficeHouse
from tests.storage.families import Family, state


def test_what_is_late_and_what_is_disputed_waits_for_the_operator(house: OfficeHouse) -> None:
    town = house.town
    group = town.group(name="Chess")
    slow, wronged = Family(town, first_name="Slow"), Family(town, first_name="Wronged")
    asked, learned = slow.asks_for(group), wronged.learns(group)
    town.does(OpenDispute(learned, words="We were never there"), wronged.guardian)
    clerk = house.operator()
    clerk.opens("/enrollments/waiting-for-us")
    clerk.sees("Wronged", "dispute: «this was not us»")
    clerk.sees_no("Slow")
    clerk.opens("/enrollments/waiting-for-us?all=1")
    clerk.sees("Slow", "until September 6, 2026")
    town.passes(days=7)
    town.runner.run(live(town.desk))
    clerk = house.operator("second")
    clerk.opens("/enrollments/waiting-for-us")
    clerk.sees("Slow", "late, due September 6, 2026")
    clerk.opens(f"/enrollments/{asked}")
    clerk.sees("Take the child")
    clerk.opens(f"/enrollments/{learned}/dispute")
    clerk.sees("We were never there", "the whole enrolment", "«Chess», Group 1")
    clerk.sends(f"/enrollments/{learned}/dispute", decision="upheld", reason="")
    clerk.sees("Please fill this in.")
    clerk.sends(f"/enrollments/{learned}/dispute", decision="", reason="The provider agrees.")
    clerk.sees("Please choose one.")
    clerk.sends(f"/enrollments/{learned}/dispute", decision="upheld", reason="The provider agrees.")
    clerk.sees("Decided; ₽8,934.07 returned to the certificate.")
    clerk.opens(f"/enrollments/{learned}/dispute")
    assert clerk.status == 404
    assert state(town, learned) == "terminated"


def test_waiting_lists_and_renewals_are_seen_and_answered_on_paper(house: OfficeHouse) -> None:
    town = house.town
    town.comes(date(2027, 5, 24))
    full = town.group(seats=1, name="Full", stop=date(2028, 5, 31))
    first, second = Family(town, first_name="First"), Family(town, first_name="Second")
    first.learns(full)
    town.does(WaitForPlace(second.child, full), second.guardian)
    clerk = house.operator()
    clerk.opens("/enrollments/waiting")
    clerk.sees("«Full», Group 1", "Petrova Second")
    clerk.sees_no("First")
    clerk.opens("/enrollments/renewals")
    clerk.sees("Petrova First", "No period after May 31, 2027 is planned yet.")
    clerk.opens("/money")
    clerk.sends("/money/periods", name="Next", start="2027-06-01", stop="2028-05-31")
    clerk.sends(f"/money/periods/2/nominals/{town.everyone}", amount="12000")
    town.runner.run(live(town.desk))
    clerk.opens("/enrollments/renewals")
    clerk.sees("the next period is offered", "Signed: goes on")
    renewal = int(clerk.html.split("/renewals/")[1].split("/")[0])
    clerk.sends(f"/enrollments/renewals/{renewal}/decline")
    clerk.sees("Done: the seat is free after the last day.")
    clerk.sends(f"/enrollments/renewals/{renewal}/accept")
    clerk.sees("Not possible in this state:")
