"""What an operator arranges: agreements, comments, texts, districts, working days."""

from datetime import date

from bot.domain.published import Published, TextKind
from bot.domain.rating import LeaveComment, RateProgram
from bot.storage import schema
from tests.office.clerk import OfficeHouse
from tests.storage.families import Family
from tests.storage.town import Town


def neighbour(town: Town) -> int:
    """A provider of another municipality."""
    place = {"code": "kol", "name": "Kola", "zone": "Europe/Moscow", "number_prefix": "5102", "policy": "{}"}
    return town.adds(
        schema.provider, municipality=town.adds(schema.municipality, **place), name="Дом Творчества", kind="state"
    )


def test_agreements_are_made_with_neighbours_and_ended_and_a_provider_is_banned(house: OfficeHouse) -> None:
    guest = neighbour(house.town)
    clerk = house.operator()
    clerk.opens("/providers")
    clerk.sees("House of Arts", "from January 1, 2026")
    clerk.sees_no("Дом")
    clerk.opens("/providers?words=ДОМ&everywhere=1")
    clerk.sees("Дом Творчества", "Kola", "none")
    at = f"/providers/{guest}"
    clerk.opens(at)
    clerk.sees_no("May it teach?")
    clerk.sends(f"{at}/state", state="banned")
    assert clerk.status == 404
    clerk.opens(at)
    clerk.sends(f"{at}/agreement", start="2026-10-01")
    clerk.sees("The agreement is in force from October 1, 2026 on.")
    clerk.sends(f"{at}/agreement/end", stop="2026-09-01")
    clerk.sees("There is no agreement with this provider that could end on that day.")
    clerk.sends(f"{at}/agreement/end", stop="2026-12-31")
    clerk.sees("From October 1, 2026 to December 31, 2026.")
    own = f"/providers/{house.town.provider}"
    clerk.opens(own)
    clerk.sends(f"{own}/state", state="no_license")
    clerk.sees("The provider is now without a license.")


def test_a_comment_is_shown_or_hidden_with_a_reason(house: OfficeHouse) -> None:
    town = house.town
    family = Family(town)
    learned = family.learns(town.group(), date(2026, 9, 1))
    ended = schema.enrollment.update().where(schema.enrollment.c.id == learned).values(state="completed")
    town.run(lambda tx: tx.sql(ended))
    town.does(RateProgram(learned, 5), family.guardian)
    town.does(LeaveComment(learned, "Very kind teachers"), family.guardian)
    clerk = house.operator()
    clerk.opens("/comments")
    clerk.sees("Very kind teachers", "5 of 5")
    clerk.sends("/comments/1/hide", reason="")
    clerk.sees("Say why")
    clerk.sends("/comments/1/hide", reason="A name is in it.")
    clerk.sees("The comment is hidden", "Nothing waits here.")
    clerk.opens("/comments?state=hidden")
    clerk.sends("/comments/1/show")
    clerk.sees("Everybody sees the comment now")


def test_texts_are_published_changed_ordered_and_taken_down(house: OfficeHouse) -> None:
    clerk = house.operator()
    for title, position in (("Hours", 2), ("Address", 1)):
        clerk.opens("/place/texts/new")
        words = {"kind": "contacts", "language": "ru", "title": title, "body": "Room 12.", "position": position}
        clerk.sends("/place/texts", words)
        clerk.sees("The text is published", title)
    parent = house.town.person()
    titles = [each.title for each in house.town.asks(Published(TextKind.CONTACTS), parent).titles]
    assert titles == ["Address", "Hours"]
    clerk.opens("/place/texts/1")
    clerk.sees("Room 12.")
    clerk.sends("/place/texts/1", title="Address", body="Room\u202e14.")
    clerk.sees("There are characters here that cannot be seen. Please type this anew rather than paste it.")
    clerk.sends("/place/texts/1", title="Address", body="Room\xa014.")
    clerk.sees("Another text has this title already.", "Room 14.")
    clerk.sends("/place/texts/1", title="Opening hours", body="Room 14.", position="0")
    clerk.sees("The text is changed.", "Opening hours")
    clerk.opens("/place/texts/2")
    clerk.sends("/place/texts/2/remove")
    clerk.sees("The text is taken down.")
    clerk.sees_no("Address")


def test_districts_are_added_and_renamed(house: OfficeHouse) -> None:
    clerk = house.operator()
    clerk.opens("/place/districts")
    clerk.sends("/place/districts", name="Leninsky")
    clerk.sees("There is a district of that name already")
    clerk.sends("/place/districts", name="Pervomaysky")
    clerk.sees("The district is added", "Pervomaysky")
    clerk.sends(f"/place/districts/{house.town.district}", name="Pervomaysky")
    clerk.sees("There is a district of that name already")
    clerk.sends(f"/place/districts/{house.town.district}", name="Oktyabrsky")
    clerk.sees("The district has its new name.", "Oktyabrsky")


def test_a_year_that_is_not_published_says_so_until_its_days_are_ticked(house: OfficeHouse) -> None:
    clerk = house.operator()
    clerk.opens("/place/days")
    clerk.sees("Working days of 2026", "The year as the government published it.")
    clerk.opens("/place/days?year=2031")
    clerk.sees("This year is not published here yet")
    worked = [day for day in clerk.html.split('value="')[1:] if " checked" in day[:60]]
    days = [day[:10] for day in worked]
    assert "2031-01-09" in days and "2031-01-08" not in days and "2031-02-01" not in days
    clerk.sends("/place/days/2031", {"day": [*days, "2031-02-01"], "source": "x" * 201})
    clerk.sees("At most 200 characters, these are 201.")
    assert 'value="2031-02-01" checked' in clerk.html, "a year of ticks is not lost"
    clerk.sends("/place/days/2031", {"day": [*days, "2031-02-01"]})
    clerk.sees("The working days of 2031 are known now.")
    clerk.opens("/place/days?year=2031")
    clerk.sees("The year as it was entered for your municipality.", "holds in your municipality only")
    assert 'value="2031-02-01" checked' in clerk.html
    boss = house.administrator()
    boss.opens("/place/days?year=2031")
    boss.sees("This year is not published here yet", "holds in every municipality that has not entered the year itself")
    boss.sends("/place/days/2031", {"day": days})
    clerk.opens("/place/days?year=2031")
    assert 'value="2031-02-01" checked' in clerk.html, "what a municipality has entered is its own"
