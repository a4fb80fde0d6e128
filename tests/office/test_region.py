"""The region's administrator: municipalities and their policies; an operator only reads its own."""

import json

from sqlalchemy import select

from bot.domain.policy import Policy
from bot.office.policy_words import CHOICES, FIELDS
from bot.office.region import KINDS
from bot.storage import schema
from tests.office.clerk import OfficeHouse


def test_a_municipality_is_added_renamed_and_worked_in(house: OfficeHouse) -> None:
    boss = house.administrator()
    boss.opens("/region")
    new = {"name": "Kola", "code": "kola", "zone": "Europe/Nowhere", "number_prefix": "5102"}
    boss.sends("/region", new)
    boss.sees("There is no such time zone")
    boss.sends("/region", {**new, "zone": "Europe/Moscow"})
    boss.sees("The municipality is added", "Kola", "as by default")
    boss.opens("/region/2")
    boss.sends("/region/2", name="Kola district", zone="Asia/Omsk")
    boss.sees("Changed.", "Kola district")
    boss.opens("/region")
    boss.sees("Asia/Omsk")
    boss.sends("/work-in", municipality=2)
    boss.opens("/applications")
    boss.sees("Kola district", "Nothing waits here.")


def test_a_policy_is_a_form_with_meanings_and_defaults_and_what_differs_is_marked(house: OfficeHouse) -> None:
    boss, clerk = house.administrator(), house.operator()
    boss.opens("/region/1/policy")
    boss.sees("Days to come with the originals", "From this time messages wait")
    boss.sees_no("changed; by default")
    document = Policy().to_document()
    form = {name: ", ".join(map(str, value)) if isinstance(value, list) else value for name, value in document.items()}
    form |= {name: str(value).lower() for name, value in form.items() if isinstance(value, bool)}
    form |= {name: "" for name, value in form.items() if value is None}
    boss.sends("/region/1/policy", {**form, "visit_days": 0, "blackout_start": "2026-12-01", "quiet_from": "x"})
    boss.sees("A whole number from 1 to 366.", "Both days, or none.", "A time, such as 21:00.")
    boss.sends("/region/1/policy", {**form, "min_age": 17, "max_age": 16})
    boss.sees("This makes no sense: The youngest age of a certificate, full years.")
    changed = {"visit_days": 45, "blackout_start": "2026-12-01", "blackout_stop": "2026-12-31", "accounting_limit": 3}
    boss.sends("/region/1/policy", {**form, **changed, "expiry_warning_days": "10, 5", "conversion": "automatic"})
    boss.sees(
        "5 rules are other ones now.", "changed; by default: 30", "changed; by default: by a button of the parent"
    )
    stored = house.town.run(lambda tx: tx.value(select(schema.municipality.c.policy)))
    assert json.loads(stored)["expiry_warning_days"] == [10, 5]
    clerk.opens("/place/policy")
    clerk.sees("45 changed; by default: 30", "2026-12-01 – 2026-12-31", "The region's administrator sets these rules.")
    clerk.opens("/region/1/policy")
    assert clerk.status == 404
    boss.opens("/trail")
    boss.sees("changed the policy", "Days to come with the originals: — → 45")


def test_every_field_of_a_policy_has_its_words() -> None:
    fields = Policy().to_document()
    assert FIELDS.keys() == fields.keys()
    assert CHOICES.keys() == {name for name, kind in KINDS.items() if kind == "choice"}
    assert {name for name, kind in KINDS.items() if kind == "choice"} == {
        name for name, value in fields.items() if isinstance(value, str) and ":" not in value
    }
