"""The exchange of АИС «Навигатор»: lists of partners, programs, groups and schedules that know each other by `uuid`.

Everything is a string, booleans too; what was deleted is still sent, and an object may come in several versions.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from bot.registry.loose import WEEKDAYS, day, first, hour, items, text, yes

Object = Mapping[str, Any]
FIELDS = {
    "program_id": "uuid",
    "group_id": "uuid",
    "provider": "publicName",
    "kind": "typeOrg",
    "phone": "phone",
    "site": "site",
    "email": "email",
    "program": "name",
    "description": "announce",
    "registry": "certificateRequired",
    "direction": "focusCode",
    "age_min": "minAge",
    "age_max": "maxAge",
    "price": "financingSources",
    "group": "name",
    "settlement": "settlement",
    "start": "dateBegin",
    "stop": "dateEnd",
    "seats": "size",
    "open": "isLocked",
    "address": "address",
    "timetable": "weekDays",
}
"""What the columns are called in an exchange."""
DIRECTIONS = {
    "tech": "Техническая",
    "sci": "Естественнонаучная",
    "nat": "Естественнонаучная",
    "est": "Естественнонаучная",
    "sport": "Физкультурно-спортивная",
    "phys": "Физкультурно-спортивная",
    "fiz": "Физкультурно-спортивная",
    "art": "Художественная",
    "hud": "Художественная",
    "tour": "Туристско-краеведческая",
    "tur": "Туристско-краеведческая",
    "soc": "Социально-гуманитарная",
}
GONE = ("archiv", "draft", "delet", "reject", "архив", "чернов", "удал", "отклон")
CERTIFICATE = re.compile("серт|cert|пф|pf")
ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def knows(document: Any) -> bool:
    """Programs and groups beside each other."""
    return isinstance(document, Mapping) and bool(_named(document, "program")) and bool(_named(document, "group"))


def groups(document: Object) -> Iterator[dict[str, str]]:
    """A line for each living group of a living program; a group whose program was not sent is a line with what is missing."""
    partners, programs, groups_ = (_living(document, name) for name in ("partner", "program", "group"))
    directions = {uuid: first(its, "name") for uuid, its in _living(document, "direction").items()}
    deleted = {text(its.get("uuid")) for its in _latest(document, "program") if _gone(its)}
    lessons: defaultdict[str, list[str]] = defaultdict(list)
    for its in _living(document, "schedule").values():
        lessons[text(its.get("groupUuid"))] += _lessons(its)
    for uuid, group in groups_.items():
        of = text(group.get("programUuid"))
        if of not in deleted:
            program = programs.get(of, {})
            partner = partners.get(text(program.get("partnerUuid")), {})
            timetable = "; ".join(dict.fromkeys(lessons[uuid]))
            yield {
                **_partner(partner),
                **_program(program, directions),
                **_group(group, program),
                "timetable": timetable,
            }


def _named(document: Object, name: str) -> list[Object]:
    """`program`, `programs`, `Programs`…"""
    return next((items(value) for key, value in document.items() if key.casefold() in (name, f"{name}s")), [])


def _latest(document: Object, name: str) -> list[Object]:
    """The last version of each object, in the order of the file."""
    found: dict[str, Object] = {}
    for its in _named(document, name):
        uuid = text(its.get("uuid"))
        if uuid not in found or _version(its) >= _version(found[uuid]):
            found[uuid] = its
    return list(found.values())


def _version(its: Object) -> tuple[int, str]:
    """`lastmodifiedTs`: numbers grow in length, written instants do not."""
    written = text(its.get("lastmodifiedTs"))
    return len(written), written


def _living(document: Object, name: str) -> dict[str, Object]:
    return {text(its.get("uuid")): its for its in _latest(document, name) if not _gone(its)}


def _gone(its: Object) -> bool:
    return yes(its.get("isDeleted")) or text(its.get("state")).casefold().startswith(GONE)


def _partner(its: Object) -> dict[str, str]:
    """The address of the partner is where groups are that tell none."""
    return {
        "provider": first(its, "publicName", "shortName"),
        "kind": first(its, "typeOrg"),
        "inn": first(its, "inn"),
        "phone": first(its, "phone"),
        "site": first(its, "site"),
        "email": first(its, "email"),
        "address": first(its, "address"),
    }


def _program(its: Object, directions: Mapping[str, str]) -> dict[str, str]:
    code = first(its, "focusCode")
    direction = next((name for beginning, name in DIRECTIONS.items() if code.casefold().startswith(beginning)), code)
    return {
        "program_id": first(its, "uuid"),
        "program": first(its, "fullName", "name"),
        "description": first(its, "announce"),
        "direction": direction or directions.get(text(its.get("directionUuid")), ""),
        "age_min": first(its, "minAge"),
        "age_max": first(its, "maxAge"),
    }


def _group(its: Object, program: Object) -> dict[str, str]:
    """The program has no modules; each price is one."""
    prices = {first(each, "source").casefold(): text(each.get("cost")) for each in items(its.get("financingSources"))}
    certified = yes(program.get("certificateRequired"))
    paid = next((cost for source, cost in prices.items() if CERTIFICATE.search(source)), "")
    price = paid or next((cost for cost in prices.values() if cost.strip("0.,")), "0" if prices else "")
    registry = "сертифицированная" if certified else "платная" if price.strip("0.,") else "общеразвивающая"
    return {
        "registry": registry if program else "",
        "module_id": f"{text(its.get('programUuid'))}:{price}",
        "price": price,
        "group_id": first(its, "uuid"),
        "group": first(its, "name"),
        "start": day(its.get("dateBegin")),
        "stop": day(its.get("dateEnd")),
        "seats": first(its, "size"),
        "open": "нет" if yes(its.get("isLocked")) else "да",
        "settlement": first(its, "settlement") or first(program, "settlement"),
        "teacher": first(its, "teacher"),
    }


def _lessons(its: Object) -> Iterator[str]:
    for weekday in _weekdays(its.get("weekDays")):
        yield f"{weekday} {hour(its.get('timeStart'))}–{hour(its.get('timeEnd'))}"


def _weekdays(value: Any) -> list[str]:
    """Seven yes or no, names of days, or both in one."""
    match value:
        case Mapping():
            told = [name for name, is_so in value.items() if yes(is_so)]
        case list() if len(value) == 7 and not any(text(each).casefold()[:3] in ENGLISH for each in value):
            return [weekday for weekday, is_so in zip(WEEKDAYS, value, strict=True) if yes(is_so)]
        case list():
            told = [text(each) for each in value]
        case _:
            told = [part.strip() for part in text(value).split(",") if part.strip()]
    short = [name.casefold()[:3] for name in told]
    return [
        WEEKDAYS[ENGLISH.index(name)] if name in ENGLISH else written for name, written in zip(short, told, strict=True)
    ]
