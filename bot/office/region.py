"""The region's administrator: municipalities, and each one's policy as a form; an operator reads its own."""

import json
from datetime import time
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from starlette.responses import Response

from bot.domain.calendar import Span
from bot.domain.messages import Fact
from bot.domain.municipality import (
    AddMunicipality,
    ChangeMunicipality,
    ListMunicipalities,
    MunicipalityLine,
    PolicyOf,
    PolicySet,
    SetPolicy,
    WrongPolicy,
)
from bot.domain.policy import LIMITS, TYPES, Policy
from bot.i18n import Words, _, n_
from bot.office.entry import Entry
from bot.office.page import ADMINISTRATOR, OPERATOR, Visit, form, page
from bot.office.place_words import told
from bot.office.policy_words import CHOICES, FIELDS, GROUPS, YES_NO, written

DEFAULTS = Policy().to_document()


# --- municipalities ---------------------------------------------------------------------------------------------------


async def municipalities(visit: Visit) -> Response:
    """All of the region."""
    return visit.page("region.html", _("Municipalities"), places=await visit.read(ListMunicipalities()))


async def add(visit: Visit) -> Response:
    """With a category «all children»; periods, texts and districts are its operator's."""
    entry = visit.entry
    code, name = entry.text("code", most=30, least=1), entry.text("name", most=100, least=1)
    command = AddMunicipality(code, name, entry.raw("zone"), entry.raw("number_prefix"))
    return await visit.does(command, told, "/region", municipalities)


async def one(visit: Visit) -> Response:
    """Its name and zone."""
    it = await _line(visit)
    return visit.page("region_place.html", it.name, it=it)


async def change(visit: Visit) -> Response:
    """Another name or zone."""
    number = visit.id("municipality")
    command = ChangeMunicipality(number, visit.entry.text("name", most=100, least=1), visit.entry.raw("zone"))
    return await visit.does(command, told, f"/region/{number}", one)


async def _line(visit: Visit) -> MunicipalityLine:
    places = await visit.read(ListMunicipalities())
    return visit.found(next((each for each in places if each.id == visit.id("municipality")), None))


# --- policies ---------------------------------------------------------------------------------------------------------


async def policy(visit: Visit) -> Response:
    """Every field with its meaning and default, those that differ from it marked."""
    it = await _line(visit)
    return await _shown(visit, it.id, _("Policy: {name}", name=it.name), may=True)


async def own_policy(visit: Visit) -> Response:
    """An operator reads."""
    return await _shown(visit, visit.me.municipality, _("Policy"), may=False)


async def _shown(visit: Visit, place: int, title: Words, may: bool) -> Response:
    fields = await visit.read(PolicyOf(place))
    document = {name: json.loads(value) for name, value in fields}
    known = {"place": place, "document": document, "defaults": DEFAULTS, "groups": GROUPS, "written": written}
    return visit.page(
        "policy.html", title, may=may, kinds=KINDS, choices=CHOICES, yes_no=YES_NO, limits=LIMITS, **known
    )


async def set_policy(visit: Visit) -> Response:
    """All fields of the form; what is as it was changes nothing."""
    it = await _line(visit)
    fields = tuple((name, json.dumps(_read(visit.entry, name))) for name in DEFAULTS)
    return await visit.does(SetPolicy(it.id, fields), _set, f"/region/{it.id}/policy", policy)


def _set(fact: Fact) -> Words:
    match fact:
        case PolicySet(changes=changes) if changes:
            return n_("{count} rule is another one now.", "{count} rules are other ones now.", len(changes))
        case WrongPolicy(why):
            field = why.partition(":")[0]
            return _("This makes no sense: {field}. Please look at it again.", field=FIELDS.get(field, field))
    return told(fact)


def _kind(name: str) -> str:
    """What a field is filled in with: yes_no | choice | number | number_or_none | time | span | numbers."""
    wanted = TYPES[name]
    if get_origin(wanted) is Literal:
        return "choice"
    plain: dict[Any, str] = {bool: "yes_no", int: "number", time: "time"}
    if NoneType in get_args(wanted):
        return "span" if Span in get_args(wanted) else "number_or_none"
    return plain.get(wanted, "numbers")


KINDS = {name: _kind(name) for name in DEFAULTS}


def _read(entry: Entry, name: str) -> object:
    limits = LIMITS[name]
    match KINDS[name]:
        case "yes_no":
            return entry.one_of(name, {"true": True, "false": False}, False)
        case "choice":
            return entry.one_of(name, {each: each for each in CHOICES[name]}, next(iter(CHOICES[name])))
        case "number":
            return entry.number(name, limits[0], limits[-1])
        case "number_or_none":
            return entry.number_or_none(name, limits[0], limits[-1])
        case "time":
            return entry.time(name).isoformat()
        case "span":
            start, stop = entry.day_or_none(f"{name}_start"), entry.day_or_none(f"{name}_stop")
            if (start is None) != (stop is None):
                entry.wrong[f"{name}_stop"] = _("Both days, or none.")
            return None if start is None or stop is None else {"start": start.isoformat(), "stop": stop.isoformat()}
    return entry.some_numbers(name, limits[0], limits[-1])


PAGES = (
    page("/region", municipalities, ADMINISTRATOR),
    form("/region", add, ADMINISTRATOR),
    page("/region/{municipality:int}", one, ADMINISTRATOR),
    form("/region/{municipality:int}", change, ADMINISTRATOR),
    page("/region/{municipality:int}/policy", policy, ADMINISTRATOR),
    form("/region/{municipality:int}/policy", set_policy, ADMINISTRATOR),
    page("/place/policy", own_policy, OPERATOR),
)
