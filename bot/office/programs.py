"""A provider's programs with all that is in them: proposed, changed, put into the archive (0039). The municipality's decisions are in proposals.py."""

from starlette.responses import Response

from bot.domain.catalogue import Direction, Registry
from bot.domain.catalogue_staff import (
    AddModule,
    ArchiveModule,
    ArchiveProgram,
    ChangeModule,
    ChangeProgram,
    ModuleWritten,
    MyPrograms,
    OneTree,
    ProgramTree,
    ProgramWritten,
    ProposeProgram,
)
from bot.domain.messages import Command
from bot.i18n import _
from bot.office.catalogue_words import DIRECTIONS, REGISTRIES, STATES, told
from bot.office.page import OPERATOR, PROVIDER, Visit, form, page
from bot.office.paging import sliced

STAFF = (PROVIDER, OPERATOR)


async def programs(visit: Visit) -> Response:
    """All of them, what needs something first."""
    found = sliced(visit, "/programs", await visit.read(MyPrograms()))
    return visit.page("programs.html", _("Programs"), found=found, states=STATES, registries=REGISTRIES)


async def new(visit: Visit) -> Response:
    """What a proposal says."""
    return visit.page("program_new.html", _("A new program"), **_choices())


async def propose(visit: Visit) -> Response:
    """The municipality takes it into the registry, or returns it."""
    return await visit.does(ProposeProgram(_written(visit)), told, to="/programs", again=new)


async def program(visit: Visit) -> Response:
    """One, with its modules and groups."""
    tree = visit.found(await visit.read(OneTree("program", visit.id("program"))))
    mine = visit.me.role == "provider"
    known = {"tree": tree, "all_of_it": not mine or tree.state != "active", "states": STATES, **_choices()}
    return visit.page("program.html", tree.written.name, **known)


async def change(visit: Visit) -> Response:
    """Of a program in the registry its provider changes the description only."""
    tree = visit.found(await visit.read(OneTree("program", visit.id("program"))))
    wish = ChangeProgram(tree.id, _written(visit, tree))
    return await visit.does(wish, told, to=f"/programs/{tree.id}", again=program)


async def archive(visit: Visit) -> Response:
    """Running ones live on."""
    return await visit.does(ArchiveProgram(visit.id("program")), told, to="/programs", again=program)


async def add_module(visit: Visit) -> Response:
    """A part of the program."""
    number = visit.id("program")
    visit.found(await visit.read(OneTree("program", number)))
    return await visit.does(AddModule(number, _module(visit, "new_")), told, to=f"/programs/{number}", again=program)


async def module(visit: Visit) -> Response:
    """Its name and price."""
    number = visit.id("module")
    tree = visit.found(await visit.read(OneTree("module", number)))
    its = next(each for each in tree.modules if each.id == number)
    return visit.page("module.html", its.written.name, tree=tree, module=its)


async def change_module(visit: Visit) -> Response:
    """What has been requested keeps its price (R6.10)."""
    return await _of_module(visit, ChangeModule(visit.id("module"), _module(visit)))


async def archive_module(visit: Visit) -> Response:
    """All its groups with it."""
    return await _of_module(visit, ArchiveModule(visit.id("module")))


async def _of_module(visit: Visit, command: Command) -> Response:
    tree = visit.found(await visit.read(OneTree("module", visit.id("module"))))
    return await visit.does(command, told, to=f"/programs/{tree.id}", again=module)


def _choices() -> dict[str, object]:
    return {"directions": list(DIRECTIONS.items()), "registries": list(REGISTRIES.items())}


def _written(visit: Visit, tree: ProgramTree | None = None) -> ProgramWritten:
    """The form; fields that the provider may not change come from what there is."""
    entry = visit.entry
    activity, description = entry.text("activity"), entry.text("description", most=4000)
    if tree is not None and visit.me.role == "provider" and tree.state == "active":
        was = tree.written
        fixed = was.name, was.direction, was.registry, was.age_min, was.age_max, was.for_disability
        return ProgramWritten(*fixed, activity, description)
    return ProgramWritten(
        entry.text("name", least=1),
        entry.choice("direction", Direction),
        entry.choice("registry", Registry),
        entry.number("age_min", 0, 18),
        entry.number("age_max", 0, 18),
        entry.ticked("disability"),
        activity,
        description,
    )


def _module(visit: Visit, prefix: str = "") -> ModuleWritten:
    """`prefix`: the form stands on a page beside another one."""
    return ModuleWritten(visit.entry.text(f"{prefix}name", least=1), visit.entry.money_or_none(f"{prefix}price"))


PAGES = (
    page("/programs", programs, PROVIDER),
    page("/programs/new", new, PROVIDER),
    form("/programs", propose, PROVIDER),
    page("/programs/{program:int}", program, *STAFF),
    form("/programs/{program:int}", change, *STAFF),
    form("/programs/{program:int}/archive", archive, *STAFF),
    form("/programs/{program:int}/modules", add_module, *STAFF),
    page("/modules/{module:int}", module, *STAFF),
    form("/modules/{module:int}", change_module, *STAFF),
    form("/modules/{module:int}/archive", archive_module, *STAFF),
)
