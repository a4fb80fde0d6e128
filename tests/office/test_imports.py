"""Imports in the office: a file is previewed, its bad rows are told, it is applied, its page tells how far it is; hostile ones are refused."""

import asyncio
from collections.abc import AsyncIterator

from bot.registry import gate
from bot.registry.certificate_template import BLANK
from bot.registry.template import workbook
from bot.storage import schema
from bot.storage.job_keeper import LEASE, Jobs
from bot.storage.leases import give, new_holder, take
from tests.office.clerk import TOKEN, Clerk, OfficeHouse
from tests.storage.registries import line, rows
from tests.storage.test_job import read_here

AGAIN = "data-refresh"
"""What makes a page look again by itself."""


def sends(clerk: Clerk, content: bytes, name: str = "registry.xlsx", kind: str = "registry", **fields: str) -> None:
    clerk.opens("/imports")
    clerk.sends("/imports", files={"file": (name, content)}, kind=kind, **fields)


def works(house: OfficeHouse) -> None:
    """The service's background does what there is to do."""
    town, holder = house.town, new_holder()
    town.run(lambda tx: take(tx, LEASE, holder))
    while town.runner.run(Jobs(town.desk, holder, read_here).work()):
        pass
    town.run(lambda tx: give(tx, LEASE, holder))


def test_an_operator_previews_a_registry_with_bad_rows_and_applies_it(house: OfficeHouse) -> None:
    clerk = house.operator()
    sends(
        clerk,
        workbook([line(1), line(2), line(3, seats="many", age="512-12"), line(4, price="1.200")]),
        agreements="yes",
    )
    clerk.sees("Import: registry.xlsx", "is being compared", "The file is being read.")
    assert AGAIN in clerk.html
    works(house)
    clerk.opens("/imports/1")
    assert AGAIN not in clerk.html
    clerk.sees("waits for your decision", "New groups 2", "Rows not taken 3", "3 rows are not taken")
    clerk.sees("4 Возраст Ages “512-12” are impossible.", "4 Мест в группе “many” is not a whole number.")
    assert rows(house.town, schema.program) == []
    clerk.opens("/imports/1/findings.csv")
    assert clerk.html.startswith("\ufeffRow;Column;What;Reason") and clerk.html.count("\r\n") == 4
    clerk.opens("/imports/1")
    clerk.sends("/imports/1/apply", hash="0" * 64)
    clerk.sees("This file is not here any more.")
    clerk.opens("/imports/1")
    clerk.sends("/imports/1/apply", hash=clerk.html.partition('name="hash" value="')[2][:64])
    clerk.sees("It goes on by itself", "is being applied")
    works(house)
    clerk.opens("/imports")
    clerk.sees("registry.xlsx", "applied", "New groups: 2", "operator")
    assert len(rows(house.town, schema.program)) == len(rows(house.town, schema.agreement)) == 2


def test_what_changes_is_told_column_by_column_and_may_be_put_aside(house: OfficeHouse) -> None:
    clerk = house.operator()
    for number, price in enumerate(("9 000", "9 500"), start=1):
        sends(clerk, workbook([line(1, price=price)]))
        works(house)
        clerk.opens(f"/imports/{number}")
        if number == 1:
            clerk.sends("/imports/1/apply", hash=clerk.html.partition('name="hash" value="')[2][:64])
            works(house)
    clerk.sees("Changed 1", "Club 1, Group 1 Цена модуля, руб. 9000,00 9500,00")
    clerk.sends("/imports/2/stop")
    clerk.sees("Stopped.", "put aside, nothing was changed")


def test_a_file_that_is_a_part_archives_nothing_unless_it_is_said_to_be_the_whole_registry(house: OfficeHouse) -> None:
    clerk = house.operator()
    whole, part = [line(number) for number in range(1, 5)], workbook([line(1, price="9 500"), line(5)])

    def applies(number: int, **decided: str) -> None:
        clerk.opens(f"/imports/{number}")
        clerk.sends(f"/imports/{number}/apply", hash=clerk.html.partition('name="hash" value="')[2][:64], **decided)

    def active() -> list[str]:
        return [each.name for each in rows(house.town, schema.program) if each.state == "active"]

    sends(clerk, workbook(whole))
    works(house)
    clerk.opens("/imports/1")
    clerk.sees_no("The file is the whole registry")
    applies(1)
    works(house)
    sends(clerk, part)
    works(house)
    clerk.opens("/imports/2")
    lost = "3 programs, 3 groups"
    clerk.sees(f"The file does not hold what is in the catalogue: {lost}.", "Programs archived", "Groups archived")
    clerk.sees(f"The file is the whole registry. To the archive: {lost}")
    assert f"Apply exactly this file? To the archive: {lost}" in clerk.html
    applies(2)
    assert clerk.status == 422
    clerk.sees(f"Nothing was changed. The file does not hold what is in the catalogue: {lost}.", "tick that it is")
    applies(2, keep="yes")
    works(house)
    clerk.opens("/imports/2")
    clerk.sees("applied", "New groups 1", "Changed 1", "Missing in the file, left as they are 3")
    clerk.sees_no("archived", "whole registry")
    assert active() == [f"Club {number}" for number in range(1, 6)]
    sends(clerk, part)
    works(house)
    applies(3, whole="yes")
    works(house)
    clerk.opens("/imports/3")
    clerk.sees("applied", "Programs archived: the file has them no more 3")
    assert active() == ["Club 1", "Club 5"]


def test_certificates_and_their_template(house: OfficeHouse) -> None:
    clerk = house.operator()
    assert clerk.opens("/imports/certificates.xlsx") and clerk.opens("/imports/registry.xlsx")
    sends(clerk, BLANK.workbook([{**BLANK.examples[0], "category": "All children"}]), "остатки.xlsx", "certificates")
    works(house)
    clerk.opens("/imports/1")
    clerk.sees("New certificates 1", "Balances taken over ₽8,792.06")


def test_files_that_are_no_table_are_refused_in_the_readers_language_and_nothing_is_kept(house: OfficeHouse) -> None:
    clerk = house.operator()
    clerk.opens("/account")
    clerk.sends("/language", language="ru", to="/office/account")
    sends(clerk, b"")
    clerk.sees("Файл пустой.")
    sends(clerk, gate.OLE + b"\0" * 600, "старый.xls")
    clerk.sees("Это старый файл Excel")
    clerk.opens("/imports")
    clerk.sends("/imports", kind="registry")
    assert clerk.status == 422
    clerk.sends("/imports", files={"file": ("a.csv", b"x")}, kind="weather")
    assert clerk.status == 422
    assert rows(house.town, schema.job) == [] and house.town.run(lambda tx: not tx.rows(schema.job_file.select()))


def test_a_hostile_name_is_shown_plainly(house: OfficeHouse) -> None:
    clerk = house.operator()
    sends(clerk, b"x;y", "..\\..\\<script>alert(1)</script>\u202egnp" + "я" * 300 + ".csv")
    assert clerk.status == 200 and "<script>alert" not in clerk.html and "\u202e" not in clerk.html
    [job] = rows(house.town, schema.job)
    assert job.file.startswith("script>") and len(job.file) <= gate.LONGEST_NAME and job.file.endswith(".csv")


def test_two_hundred_megabytes_are_refused_while_they_come(house: OfficeHouse) -> None:
    """Declared, or not told: no more is taken than a file may have."""
    clerk = house.operator()
    clerk.opens("/imports")
    token = TOKEN.search(clerk.html)
    assert token
    came = 0
    head = f'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token[1]}\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'

    async def endless() -> AsyncIterator[bytes]:
        nonlocal came
        yield head.encode()
        for _megabyte in range(200):
            came += 1
            yield b"a;b;c;d\n" * 128 * 1024
            await asyncio.sleep(0)

    form = {"Content-Type": "multipart/form-data; boundary=x"}
    clerk.asks("POST", "/office/imports", content=endless(), headers=form)
    assert clerk.status == 413 and came <= gate.MAX_BYTES // 1024 // 1024 + 2
    declared = {**form, "Content-Length": str(200 * 1024 * 1024)}
    clerk.asks("POST", "/office/imports", content=head.encode(), headers=declared)
    assert clerk.status == 413
    assert house.town.run(lambda tx: not tx.rows(schema.job_file.select()))
