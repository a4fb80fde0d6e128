"""An operator writes to an audience, sees it counted, sends it, and stops it."""

from bot.storage.calendar import live
from tests.office.clerk import OfficeHouse


def test_a_message_is_counted_sent_and_stopped_while_it_goes_out(house: OfficeHouse) -> None:
    for _each in range(2):
        house.town.person()
    clerk = house.operator()
    clerk.opens("/announcements/new")
    wish = {"words": "The clubs are closed\non Monday.", "words_en": "Closed.", "district": "", "age_min": "x"}
    clerk.sends("/announcements/weigh", wish)
    clerk.sees("A whole number from 0 to 18.")
    clerk.sends("/announcements/weigh", {**wish, "age_min": "5", "direction": "art"})
    clerk.sees("Nobody would get it: choose others.", "The clubs are closed")
    clerk.sends("/announcements/weigh", {**wish, "age_min": ""})
    clerk.sees("2 people will get it : everybody in the municipality", "Murmansk writes:", "on Monday.", "Closed.")
    clerk.sends("/announcements/change", {**wish, "age_min": ""})
    clerk.sees("A new announcement", "The clubs are closed")
    clerk.sends("/announcements", {**wish, "age_min": ""})
    clerk.sees("It goes out to 2 people.", "goes out", "0 of 2")
    house.town.runner.run(live(house.town.desk))
    clerk.opens("/announcements/1")
    clerk.sees("0 told, 2 left, 0 not reached, of 2.")
    clerk.sends("/announcements/1/stop")
    clerk.sees("Stopped: whoever has not read it yet will not get it.")
    clerk.sends("/announcements/1/stop")
    clerk.sees("Not possible now. Its state: stopped.")
    clerk.opens("/trail")
    clerk.sees("stopped an announcement", "state: goes out → stopped", "wrote to an audience")
