"""The pfdo.ru public API, v2 and v3: `{data: programs, result_code, result_message}`, a program with its modules and available groups.

It tells free places, not how many a group has; ages in months; a price with each group.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.registry import reasons
from bot.registry.loose import WEEKDAYS, day, first, hour, items, text, yes
from bot.registry.reasons import Unclear

FIELDS = {
    "program_id": "id",
    "program": "full_name",
    "municipality": "mun",
    "registry": "kind",
    "direction": "direction_id",
    "description": "annotation",
    "age_min": "age_group_min",
    "age_max": "age_group_max",
    "ovz": "ovz",
    "provider": "organization",
    "module": "modules",
    "price": "period_price",
    "group": "name",
    "settlement": "settlement",
    "start": "start_date",
    "stop": "end_date",
    "seats": "free_places_counter",
    "free": "free_places_counter",
    "timetable": "timetable",
}
"""What the columns are called in an answer."""
DIRECTIONS = {
    "2": "Техническая",
    "3": "Художественная",
    "4": "Естественнонаучная",
    "5": "Социально-гуманитарная",
    "6": "Туристско-краеведческая",
    "7": "Физкультурно-спортивная",
}
ARCHIVED = ("archive", "closed", "deleted", "архив", "закрыт", "удален")


def knows(document: Any) -> bool:
    """The envelope tells it."""
    return isinstance(document, Mapping) and "data" in document and "result_code" in document


def groups(document: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """A line for each group of each living program. Raises Unclear for the portal's own error."""
    if text(document["result_code"]) not in ("0", "200", ""):
        raise Unclear(reasons.FAILED_ANSWER, text(document.get("result_message")) or text(document["result_code"]))
    for program in _programs(document["data"]):
        if not text(program.get("status")).casefold().startswith(ARCHIVED):
            modules = {text(module.get("id")): module for module in items(program.get("modules"))}
            for group in items(program.get("available_groups")):
                yield {**_program(program), **_group(group, modules.get(text(group.get("module_id")), {}))}


def _programs(data: Any) -> list[Mapping[str, Any]]:
    """A list, one program, or a page of them."""
    pages = [data[name] for name in ("items", "programs", "list") if name in data] if isinstance(data, Mapping) else []
    return items(pages[0] if pages else data)


def _program(its: Mapping[str, Any]) -> dict[str, str]:
    organization = its.get("organization")
    who = organization if isinstance(organization, Mapping) else {"name": organization}
    direction = first(its, "direction_id", "direction")
    return {
        "program_id": first(its, "id", "program_id"),
        "municipality": _named(its.get("mun")),
        "provider": first(who, "name", "full_name", "short_name"),
        "kind": first(who, "type", "kind"),
        "inn": first(who, "inn"),
        "phone": first(who, "phone", "phones"),
        "site": first(who, "site", "url"),
        "email": first(who, "email"),
        "program": first(its, "full_name", "short_name"),
        "description": first(its, "annotation"),
        "registry": first(its, "kind") or "сертифицированная",
        "direction": DIRECTIONS.get(direction, direction),
        "form": first(its, "edu_form"),
        "age_min": _months(its.get("age_group_min")),
        "age_max": _months(its.get("age_group_max")),
        "ovz": "да" if yes(its.get("ovz")) or items(its.get("zab")) or text(its.get("zab")) else "нет",
    }


def _group(its: Mapping[str, Any], module: Mapping[str, Any]) -> dict[str, str]:
    free = first(its, "free_places_counter")
    return {
        "module_id": first(its, "module_id"),
        "module": first(module, "name", "full_name"),
        "price": first(its, "period_price") or first(module, "price"),
        "normative": first(module, "normative_price", "normative"),
        "group_id": first(its, "id"),
        "group": first(its, "name"),
        "start": day(its.get("start_date")),
        "stop": day(its.get("end_date")),
        "seats": UNKNOWN_SEATS if free else "",
        "free": free,
        "settlement": _named(its.get("settlement")) or _named(its.get("mun")),
        "address": first(its, "address"),
        "timetable": "; ".join(map(_lesson, items(its.get("timetable")))),
    }


UNKNOWN_SEATS = "1000"
"""As many as are free, and those that are taken here."""


def _months(age: Any) -> str:
    """A trap: months, though the name does not say so; in quotation marks, and as «72.0»."""
    written = text(age)
    return f"{written} мес" if written else ""


def _lesson(its: Mapping[str, Any]) -> str:
    """`week_day` counts from 1, Monday; `week_policy` says whether `is_odd` means anything."""
    number = text(its.get("week_day"))
    weekday = WEEKDAYS[int(number) - 1] if number in set("1234567") else number
    every = text(its.get("week_policy")).casefold() in ("", "0", "every", "all", "каждую неделю")
    weeks = "" if every else " (нечётные недели)" if yes(its.get("is_odd")) else " (чётные недели)"
    return f"{weekday} {hour(its.get('start_time'))}–{hour(its.get('end_time'))}{weeks}"


def _named(value: Any) -> str:
    """A name, or an object that has one; a number names nothing."""
    name = first(value, "name", "full_name") if isinstance(value, Mapping) else text(value)
    return "" if name.isdecimal() else name
