"""Certificates that were issued before, with what is left on them: a spreadsheet becomes rows (R2, R3.3 «open»)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

from bot.domain.application import FullName, NameTrouble, WrongName, folded_name, name_part, read_name
from bot.domain.certificate import number_of
from bot.domain.money import Money
from bot.registry import contacts, reasons, sheet, values
from bot.registry.columns import DAY
from bot.registry.form import Column, form
from bot.registry.line import Line
from bot.registry.reading import read
from bot.registry.reasons import Unclear
from bot.registry.sheet import Reading

T = TypeVar("T")
Kind = Literal["accounting", "funded"]
RUBLES = "рубли, копейки через запятую: 8792,06"
COLUMNS = (
    Column("number", "Номер сертификата", True, "10 цифр"),
    Column("child", "Ребёнок", True, "фамилия, имя и отчество; можно и тремя столбцами"),
    Column("surname", "Фамилия", False, "вместо столбца «Ребёнок»"),
    Column("first_name", "Имя", False, "вместо столбца «Ребёнок»"),
    Column("patronymic", "Отчество", False, "вместо столбца «Ребёнок»; может не быть"),
    Column("birth_date", "Дата рождения", True, DAY),
    Column("sex", "Пол", False, "м или ж"),
    Column("kind", "Вид сертификата", True, "учёта или ПФ"),
    Column("category", "Категория", False, "код или название, как в вашей системе; пусто — все дети"),
    Column("nominal", "Номинал, руб.", False, f"{RUBLES}; для сертификата ПФ"),
    Column("balance", "Остаток, руб.", False, f"{RUBLES}; сколько осталось потратить в этом периоде"),
    Column("district", "Район", False, "где живёт ребёнок: название, как в вашей системе"),
    Column("contact", "Контакт родителя", False, "телефон или почта"),
)
NAMES = """
number: сертификат, номер, № сертификата, реестровый номер, номер реестровой записи
child: фио, фио ребенка, ребенок, фамилия имя отчество, ф и о, ф и о ребенка
surname: фамилия ребенка
first_name: имя ребенка
patronymic: отчество ребенка
birth_date: дата рождения ребенка, др, родился, д р
sex: пол ребенка
kind: вид, тип сертификата, тип, вид сертификата дополнительного образования
category: категория ребенка, группа, группа сертификата, категория сертификата, группа сертификатов
nominal: номинал сертификата, номинал, номинал на период
balance: остаток на сертификате, баланс, баланс сертификата, доступный остаток, остаток средств, доступно
district: район проживания, населенный пункт, место жительства
contact: телефон, телефон родителя, контакт, контакты, e mail, email, почта, телефон представителя
"""
CERTIFICATES = form(COLUMNS, NAMES, {"child": frozenset({"surname", "first_name"})})
KINDS: dict[str, Kind] = {"уч": "accounting", "пф": "funded", "перс": "funded", "номинал": "funded"}
NOBODY = FullName("", "")


@dataclass(frozen=True)
class CertificateRow:
    """One certificate; `row` is the line's number as the spreadsheet shows it. `balance` is None for an accounting one."""

    row: int
    number: str
    name: FullName
    birth_date: date
    sex: str
    kind: Kind
    category: str
    balance: Money | None
    district: str = ""
    contact: str = ""


def parse(name: str, content: bytes) -> Reading[CertificateRow]:
    """Reads a file's name and bytes. Raises nothing: an unreadable file is an error of row 0."""
    numbers: dict[str, int] = {}
    children: dict[tuple[str, date], int] = {}

    def once(line: Line) -> CertificateRow | None:
        row = _row(line)
        if row and not line.errors:
            first = numbers.setdefault(row.number, row.row)
            if first != row.row:
                line.blame("number", Unclear(reasons.SAME_NUMBER, first))
            first = children.setdefault((folded_name(row.name), row.birth_date), row.row)
            if first != row.row:
                line.blame(_child_column(line), Unclear(reasons.SAME_CHILD, first))
        return row

    return sheet.rows(lambda: read(name, content, CERTIFICATES), once)


def _row(line: Line) -> CertificateRow | None:
    kind: Kind | None = line.must("kind", _kind, None)
    nominal, balance = line.price("nominal"), line.price("balance")
    if kind == "funded" and balance is None:
        line.blame("balance", Unclear(reasons.MISSING))
    if kind == "accounting" and balance:
        line.blame("balance", Unclear(reasons.NO_MONEY_HERE, line.text("balance")))
    if nominal is not None and balance is not None and balance > nominal:
        line.blame("balance", Unclear(reasons.MORE_THAN_NOMINAL, line.text("balance")))
    number, birth_date = line.must("number", _number, ""), line.must("birth_date", values.day, None)
    name = _name(line)
    if birth_date is None or kind is None:
        return None
    return CertificateRow(
        row=line.number,
        number=number,
        name=name,
        birth_date=birth_date,
        sex=line.may("sex", _sex, ""),
        kind=kind,
        category=line.may("category", values.name, ""),
        balance=balance if kind == "funded" else None,
        district=line.may("district", values.name, ""),
        contact=line.contact("contact", _contact),
    )


def _name(line: Line) -> FullName:
    """In one column, or in three."""
    if line.text("child") or not line.text("surname"):
        return line.must("child", lambda written: _named(read_name, written), NOBODY)
    surname = line.must("surname", lambda written: _named(name_part, written), "")
    first_name = line.must("first_name", lambda written: _named(name_part, written), "")
    return FullName(surname, first_name, line.may("patronymic", lambda written: _named(name_part, written), ""))


def _child_column(line: Line) -> str:
    return "child" if "child" in line.cells else "surname"


_TROUBLES = {
    NameTrouble.TOO_FEW: reasons.NAME_TOO_SHORT,
    NameTrouble.UNCLEAR: reasons.NAME_UNCLEAR,
    NameTrouble.TOO_LONG: reasons.NOT_A_NAME,
    NameTrouble.SIGN: reasons.NOT_A_NAME,
    NameTrouble.ALPHABETS: reasons.NOT_A_NAME,
}


def _named(reader: Callable[[str], T], written: str) -> T:
    try:
        return reader(written)
    except WrongName as wrong:
        raise Unclear(_TROUBLES[wrong.trouble], wrong.part) from None


def _number(written: str) -> str:
    """10 digits; a spreadsheet eats a zero at the beginning."""
    digits = number_of(written.zfill(10) if written.isdecimal() and len(written) == 9 else written)
    if digits is None:
        raise Unclear(reasons.NOT_A_CERTIFICATE, written)
    return digits


def _sex(written: str) -> str:
    letter = written.casefold()[:1]
    if letter not in ("м", "ж", "m", "f"):
        raise Unclear(reasons.NEITHER_M_NOR_F, written)
    return "m" if letter in ("м", "m") else "f"


def _kind(written: str) -> Kind:
    plain = re.sub(r"^сертификат\s+", "", written.casefold().replace("ё", "е"))
    for beginning, kind in KINDS.items():
        if plain.startswith(beginning):
            return kind
    raise Unclear(reasons.NOT_A_CERTIFICATE_KIND, written)


def _contact(written: str) -> str:
    """A telephone or an e-mail address."""
    return contacts.email(written) if "@" in written else contacts.phone(written)
