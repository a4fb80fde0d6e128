"""An operator finds a certificate, sees everything about it on one page, and does to it what is to be done."""

from datetime import date
from importlib import import_module
from pkgutil import iter_modules

import bot.office
import bot.terminal
from bot.domain.certificate import LinkCertificate
from bot.domain.messages import Command
from bot.office.trail_words import DID
from bot.storage import schema
from tests.office.clerk import OfficeHouse
from tests.storage.families import Family


def test_a_certificate_is_found_by_number_by_parts_of_the_name_and_by_birth_date(house: OfficeHouse) -> None:
    town = house.town
    names = (
        ("Зайцева", "Алёна", "зайцева алена"),
        ("Зайцев", "Пётр", "зайцев петр"),
        ("Ильина", "Ольга", "ильина ольга"),
    )
    for surname, first, folded in names:
        born = date(2016, 1, 1) if first == "Ольга" else date(2017, 3, 14)
        town.certificate(town.child(surname=surname, first_name=first, folded_name=folded, born=born))
    clerk = house.operator()
    for words, found in (
        ("зайц", "Зайцева Алёна Зайцев Пётр"),
        ("АЛЕНА ЗАЙЦ", "Зайцева Алёна"),
        ("ольга", "Nobody was found"),
    ):
        clerk.opens(f"/certificates?words={words}")
        clerk.sees(*(found.split() if found.startswith("З") else [found]))
        clerk.sees_no("Ильина")
    clerk.opens("/certificates?words=5101%20000006")
    clerk.sees("Ильина Ольга", "5101000006")
    clerk.sees_no("Зайцев")
    clerk.opens("/certificates?born=2016-01-01&state=active&kind=funded")
    clerk.sees("Ильина")
    clerk.sees_no("Зайцев")
    clerk.opens("/certificates?born=yesterday&state=x&page=77")
    clerk.sees("Nobody was found")


def test_one_certificate_tells_its_money_learning_and_guardians_and_obeys(house: OfficeHouse) -> None:
    town = house.town
    vera = Family(town, first_name="Vera")
    second = town.person(first_name="Oleg", surname="Petrov")
    town.adds(schema.guardianship, person=second, child=vera.child, rights="read", since=town.now)
    vera.asks_for(town.group(name="Chess"))
    clerk = house.operator()
    at = f"/certificates/{vera.certificate}"
    clerk.opens(at)
    clerk.sees(
        "Vera", "with money", "«Chess»", "waits for the provider", "₽8,934.07", "₽3,065.93", "Website", "Oleg Petrov"
    )
    clerk.sends(f"{at}/convert", to="accounting")
    clerk.sees("1 request for a club is still open")
    clerk.sends(f"{at}/freeze")
    clerk.sees("Frozen.", "Unfreeze", "₽0 ₽0 ₽0")
    clerk.sends(f"{at}/unfreeze")
    clerk.sees("A frozen certificate can be unfrozen in the next period")
    clerk.sends(f"{at}/code")
    clerk.sees("Code: ", "Good once")
    clerk.sends(f"{at}/guardians/{second}/code")
    clerk.sees("The code is ")
    clerk.sends(f"{at}/guardians/{second}/cut")
    clerk.sees("The link is cut.")
    clerk.sees_no("Oleg")
    clerk.sends(f"{at}/revoke", reason="", words="By letter.")
    clerk.sees("Please choose one.")
    clerk.sends(f"{at}/revoke", reason="asked", words="x" * 501)
    clerk.sees("At most 500 characters")
    clerk.sends(f"{at}/revoke", reason="asked", words="By letter.")
    clerk.sees("Revoked.", "The family asked for it.", "By letter.")
    clerk.opens(f"/children/{vera.child}")
    clerk.sees(
        "revoked a certificate",
        "state: frozen → revoked",
        "cut somebody's link to a child",
        "froze a certificate",
        "The certificate was frozen.",
        "−₽8,934.07 Put aside for «Chess».",
        "«Chess», House of Arts, Group 1 The family asked for a place.",
    )
    clerk.opens("/trail")
    clerk.sees("froze a certificate", "reason: — → The family asked for it.")


def test_another_category_is_added_and_its_queue_and_attacked_numbers_are_seen(house: OfficeHouse) -> None:
    town = house.town
    without = Family(town, kopecks=0)
    town.run(lambda tx: tx.connection.exec_driver_sql("update nominal set certificates = 0"))
    clerk = house.operator()
    clerk.opens("/certificates")
    clerk.sends(f"/certificates/{without.certificate}/convert", to="funded")
    clerk.sees("No vacancy: place 1 in the queue.", "place 1 in the queue for money")
    clerk.opens("/certificates/queue")
    clerk.sees("Petrova Anna", "All children")
    for _number in range(4):
        stranger = town.person()
        for _try in range(5):
            town.does(LinkCertificate("5101000003", date(2010, 1, 1), "AAAAAAAA"), stranger)
    clerk.opens("/certificates/attacked")
    clerk.sees("5101000003 20")
    clerk.sends("/money/categories", code="a-first-one", name="A first one")
    clerk.opens(f"/certificates/{without.certificate}")
    clerk.sees("A first one")
    assert "selected>All children" in clerk.html, "it moves only where somebody has chosen another"


def test_a_clerk_reads_a_sentence_for_every_command_of_the_staff() -> None:
    named = {name.rpartition(":")[2] for name in DID}
    rooms = [
        import_module(f"{room.__name__}.{found.name}")
        for room in (bot.office, bot.terminal)
        for found in iter_modules(room.__path__)
    ]
    commands = {
        each.__name__
        for room in rooms
        for each in vars(room).values()
        if isinstance(each, type) and issubclass(each, Command) and each is not Command
    }
    assert len(commands) > 50
    assert not commands - named
