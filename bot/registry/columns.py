"""Columns of a registry: how clerks name them, which must be there, and what the template says about each."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Column(NamedTuple):
    """`key` is the column's name in the code, `header` the one in the template; `format` tells a clerk."""

    key: str
    header: str
    required: bool
    format: str


WHOLE = "целое число"
MONEY = "рубли, копейки через запятую: 1200,50; бесплатно — 0; цена неизвестна — пусто"
DAY = "дата: 01.09.2026"
YES_NO = "да или нет"
NUMBER = "номер или код, который не меняется от файла к файлу; по нему строка узнаётся при повторной загрузке"

COLUMNS = (
    Column("program_id", "ID программы", False, NUMBER),
    Column("module_id", "ID модуля", False, NUMBER),
    Column("group_id", "ID группы", False, NUMBER),
    Column("municipality", "Муниципалитет", True, "название, как в вашей системе"),
    Column("provider", "Поставщик", True, "название организации"),
    Column(
        "kind", "Тип поставщика", False, "муниципальная, государственная, частная или ИП; пусто, если видно из названия"
    ),
    Column("inn", "ИНН", False, "10 или 12 цифр"),
    Column("phone", "Телефон", False, "номер с кодом города"),
    Column("site", "Сайт", False, "адрес сайта"),
    Column("email", "E-mail", False, "адрес почты"),
    Column("program", "Программа", True, "название программы"),
    Column("description", "Краткое описание", False, "одно-два предложения для родителей"),
    Column("registry", "Реестр", True, "один из реестров, выберите из списка"),
    Column("direction", "Направленность", True, "одна из шести направленностей, выберите из списка"),
    Column("activity", "Вид деятельности", False, "текст"),
    Column("form", "Форма обучения", False, "очная, очно-заочная, дистанционная…"),
    Column("age", "Возраст", True, "полных лет: 7–9; вместо него можно «Возраст от» и «Возраст до»"),
    Column("age_min", "Возраст от", False, "полных лет"),
    Column("age_max", "Возраст до", False, "полных лет"),
    Column("ovz", "Для детей с ОВЗ", False, YES_NO),
    Column("module", "Модуль", False, "название модуля; пусто, если он один"),
    Column("price", "Цена модуля, руб.", False, MONEY),
    Column("normative", "Нормативная стоимость, руб.", False, "рубли; пусто, если нормативной стоимости нет"),
    Column("group", "Группа", True, "название группы"),
    Column("start", "Начало занятий", True, DAY),
    Column("stop", "Окончание занятий", True, DAY),
    Column("seats", "Мест в группе", True, WHOLE),
    Column("free", "Свободных мест", False, "целое число; пусто, если считать их не нужно"),
    Column("settlement", "Населённый пункт", True, "город, посёлок или село"),
    Column("district", "Район", False, "район или округ города"),
    Column("address", "Адрес", False, "улица и дом, где занимается группа"),
    Column("timetable", "Расписание", False, "дни и время: Пн, Ср 15:00–16:30; Сб 10:00–11:30 (чётные недели), каб. 5"),
    Column("days", "Дни занятий", False, "вместо «Расписание», вместе с «Время занятий»: Пн, Ср"),
    Column("hours", "Время занятий", False, "вместо «Расписание», вместе с «Дни занятий»: 15:00–16:30"),
    Column("teacher", "Педагог", False, "имя педагога или пусто"),
    Column("open", "Запись открыта", False, "да или нет; пусто — да"),
)

# How else the same columns are called; case, ё, punctuation and units («руб.») make no difference.
NAMES = """
program_id: id программы, ид программы, код программы, номер программы, идентификатор программы, program id
module_id: ид модуля, код модуля, номер модуля, идентификатор модуля, module id
group_id: ид группы, код группы, номер группы, идентификатор группы, group id
municipality: муниципальное образование, мо, округ муниципальный, муниципальный округ, городской округ, район мо
municipality: наименование муниципалитета, муниципалитет программы, муниципальный район, уполномоченный орган
provider: организация, наименование организации, название организации, поставщик услуг, исполнитель, учреждение
provider: наименование поставщика, образовательная организация, наименование учреждения, исполнитель услуг
kind: тип организации, вид организации, форма собственности, вид поставщика, тип учреждения
inn: инн организации, инн поставщика, инн исполнителя
phone: телефон организации, контактный телефон, тел, телефоны, телефон поставщика, номер телефона
site: сайт организации, адрес сайта, веб сайт, официальный сайт, ссылка на сайт
email: email, электронная почта, почта, эл почта, адрес электронной почты, mail, e mail организации
program: название программы, наименование программы, полное наименование программы, наименование, название
program: образовательная программа, дополнительная общеразвивающая программа, кружок, название кружка
program: наименование доп
description: описание, аннотация, описание программы, краткое описание программы, анонс, о программе
registry: реестр программ, вид реестра, тип реестра, тип программы, статус программы, категория программы, вид
registry: программы
direction: направление, направленность программы, направленность доп
activity: деятельность, профиль, вид спорта, профиль программы, вид занятий, тематика, направление деятельности
form: форма, форма занятий, форма реализации, форма проведения
age: возраст детей, возраст обучающихся, возрастная категория, возраст учащихся, возрастная группа, возраст
age: лет, возраст от до
age_min: возраст с, мин возраст, минимальный возраст, от лет, возраст мин, возраст минимальный, возраст от лет
age_min: возраст детей от
age_max: возраст по, макс возраст, максимальный возраст, до лет, возраст макс, возраст максимальный, возраст до
age_max: лет, возраст детей до
ovz: овз, адаптированная, адаптированная программа, программа для овз, дети с овз, доступно для овз
module: название модуля, наименование модуля, модуль программы, год обучения, этап
price: цена, стоимость, цена модуля, стоимость модуля, цена программы, стоимость программы, стоимость обучения
price: полная стоимость, стоимость за период, стоимость услуги, цена за модуль
normative: норматив, нормативная стоимость, нормативная цена, нормативная стоимость модуля, нормативные затраты
group: название группы, наименование группы, учебная группа, группа обучения
start: дата начала, начало, дата начала занятий, начало обучения, дата начала обучения, период с, дата с, начало
start: периода, дата начала группы
stop: дата окончания, окончание, конец, дата окончания занятий, окончание обучения, дата окончания обучения
stop: период по, дата по, конец периода, дата конца, конец занятий, дата завершения, дата окончания группы
seats: мест, места, всего мест, количество мест, кол во мест, число мест, наполняемость, размер группы
seats: вместимость, количество детей в группе, мест всего
free: свободно, свободные места, свободно мест, количество свободных мест, вакантные места, вакантных мест
free: осталось мест
settlement: город, населенный пункт группы, нас пункт, город поселок, место нахождения, поселок, нп
district: район города, городской район, округ, округ города, административный округ, внутригородской район
district: микрорайон
address: адрес занятий, место проведения, адрес проведения, место проведения занятий, адрес проведения занятий
address: адрес группы, место занятий, адрес реализации
timetable: расписание занятий, расписание группы, дни и время занятий, дни и время, график занятий, график, режим
timetable: занятий
days: дни недели, дни, день недели
hours: время, часы занятий, время проведения
teacher: преподаватель, фио педагога, тренер, руководитель, руководитель кружка, фио преподавателя
open: запись, набор, набор открыт, идет набор, открыта запись, прием заявок, зачисление открыто
"""

# A column for each day of the week is how many timetables are kept; they stand in no template.
WEEKDAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
SHORT_WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
UNITS = re.compile(r"\b(?:руб|рублей|рубли|р|лет|чел|человек|шт|при наличии|обязательное поле|обязательно)\b")
HEADER_ROWS = 20  # the header is one of the first
BY_KEY = {column.key: column for column in COLUMNS}


@dataclass(frozen=True)
class Heading:
    """What a header row says: where each known column stands, how it is called there, and what was not understood."""

    columns: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()

    def missing(self) -> tuple[str, ...]:
        """The template's headers of required columns that are not here; either of two age columns stands for one."""
        here = set(self.columns)
        if {"age_min", "age_max"} & here:
            here.add("age")
        return tuple(column.header for column in COLUMNS if column.required and column.key not in here)


def heading(cells: Sequence[object]) -> Heading:
    """Reads a row as a header; a row of something else has few known columns or none."""
    columns: dict[str, int] = {}
    names: dict[str, str] = {}
    unknown: list[str] = []
    repeated: list[str] = []
    for index, cell in enumerate(cells):
        name = " ".join(str(cell).split())
        key = _key(name)
        if key is None:
            unknown += [name] if name else []
        elif key in columns:
            repeated.append(name)
        else:
            columns[key], names[key] = index, name
    return Heading(columns, names, tuple(unknown), tuple(repeated))


def header(rows: Sequence[Sequence[object]]) -> tuple[int, Heading]:
    """Where the header is (0-based): the first rows' best, since clerks put titles above it."""
    headings = [heading(row) for row in rows[:HEADER_ROWS]]
    best = max(headings, key=lambda each: len(each.columns), default=Heading())
    return (headings.index(best) if headings else 0), best


def _key(name: str) -> str | None:
    """Tried as written, then without what stands in brackets, then without units («руб.», «лет»)."""
    bare = re.sub(r"\(.*?\)", " ", name)
    for tried in (_plain(name), _plain(bare), _without_units(name), _without_units(bare)):
        if tried in _KEYS:
            return _KEYS[tried]
    return None


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", name.casefold().replace("ё", "е")).split())


def _without_units(name: str) -> str:
    return _plain(UNITS.sub("", _plain(name)))


_KEYS = {_plain(column.header): column.key for column in COLUMNS}
for _column, _, _names in (line.partition(": ") for line in NAMES.strip().split("\n")):
    _KEYS |= {_plain(name): _column for name in _names.split(", ")}
_KEYS |= {name: f"day{index}" for names in (WEEKDAYS, SHORT_WEEKDAYS) for index, name in enumerate(names)}
