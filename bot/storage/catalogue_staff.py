"""A provider changes its own catalogue, the municipality decides about its registry (0039); the search follows at once."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select

from bot.domain.catalogue import Registry
from bot.domain.catalogue_staff import (
    AddModule,
    ChangeModule,
    ChangeProgram,
    DecideProgram,
    GroupWritten,
    ModuleSaved,
    ModuleWritten,
    NormativeNeeded,
    NotProposed,
    Part,
    ProgramDecided,
    ProgramSaved,
    ProgramWritten,
    ProposeProgram,
    RegistryDecides,
    SetNormative,
    WrongField,
)
from bot.domain.messages import Actor, Command, Fact, NotYours, Refusal
from bot.domain.money import Money
from bot.storage.catalogue_edits import LESSONS, edited
from bot.storage.catalogue_work import part
from bot.storage.people import runs
from bot.storage.schema import module, program, provider
from bot.storage.shelf import shelve
from bot.storage.stems import index, weighed
from bot.storage.tx import Doer, Tx

IN_REGISTRY = ("name", "registry", "direction", "age_min", "age_max", "disability")


# --- programs ---------------------------------------------------------------------------------------------------------


def propose(tx: Tx, command: ProposeProgram, me: Actor) -> Fact:
    home = tx.value(select(provider.c.municipality).where(provider.c.id == me.provider))
    if me.role != "provider" or home is None:
        return NotYours()
    if refusal := wrong(command.written):
        return refusal
    its = {"provider": me.provider, "municipality": home, "external_id": own_id(tx), "own": True, "state": "proposed"}
    return ProgramSaved(tx.insert(program, **its, **_program(command.written)))


def change_program(tx: Tx, command: ChangeProgram, me: Actor) -> Fact:
    row = mine(tx, "program", command.program, me)
    if row is None:
        return NotYours()
    if refusal := wrong(command.written):
        return refusal
    values = _program(command.written)
    if (
        me.role == "provider"
        and row.state == "active"
        and any(values[name] != getattr(row, name) for name in IN_REGISTRY)
    ):
        return RegistryDecides(row.id)
    anew = {"state": "proposed"} if row.state in ("returned", "archived") else {}
    save(tx, program, row, {**values, **anew})
    _found(tx, row.id)
    return ProgramSaved(row.id)


def decide_program(tx: Tx, command: DecideProgram, me: Actor) -> Fact:
    row = part(tx, "program", command.program, lock=True)
    if row is None or not runs(me, row.municipality):
        return NotYours()
    if row.state != "proposed":
        return NotProposed(row.id)
    if command.registry is None and not command.words.strip():
        return WrongField("words")
    taken = {"state": "active", "registry": command.registry.value} if command.registry else {"state": "returned"}
    save(tx, program, row, taken)
    tx.sql(program.update().where(program.c.id == row.id).values(returned_words=command.words.strip() or None))
    _found(tx, row.id)
    return ProgramDecided(row.id, command.registry is not None)


# --- modules ----------------------------------------------------------------------------------------------------------


def add_module(tx: Tx, command: AddModule, me: Actor) -> Fact:
    row = mine(tx, "program", command.program, me)
    if row is None:
        return NotYours()
    if refusal := wrong(command.written):
        return refusal
    if command.written.price and row.registry == Registry.CERTIFIED and row.state == "active" and me.role == "provider":
        return NormativeNeeded(0)
    made = tx.insert(module, program=row.id, external_id=own_id(tx), **_module(command.written))
    return ModuleSaved(made)


def change_module(tx: Tx, command: ChangeModule, me: Actor) -> Fact:
    """R6.10: an enrollment has its price in its own row."""
    row = mine(tx, "module", command.module, me)
    if row is None:
        return NotYours()
    if refusal := wrong(command.written):
        return refusal
    values = _module(command.written)
    rises = (values["price"] or 0) > (row.price or 0)
    uncapped = row.registry == Registry.CERTIFIED and row.program_state == "active" and row.normative is None
    if rises and uncapped and me.role == "provider":
        return NormativeNeeded(row.id)
    save(tx, module, row, values)
    shelve(tx, [row.program])
    return ModuleSaved(row.id)


def set_normative(tx: Tx, command: SetNormative, me: Actor) -> Fact:
    row = part(tx, "module", command.module, lock=True)
    if row is None or not runs(me, row.municipality):
        return NotYours()
    amount = command.normative
    if amount is not None and amount < Money(0):
        return WrongField("price")
    save(tx, module, row, {"normative": amount.kopecks if amount is not None else None})
    shelve(tx, [row.program])
    return ModuleSaved(row.id)


# --- rows -------------------------------------------------------------------------------------------------------------


def mine(tx: Tx, kind: Part, number: int, me: Actor) -> Row[Any] | None:
    """A part of the provider's own catalogue, or of the operator's municipality's, held."""
    row = part(tx, kind, number, lock=True)
    own = row is not None and me.role == "provider" and row.provider == me.provider
    return row if row is not None and (own or runs(me, row.municipality)) else None


def wrong(written: ProgramWritten | ModuleWritten | GroupWritten) -> Refusal | None:
    what = next(written.wrong(), "")
    return WrongField(what) if what else None


def save(tx: Tx, table: Any, row: Row[Any], values: Mapping[str, Any], lessons: tuple[Any, Any] = ((), ())) -> None:
    """The row's new values; a registry's row remembers what its file told before. `lessons`: a group's before and now."""
    before = {name: getattr(row, name) for name in values} | {LESSONS: lessons[0]}
    now = {**values, LESSONS: lessons[1]}
    tx.sql(table.update().where(table.c.id == row.id).values(**values, edited=edited(row, now, before)))


def _program(written: ProgramWritten) -> dict[str, Any]:
    return {
        "name": written.name,
        "description": written.description,
        "registry": written.registry.value,
        "direction": written.direction.value,
        "activity": written.activity,
        "age_min": written.age_min,
        "age_max": written.age_max,
        "disability": written.for_disability,
    }


def _module(written: ModuleWritten) -> dict[str, Any]:
    return {"name": written.name, "price": written.price.kopecks if written.price is not None else None}


def _found(tx: Tx, number: int) -> None:
    """The search finds the program as it is now."""
    row = tx.sql(
        select(program, provider.c.name.label("by"))
        .join(provider, provider.c.id == program.c.provider)
        .where(program.c.id == number)
    ).one()
    index(tx, row.municipality, {number: weighed(row.name, row.activity, row.by, row.description)}, [number])
    shelve(tx, [number])


def own_id(tx: Tx) -> str:
    return f"own:{tx.token(8)}"


DOERS: dict[type[Command], Doer] = {
    ProposeProgram: propose,
    ChangeProgram: change_program,
    DecideProgram: decide_program,
    AddModule: add_module,
    ChangeModule: change_module,
    SetNormative: set_normative,
}
