"""Files as clerks send them: what is read, what is refused, and that a bad row never loses a good one."""

from datetime import date, time
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from bot.domain.money import Money
from bot.registry import gate, reading, reasons, workbook
from bot.registry.line import Note, RowError
from bot.registry.parsing import parse
from bot.registry.rows import Lesson
from tests.registry.sheets import CELLS, csv_file, line, reading_of, xlsx_file

HEADER = list(CELLS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_csv_is_read_in_any_encoding_with_any_separator(encoding, separator):
    rows = (HEADER, line(Группа="Группа; первая, и | единственная"), line(Группа="Вторая\nгруппа"))
    read = parse("реестр.csv", csv_file(*rows, separator=separator, encoding=encoding))
    assert read.errors == read.notes == ()
    assert [row.group.name for row in read.rows] == ["Группа; первая, и | единственная", "Вторая группа"]
    assert [row.number for row in read.rows] == [2, 3]


@pytest.mark.parametrize("encoding", ["cp866", "koi8-r"])
def test_csv_of_old_programs_is_read_too(encoding):
    (row,) = parse("реестр.csv", csv_file(HEADER, line(Поставщик="Дом творчества"), encoding=encoding)).rows
    assert (row.program.name, row.group.settlement) == ("Робототехника", "Апатиты")


def test_a_whole_line_is_understood():
    extra = {
        "ID программы": '="000123"',
        "ИНН": "9800000013",
        "Телефон": "8 (8152) 00-00-17",
        "Вид деятельности": "Робототехника",
        "Краткое описание": "Собираем роботов.\nИ программируем.",
        "Форма обучения": "очная",
        "ОВЗ": "Да",
        "Модуль": "Первый год",
        "Цена": "1 200,50",
        "Норматив": "",
        "Свободных мест": "0",
        "Район": "Центр",
        "Адрес": "ул. Мира, д. 1",
        "Расписание": "Пн 15:00–16:30; Сб 10:00-11:30 (чётные недели)",
        "Педагог": "",
        "Запись открыта": "нет",
    }
    (row,) = reading_of(extra).rows
    assert (row.program.external_id, row.program.key, row.program.provider_key) == ("000123", "000123", "9800000013")
    assert (row.program.registry, row.program.direction, row.program.ovz) == ("certified", "Техническая", True)
    assert (row.program.age_min, row.program.age_max) == (7, 9)
    assert row.program.description == "Собираем роботов.\nИ программируем."
    assert row.program.provider.phone == "+78152000017"
    assert (row.module.name, row.module.price, row.module.normative) == ("Первый год", Money(1200_50), None)
    assert (row.group.start, row.group.stop) == (date(2026, 9, 1), date(2027, 5, 31))
    assert (row.group.seats, row.group.free, row.group.open) == (12, 0, False)
    assert row.group.lessons == (Lesson(0, time(15), time(16, 30)), Lesson(5, time(10), time(11, 30), "even"))


def test_columns_come_in_any_order_case_and_wording():
    renamed = {
        "МУНИЦИПАЛЬНОЕ ОБРАЗОВАНИЕ *": "Город Апатиты",
        "наименование  организации": "МБУ ДО «Пример»",
        "Кружок": "Робототехника",
        "Вид реестра": "сертифицированная",
        "Направленность\nпрограммы": "Техническая",
        "Возраст (от), лет": "7",
        "Возраст до (лет)": "9",
        "Наименование группы": "Группа 1",
        "Дата начала": "2026-09-01",
        "Дата окончания": "2027-05-31",
        "Кол-во мест, чел.": "12",
        "Населенный пункт": "Апатиты",
        "Стоимость (руб.)": "бесплатно",
    }
    read = reading_of(dict(reversed(renamed.items())), without=HEADER)
    assert read.errors == read.notes == ()
    assert (read.rows[0].program.age_min, read.rows[0].program.age_max) == (7, 9)
    assert (read.rows[0].program.provider.kind, read.rows[0].module.price) == ("municipal", Money(0))


def test_an_absent_price_is_not_a_free_one():
    assert reading_of({"Цена": ""}).rows[0].module.price is None
    assert reading_of({"Цена": "0"}).rows[0].module.price == Money(0)


def test_missing_columns_are_all_named():
    read = reading_of({}, without=("Реестр", "Возраст"))
    assert read.rows == ()
    assert [(error.reason, error.value) for error in read.errors] == [
        (reasons.MISSING_COLUMN, "Реестр"),
        (reasons.MISSING_COLUMN, "Возраст"),
    ]


def test_unknown_and_repeated_columns_are_noted():
    read = parse("реестр.csv", csv_file([*HEADER, "Цвет стен", "группа"], [*line(), "синий", "Другая"]))
    assert read.rows[0].group.name == "Группа 1"
    assert read.notes == (
        Note(1, "Цвет стен", reasons.UNKNOWN_COLUMN, "Цвет стен"),
        Note(1, "группа", reasons.REPEATED_COLUMN, "группа"),
    )


def test_bad_rows_never_lose_the_good_ones_and_tell_every_mistake():
    bad = line(Группа="Группа 2", Возраст="512-12", Начало_занятий="01.09.26", Мест_в_группе="")
    read = parse("реестр.csv", csv_file(["Реестр программ"], [], HEADER, line(), bad, [], line(Группа="Группа 3")))
    assert [(row.number, row.group.name) for row in read.rows] == [(4, "Группа 1"), (7, "Группа 3")]
    assert read.errors == (
        RowError(5, "Возраст", reasons.IMPOSSIBLE_AGE, "512-12"),
        RowError(5, "Начало занятий", reasons.SHORT_YEAR, "01.09.26"),
        RowError(5, "Мест в группе", reasons.MISSING),
    )


def test_short_and_empty_lines_of_separators():
    content = csv_file(HEADER, line(), [""] * len(HEADER), ["Город Апатиты"])
    read = parse("реестр.csv", content)
    assert len(read.rows) == 1
    assert {error.row for error in read.errors} == {4}


def test_the_end_is_not_before_the_start_and_free_seats_fit():
    assert reading_of({"Окончание занятий": "31.08.2026"}).errors == (
        RowError(2, "Окончание занятий", reasons.STOP_BEFORE_START, "31.08.2026"),
    )
    assert reading_of({"Окончание занятий": "01.09.2026"}).errors == ()
    assert reading_of({"Свободных мест": "13"}).errors == (
        RowError(2, "Свободных мест", reasons.MORE_FREE_THAN_SEATS, "13"),
    )


def test_a_bad_contact_is_left_out_with_a_note():
    read = reading_of({"Телефон": "по вечерам"})
    assert read.rows[0].program.provider.phone == ""
    assert read.notes == (Note(2, "Телефон", reasons.NOT_A_PHONE, "по вечерам"),)


def test_a_kind_that_nobody_tells_is_an_error():
    assert reading_of({"Тип поставщика": ""}).errors == (
        RowError(2, "Тип поставщика", reasons.UNKNOWN_KIND, "Дом творчества «Пример»"),
    )
    assert (
        reading_of({"Поставщик": "ООО «Пример»"}, without=["Тип поставщика"]).rows[0].program.provider.kind == "private"
    )


def test_timetables_in_columns_of_their_own():
    monday, wednesday = Lesson(0, time(15), time(16, 30)), Lesson(2, time(10), time(11, 30))
    by_days = reading_of({"Понедельник": "15:00-16:30", "Вт": "", "СРЕДА": "10.00-11.30"})
    assert by_days.rows[0].group.lessons == (monday, wednesday)
    together = reading_of({"Дни недели": "Пн", "Время": "15:00–16:30"})
    assert together.rows[0].group.lessons == (monday,)
    half = reading_of({"Дни недели": "Пн", "Время": ""})
    assert half.errors == (RowError(2, "Дни недели", reasons.DAY_WITHOUT_TIME, "Пн"),)


def test_rows_that_contradict_an_earlier_one_are_refused():
    header = ["ID программы", "ID модуля", *HEADER, "Цена"]

    def row(program, module, price="", **changes):
        return [program, module, *line(**changes), price]

    read = parse(
        "реестр.csv",
        csv_file(
            header,
            row("П1", "М1"),
            row("П1", "М1", Группа="Группа 2"),
            row("П1", "М1", Группа="Группа 3", Возраст="8-9"),
            row("П1", "М1", Группа="Группа 4", price="100"),
            row("П1", "М1", Группа="группа  1"),
            row("П2", "М1", Группа="Группа 5"),
            row("П2", "М2", Группа="Группа 5"),
        ),
    )
    assert [row.number for row in read.rows] == [2, 3, 8]
    assert read.errors == (
        RowError(4, "Возраст", reasons.OTHER_PROGRAM, "2"),
        RowError(5, "Цена", reasons.OTHER_MODULE, "2"),
        RowError(6, "Группа", reasons.SAME_GROUP, "2"),
        RowError(7, "ID модуля", reasons.OTHER_MODULE, "2"),
    )


def test_without_ids_the_provider_and_the_name_tell_the_program():
    two = csv_file(HEADER, line(), line(Группа="Группа 2", Поставщик="ДОМ ТВОРЧЕСТВА  «Пример»"))
    first, second = csv_file(HEADER, line()), csv_file(HEADER, line(Программа="РОБОТОТЕХНИКА "))
    assert parse("а.csv", first).rows[0].program.key == parse("а.csv", second).rows[0].program.key
    assert [error.reason for error in parse("а.csv", two).errors] == [reasons.OTHER_PROGRAM]


def test_a_quotation_mark_that_nobody_closed_swallows_no_other_row():
    good = ";".join(line(Группа="Группа 2"))
    broken = ";".join(line()).replace("Робототехника", '"Робототехника')
    text = "\n".join([";".join(HEADER), broken, good, ";".join(line(Группа="Группа 3"))])
    read = parse("реестр.csv", text.encode())
    assert [row.group.name for row in read.rows] == ["Группа 1", "Группа 2", "Группа 3"]


def test_a_damaged_byte_costs_one_row_not_the_file():
    for encoding in ("utf-8", "cp1251"):
        content = csv_file(HEADER, line(Программа="Робототехника"), line(Группа="Группа 2"), encoding=encoding)
        damaged = content.replace("Робото".encode(encoding), b"\x98\x98", 1)
        read = parse("реестр.csv", damaged)
        assert [row.group.name for row in read.rows] == ["Группа 2"]
        assert [(error.row, error.column, error.reason) for error in read.errors] == [
            (2, "Программа", reasons.UNREADABLE)
        ]


def test_a_first_line_may_tell_the_separator():
    assert len(parse("реестр.csv", b"sep=;\r\n" + csv_file(HEADER, line(), encoding="utf-8")).rows) == 1


def test_a_workbook_with_titles_dates_numbers_and_merged_cells():
    header = [*HEADER, "Цена"]
    numbers = {"Возраст": 7.0, "Начало занятий": date(2026, 9, 1), "Окончание занятий": 46538, "Мест в группе": 12}
    first = [numbers.get(name, cell) for name, cell in CELLS.items()] + [1200.5]
    second = [numbers.get(name, cell) for name, cell in (CELLS | {"Группа": "Группа 2", "Программа": ""}).items()]
    read = parse("реестр.xlsx", xlsx_file(["Реестр"], [], header, first, [*second, 1200.5], merged=["D4:D5"]))
    assert read.errors == read.notes == ()
    assert [row.number for row in read.rows] == [4, 5]
    assert [row.program.name for row in read.rows] == ["Робототехника", "Робототехника"]
    assert (read.rows[0].group.start, read.rows[0].group.stop) == (date(2026, 9, 1), date(2027, 5, 31))
    assert read.rows[0].module.price == Money(1200_50)


def test_an_error_of_a_formula_is_told_not_taken_for_an_empty_cell():
    read = parse("реестр.xlsx", xlsx_file([*HEADER, "Цена"], [*line(), "#DIV/0!"]))
    assert read.errors == (RowError(2, "Цена", reasons.FORMULA_ERROR, "#DIV/0!"),)


def test_an_age_that_excel_made_a_date_of():
    read = parse("реестр.xlsx", xlsx_file(HEADER, [date(2026, 9, 7) if cell == "7-9" else cell for cell in line()]))
    assert read.errors == (RowError(2, "Возраст", reasons.AGE_BECAME_DATE, "2026-09-07"),)


def whole_file(name, content):
    read = parse(name, content)
    assert read.rows == ()
    assert [(error.row, error.column) for error in read.errors] == [(0, "")]
    return read.errors[0].reason


def archive(**parts):
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/").replace("_", "."), content)
    return file.getvalue()


def sheet_with(cell):
    """A workbook one of whose cells is written by hand."""
    file = BytesIO()
    with ZipFile(BytesIO(xlsx_file(HEADER, line()))) as whole, ZipFile(file, "w") as changed:
        for name in whole.namelist():
            content = whole.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b"</sheetData>", cell + b"</sheetData>")
            changed.writestr(name, content)
    return file.getvalue()


def test_files_that_are_no_registry_are_refused_with_a_reason():
    assert whole_file("пусто.csv", b"") == reasons.EMPTY_FILE
    assert whole_file("пусто.csv", b" \r\n \r\n") == reasons.EMPTY_FILE
    assert whole_file("пусто.csv", b"\xef\xbb\xbf") == reasons.EMPTY_FILE
    assert whole_file("пусто.xlsx", xlsx_file()) == reasons.EMPTY_FILE
    assert whole_file("письмо.txt", "Здравствуйте!\nВысылаю реестр.".encode()) == reasons.NO_HEADER
    assert whole_file("рисунок.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x01\x02") == reasons.UNKNOWN_FORMAT
    assert whole_file("старый.xls", gate.OLE + b"\0" * 500) == reasons.OLD_WORKBOOK
    assert whole_file("архив.zip", archive(readme_txt="x")) == reasons.UNKNOWN_FORMAT
    assert whole_file("макросы.xlsm", archive(xl__workbook_xml="<a/>", xl__vbaProject_bin="x")) == reasons.MACROS
    assert whole_file("только-шапка.csv", csv_file(HEADER)) == reasons.NO_ROWS


def changed_workbook(**parts):
    """A good workbook with parts added, or with others in their place."""
    file = BytesIO()
    with ZipFile(BytesIO(xlsx_file(HEADER, line()))) as whole, ZipFile(file, "w") as changed:
        added = {name.replace("__", "/"): content for name, content in parts.items()}
        for name in whole.namelist():
            changed.writestr(name, added.pop(name, None) or whole.read(name))
        for name, content in added.items():
            changed.writestr(name, content)
    return file.getvalue()


def test_workbooks_with_macros_or_with_values_from_elsewhere_are_refused():
    types = b'<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
    assert whole_file("а.xlsx", changed_workbook(**{"[Content_Types].xml": types})) == reasons.MACROS
    assert whole_file("а.xlsx", changed_workbook(**{"xl/macrosheets/sheet1.xml": b"<a/>"})) == reasons.MACROS
    assert whole_file("а.xlsx", changed_workbook(**{"xl/externalLinks/link1.xml": b"<a/>"})) == reasons.OTHER_FILES
    assert whole_file("а.xlsx", changed_workbook(**{"xl/connections.xml": b"<a/>"})) == reasons.OTHER_FILES


def test_a_formula_gives_its_result_and_one_without_a_result_is_refused():
    reckoned = sheet_with(b'<row r="3"><c r="A3"><f>1+1</f><v>2</v></c></row>')
    assert {error.row for error in parse("а.xlsx", reckoned).errors} == {3}
    assert whole_file("а.xlsx", sheet_with(b'<row r="3"><c r="A3"><f>1+1</f></c></row>')) == reasons.NO_RESULT
    assert reading_of({"Программа": "=cmd|'/C calc'!A0"}).errors == (
        RowError(2, "Программа", reasons.FORMULA, "=cmd|'/C calc'!A0"),
    )


def test_an_archive_of_thousands_of_parts_is_refused_before_it_is_looked_through():
    parts = {f"xl/worksheets/sheet{number}.xml": b"" for number in range(workbook.MAX_PARTS)}
    assert whole_file("а.xlsx", archive(xl__workbook_xml="<a/>", **parts)) == reasons.UNKNOWN_FORMAT


def test_hundreds_of_thousands_of_empty_rows_are_passed_over():
    empty = (";" * (len(HEADER) - 1) + "\n") * workbook.MAX_ROWS
    content = csv_file(HEADER, line()) + empty.encode()
    assert len(parse("а.csv", content).rows) == 1
    assert whole_file("а.csv", content + csv_file(line(), encoding="utf-8")) == reasons.TOO_MANY_ROWS
    rows = b"".join(b'<row r="%d"></row>' % number for number in range(3, 50_000))
    assert len(parse("а.xlsx", sheet_with(rows)).rows) == 1


def test_a_files_name_is_shown_plainly():
    assert gate.shown_name("../../etc/passwd") == "passwd"
    assert gate.shown_name("C:\\Мои файлы\\реестр 2026.xlsx") == "реестр 2026.xlsx"
    assert gate.shown_name("a\x00b\n\u202ec.csv") == "abc.csv"
    long = gate.shown_name("я" * 300 + ".xlsx")
    assert len(long) <= gate.LONGEST_NAME and long.endswith(".xlsx")
    assert gate.shown_name("/") == gate.shown_name("..") == "file"


def test_damaged_workbooks_are_refused():
    whole = xlsx_file(HEADER, line())
    assert whole_file("реестр.xlsx", whole[: len(whole) // 2]) == reasons.BROKEN_FILE
    assert whole_file("реестр.xlsx", b"PK" + b"x" * 100) == reasons.BROKEN_FILE
    assert whole_file("реестр.xlsx", archive(xl__workbook_xml="<a>")) == reasons.BROKEN_FILE
    assert whole_file("реестр.xlsx", archive(xl__workbook_xml="<a/>")) == reasons.BROKEN_FILE


def test_any_damaged_byte_gives_an_answer_and_no_exception():
    whole = xlsx_file(HEADER, line())
    for place in range(0, len(whole), 23):
        damaged = bytearray(whole)
        damaged[place] ^= 0x55
        read = parse("реестр.xlsx", bytes(damaged))
        assert read.rows or read.errors


def test_a_zip_bomb_does_not_explode(monkeypatch):
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 1_000_000)
    bomb = archive(xl__workbook_xml="<a/>", xl__worksheets__sheet1_xml="<a>" + " " * 2_000_000 + "</a>")
    assert len(bomb) < 10_000
    assert whole_file("реестр.xlsx", bomb) == reasons.TOO_BIG


def test_a_value_in_the_farthest_corner_is_refused_before_room_is_made_for_it():
    assert (
        whole_file("а.xlsx", sheet_with(b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>'))
        == reasons.TOO_MANY_ROWS
    )
    assert whole_file("а.xlsx", sheet_with(b'<row r="3"><c r="XFD3"><v>1</v></c></row>')) == reasons.TOO_MANY_COLUMNS


def test_cells_that_are_only_coloured_do_not_count():
    assert len(parse("а.xlsx", sheet_with(b'<row r="1048576"><c r="XFD1048576" s="1"/></row>')).rows) == 1


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 4)
    rows = [line(Группа=f"Группа {number}") for number in range(4)]
    assert len(parse("реестр.csv", csv_file(HEADER, *rows[:3])).rows) == 3
    assert whole_file("реестр.csv", csv_file(HEADER, *rows)) == reasons.TOO_MANY_ROWS


def test_a_very_long_value_is_told_by_its_beginning():
    (error,) = reading_of({"Возраст": "семь " * 1000}).errors
    assert error.value.startswith("семь семь") and error.value.endswith("…")
    assert len(error.value) < 100


def test_reasons_are_sentences_that_take_any_value():
    read = reading_of({"Возраст": "{0} {value} %s", "Мест в группе": "<b>", "Группа": "x" * 301})
    assert [error.reason.format(value=error.value) for error in read.errors] == [
        "“{0} {value} %s” is not an age. Write whole years, for example: 7–9.",
        "“<b>” is not a whole number.",
        "The text is longer than 300 characters. Shorten it.",
    ]
