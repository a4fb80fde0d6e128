"""A provider's month in the office: requests, contracts, families in person, lessons, the catalogue, ratings, events, the bill."""

from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from bot.domain.calendar import Month
from bot.domain.card_code import CardCodeMade, MakeCardCode, RevokeCardCode
from bot.domain.enrollment import EnrollmentState
from bot.domain.rating import CheckComment
from bot.domain.waiting import WaitForPlace
from bot.storage import schema
from bot.storage.calendar_link import PUBLIC_URL
from tests.office.clerk import OfficeHouse
from tests.storage.families import Family, held, meets, paid, state, taken
from tests.storage.town import Town

START = date(2026, 9, 1)
S = EnrollmentState


@pytest.fixture
def town(house: OfficeHouse) -> Town:
    return house.town


def number(town: Town, family: Family) -> str:
    its = schema.certificate.c.id == family.certificate
    return str(town.run(lambda tx: tx.value(select(schema.certificate.c.number).where(its))))


def test_many_requests_are_taken_at_once_and_one_is_refused_with_a_reason(house: OfficeHouse, town: Town) -> None:
    group = town.group()
    families = [Family(town) for _each in range(3)]
    first, second, third = (each.asks_for(group, START) for each in families)
    clerk = house.provider()
    clerk.opens("/")
    clerk.sees("3 requests wait for your answer")
    clerk.opens("/requests")
    clerk.sees("Waiting for your answer: 3", "September 6, 2026")
    clerk.sends("/requests/accept")
    clerk.sees("Tick at least one.")
    clerk.sends("/requests/accept", {"enrollment": [first, second]})
    clerk.sees("2 children are taken; the families have been asked to accept.", "Waiting for your answer: 1")
    clerk.sends("/requests/refuse", enrollment=third, reason="", words="")
    clerk.sees("Please choose one.")
    clerk.sees_no("Please fill this in.")
    clerk.sends("/requests/refuse", enrollment=third, reason="own", words="")
    clerk.sees("Please fill this in.")
    assert state(town, third) == S.REQUESTED
    clerk.sends("/requests/refuse", enrollment=third, reason="group_full")
    clerk.sees("1 request is refused.")
    assert [state(town, each) for each in (first, second, third)] == [S.ACCEPTED, S.ACCEPTED, S.REFUSED]
    clerk.sends("/requests/accept", {"enrollment": [first]})
    clerk.sees("Not possible in this state")
    assert [kind for _who, kind, _values in town.notices()[-4:]] == [
        "OfferMade",
        "OfferMade",
        "Returned",
        "RequestRefused",
    ]


def test_a_contract_on_paper_a_lesson_that_was_not_held_and_the_end(house: OfficeHouse, town: Town) -> None:
    group, family = town.group(price=900_000), Family(town)
    made = family.asks_for(group, START)
    clerk = house.provider()
    clerk.opens(f"/enrollments/{made}")
    clerk.sends(f"/enrollments/{made}/accept")
    clerk.sends(f"/enrollments/{made}/conclude")
    clerk.sees("Concluded; the first day is September 1, 2026.", "By months")
    charge = paid(town)
    town.comes(date(2026, 9, 20))
    clerk.signs_in("provider")
    clerk.opens(f"/groups/{group}/lessons?enrollment={made}")
    clerk.sees("Tue, September 8, 2026", "only Petrova Anna")
    clerk.sends(f"/groups/{group}/lessons", enrollment=made)
    clerk.sees("Tick at least one.", "only Petrova Anna")
    clerk.sends(f"/groups/{group}/lessons", enrollment=made, day="2026-09-08")
    clerk.sees("returned to 1 child.")
    assert paid(town) == charge - charge.floor_share(1, 9)
    clerk.sends(f"/enrollments/{made}/terminate", reason="own", words="The group moves to another town")
    clerk.sees("The last day is September 30, 2026", "The group moves to another town")
    assert held(town, made).kopecks == 0


def test_a_new_timetable_leaves_the_lessons_of_the_past_to_be_noted(house: OfficeHouse, town: Town) -> None:
    group, family = town.group(price=900_000, lessons=(2,)), Family(town)
    family.learns(group, START)
    town.comes(date(2026, 12, 1))
    meets(town, group, 3)
    clerk = house.provider()
    clerk.opens(f"/groups/{group}/lessons")
    clerk.sees("Tue, October 6, 2026", "Tue, November 24, 2026", "Wed, December 2, 2026")
    clerk.sees_no("Wed, November 25, 2026", "Tue, December 1, 2026")
    clerk.sends(f"/groups/{group}/lessons", day="2026-11-25")
    clerk.sees("No child of the group had lessons on these days")
    clerk.sends(f"/groups/{group}/lessons", day="2026-11-24")
    clerk.sees("to 1 child.")
    meets(town, group)
    clerk.opens(f"/groups/{group}/lessons")
    clerk.sees("Tue, November 24, 2026 · noted as not held")


def test_a_whole_group_without_a_timetable_gets_lessons_back_by_numbers(house: OfficeHouse, town: Town) -> None:
    group = town.group(price=900_000, lessons=())
    for _each in range(2):
        Family(town).learns(group, START)
    clerk = house.provider()
    clerk.opens(f"/groups/{group}/lessons")
    clerk.sends(f"/groups/{group}/lessons", month="2026-09", planned=8, cancelled=9, cause="quarantine")
    clerk.sees("A whole number from 9 to 100.")
    clerk.sends(f"/groups/{group}/lessons", month="2026-09", planned=8, cancelled=3, cause="quarantine")
    clerk.sees("returned to 2 children.", "Roster")


def test_a_family_in_person_sees_the_price_before_it_is_entered(house: OfficeHouse, town: Town) -> None:
    group, poor = town.group(price=900_000), Family(town, 450_000)
    clerk = house.provider()
    clerk.opens("/claim")
    clerk.sends("/claim/look", number="123", group=group)
    clerk.sees("A certificate's number has ten digits.")
    clerk.sends("/claim/look", number="5101999999", group=group)
    clerk.sees("No active certificate has the number 5101999999.")
    clerk.sends("/claim/look", number=number(town, poor), group=group, start="")
    assert 'value="2026-09-03"' in clerk.html, "the first lesson from now on"
    young = {"number": number(town, Family(town, born=date(2021, 3, 14))), "group": group, "start": "2026-09-01"}
    for path in ("/claim/look", "/claim"):
        clerk.sends(path, young)
        clerk.sees("The child is too young for the program. Choose another one.")
        clerk.sees_no("March 14")  # a number is no way to the birthday that goes with it (R2.11)
    clerk.sends("/claim/look", number=number(town, poor), group=group, start="2026-09-01")
    clerk.sees("The certificate pays ₽4,500", "The family pays you ₽4,500", "The family has agreed to pay its part")
    form = {"number": number(town, poor), "group": group, "start": "2026-09-01"}
    clerk.sends("/claim", form)
    clerk.sees("The certificate is short by ₽4,500. Tick that the family pays this part", "The family pays you ₽4,500")
    clerk.sends("/claim", form, pays="yes")
    clerk.sees("the family answers by September 11, 2026", "Entered in person, the family is asked: 1")
    assert taken(town, group) == 1


def test_a_scanned_card_leads_a_providers_staff_to_the_familys_number_and_anybody_else_nowhere(
    house: OfficeHouse, town: Town
) -> None:
    address = {"name": PUBLIC_URL, "value": "https://kruzhok.example"}
    town.run(lambda tx: tx.sql(schema.setting.insert().values(**address)))
    town.group()
    family = Family(town)
    made = town.does(MakeCardCode(family.child), family.guardian)
    assert isinstance(made, CardCodeMade)
    scanned = made.link.removeprefix("https://kruzhok.example/office")
    stranger = house.browser()
    stranger.opens(scanned)
    stranger.sees("Password")
    operator = house.operator()
    operator.opens(scanned)
    assert operator.status == 404
    clerk = house.provider()
    clerk.opens(scanned)
    clerk.sees("A family is here with the number of its certificate")
    assert f'value="{number(town, family)}"' in clerk.html
    for other in (stranger, operator, clerk):
        assert "Petrova" not in other.html
    town.does(RevokeCardCode(family.child), family.guardian)
    clerk.opens(scanned)
    assert clerk.status == 404


def test_a_program_is_proposed_returned_mended_taken_and_full_of_groups(house: OfficeHouse, town: Town) -> None:
    clerk, operator = house.provider(), house.operator()
    clerk.opens("/programs/new")
    chess = {"name": "Chess", "direction": "sport", "registry": "certified", "age_min": 7, "age_max": 12}
    clerk.sends("/programs", {**chess, "age_min": 13})
    clerk.sees("The ages make no sense")
    clerk.sends("/programs", chess)
    clerk.sees("Saved.", "proposed, waits for the municipality")
    clerk.opens("/programs/1")
    clerk.sends("/programs/1/modules", new_name="Year", new_price="9 000,50")
    clerk.opens("/modules/1/groups/new")
    group = {"name": "Beginners", "start": "2026-09-01", "stop": "2027-05-31", "seats": 10, "is_open": "yes"}
    group |= {
        "district": town.district,
        "weekday": ["2", "4", "0"],
        "from": ["15:00", "x", ""],
        "till": ["16:00", "16:00", "17:15"],
    }
    group |= {"weeks": ["every"] * 3, "room": ["5", "", ""]}
    clerk.sends("/modules/1/groups", group)
    clerk.sees("A lesson has a weekday, a beginning and an end, such as 15:00 and 16:30.")
    assert 'value="Beginners"' in clerk.html and 'value="17:15"' in clerk.html, "nothing that was entered is lost"
    clerk.sends("/modules/1/groups", {**group, "from": ["15:00", "15:00", ""]})
    clerk.sees("Saved.", "₽9,000.50", "0 of 10")
    operator.opens("/proposals")
    operator.sees("Chess")
    operator.opens("/programs/1")
    operator.sends("/programs/1/decide", **{"return": "yes", "words": "Say what children do"})
    clerk.opens("/")
    clerk.sees("«Chess» was returned by the municipality")
    clerk.opens("/programs/1")
    clerk.sends("/programs/1", {**chess, "description": "Openings and endings"})
    operator.opens("/programs/1")
    operator.sends("/programs/1/decide", into="certified")
    operator.sees("families find it")
    clerk.opens("/programs/1")
    clerk.sees("These, and the name, stand in the registry")
    clerk.opens("/modules/1")
    clerk.sends("/modules/1", name="Year", price="10000")
    clerk.sees("The municipality has set no normative for this part")
    operator.opens("/modules/1")
    operator.sends("/modules/1/normative", normative="9500")
    clerk.sends("/modules/1", name="Year", price="10000")
    clerk.sees("Saved.", "₽10,000", "The certificate pays at most ₽9,500.")


def test_seats_below_those_taken_are_refused_with_everything_kept_and_families_hear_of_new_hours(
    house: OfficeHouse, town: Town
) -> None:
    group = town.group(seats=2)
    for _each in range(2):
        Family(town).learns(group, START)
    clerk = house.provider()
    clerk.opens(f"/groups/{group}")
    form = {
        "name": "Group 1",
        "start": "2026-09-01",
        "stop": "2027-05-31",
        "address": "Elsewhere, 5",
        "district": 0,
        "is_open": "yes",
    }
    lessons = 'value="2" selected'
    assert lessons in clerk.html
    clerk.sends(f"/groups/{group}", form, seats=1, address="", weekday="0")
    clerk.sees("2 seats are taken: there cannot be fewer.")
    assert lessons not in clerk.html, "what was taken away is not back"
    clerk.sends(f"/groups/{group}", form, seats=1)
    assert 'value="Elsewhere, 5"' in clerk.html
    clerk.sends(f"/groups/{group}", form, seats=3)
    clerk.sees("Saved; 2 families are told.")
    clerk.opens(f"/groups/{group}/roster")
    clerk.sees("Elsewhere, 5", "no timetable", "2 of 3")
    clerk.opens("/")
    clerk.sees("«Robots»: a group has no timetable")


def test_a_reply_is_given_once_to_a_comment_that_everybody_sees(house: OfficeHouse, town: Town) -> None:
    group, family = town.group(), Family(town)
    made = family.learns(group, START)
    rating = town.adds(
        schema.rating, chain=made, person=family.guardian, program=1, state="given", stars=5, comment="Wonderful",
        comment_state="waiting", given_at=town.now,
    )  # fmt: skip
    clerk = house.provider()
    clerk.opens("/ratings")
    clerk.sees("Nobody has written a comment yet")
    town.does(CheckComment(rating, True), town.operator)
    clerk.opens("/")
    clerk.sees("1 comment has no reply")
    clerk.opens("/ratings")
    clerk.sends(f"/ratings/{rating}", text="  ")
    clerk.sees("Please fill this in.", "Wonderful")
    clerk.sends(f"/ratings/{rating}", text="Come again!")
    clerk.sees("The answer is published", "Your reply: Come again!")


def test_a_provider_publishes_an_event_of_its_own_and_calls_it_off(house: OfficeHouse, town: Town) -> None:
    clerk = house.provider()
    clerk.opens("/events/new")
    form = {"title": "Open day", "starts": "2026-09-20T12:00", "age_min": 7, "age_max": 17, "district": "Leninsky"}
    clerk.sends("/events", {**form, "starts": "2026-08-20T12:00"})
    clerk.sees("An event must be in the future")
    clerk.sends("/events", {**form, "starts": "0001-01-01T00:00"})
    clerk.sees("A day and a time.")
    clerk.sends("/events", form)
    clerk.sees("Open day", "Leninsky")
    clerk.opens("/events/1")
    clerk.sends("/events/1/call-off", reason="The heating is broken")
    clerk.sees("The event is called off", "called off")
    operator = house.operator()
    operator.opens("/events")
    operator.sees("Open day", "House of Arts")


def test_the_bill_is_sent_returned_mended_accepted_exported_and_paid(house: OfficeHouse, town: Town) -> None:
    group, family = town.group(price=900_000), Family(town)
    family.learns(group, START)
    town.comes(date(2026, 10, 1))
    clerk, operator = house.provider(), house.operator()
    at = f"/bills/{town.provider}/{town.municipality}/2026-09"
    clerk.opens("/")
    clerk.sees("The bill to Murmansk for September 2026 is not sent")
    operator.opens(at)
    assert operator.status == 404, "a draft is the provider's"
    clerk.opens(at)
    clerk.sees("draft", "100%")
    clerk.opens(at.replace("2026-09", "9999-12"))
    assert clerk.status == 404, "no calendar has a month after it"
    clerk.opens(at)
    total = paid(town)
    clerk.sends(f"{at}/send", total=total.kopecks + 1)
    clerk.sees("The sum is another one now")
    clerk.sends(f"{at}/send", total=total.kopecks)
    clerk.sees("The municipality looks at it now.")
    operator.opens("/bills")
    operator.sees("House of Arts", "sent, waits for the municipality")
    operator.opens(at)
    operator.sends(f"{at}/decide", **{"return": "yes", "words": "the 8th was a holiday"})
    clerk.opens("/")
    clerk.sees("Murmansk has returned the bill for September 2026")
    clerk.opens(f"/groups/{group}/lessons")
    clerk.sends(f"/groups/{group}/lessons", day="2026-09-08")
    clerk.opens(at)
    clerk.sees("Returned: the 8th was a holiday", "88.9%", "1 of 9 not held")
    mended = total - total.floor_share(1, 9)
    clerk.sends(f"{at}/send", total=mended.kopecks)
    operator.opens(at)
    operator.sends(f"{at}/decide")
    operator.sends(f"{at}/paid", on="2026-10-01")
    operator.sees("paid", "paid on October 1, 2026")
    response = town.runner.run(clerk.client.get(f"/office{at}/xlsx"))
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Disposition"] == 'attachment; filename="bill-1-1-2026-09.xlsx"'
    [sheet] = CalamineWorkbook.from_filelike(BytesIO(response.content)).sheet_names
    rows = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_name(sheet).to_python()
    assert rows[-1][1] == "Together" and rows[-1][8] == mended.kopecks / 100


def test_an_advance_is_asked_for_within_the_limit_and_accepted(house: OfficeHouse, town: Town) -> None:
    Family(town).learns(town.group(price=900_000), START)
    clerk, operator = house.provider(), house.operator()
    at = f"/advances/{town.provider}/{town.municipality}/{Month(2026, 9)}"
    clerk.opens("/bills")
    clerk.sees("An advance")
    clerk.opens(at)
    limit = paid(town).floor_share(80, 100)
    clerk.sees("At most in advance")
    clerk.sends(f"{at}/ask", amount=f"{limit.kopecks / 100 + 1:.2f}")
    clerk.sees("An advance is more than nothing and at most")
    clerk.sends(f"{at}/ask", amount=f"{limit.kopecks / 100:.2f}")
    clerk.sees("sent, waits for the municipality")
    operator.opens(at)
    operator.sends(f"{at}/decide")
    operator.sees("Accepted.")


def test_a_search_and_the_waiting_lists(house: OfficeHouse, town: Town) -> None:
    group = town.group(seats=1)
    Family(town).learns(group, START)
    waits = Family(town)
    town.does(WaitForPlace(waits.child, group), waits.guardian)
    clerk = house.provider()
    clerk.opens("/waiting")
    clerk.sees("Robots, Group 1", "waits")
    clerk.opens(f"/enrollments?words={number(town, waits)}")
    clerk.sees("in the waiting list")
    assert clerk.words.count("Robots Group 1") == 1
    clerk.opens("/enrollments/2")
    clerk.sends("/enrollments/2/strike", reason="group_closes")
    clerk.sees("the child is not in the waiting list any more", "the group closes")
    clerk.opens("/enrollments?state=active")
    clerk.sees("learns")
    clerk.opens("/enrollments?state=active&page=5")
    clerk.sees("Nobody was found.")
