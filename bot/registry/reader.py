"""What the process that reads files is asked, and how it answers: a file of a kind becomes what its import needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.registry import certificates, parsing
from bot.registry.parts import File, certificate_file, parts


@dataclass(frozen=True)
class Wish:
    """Read `content`. `known`: municipalities by folded name; `only`: the one whose rows are taken, `home` its name."""

    kind: str
    name: str
    content: bytes
    known: Mapping[str, int]
    only: int
    home: str


def _registry(wish: Wish) -> File:
    return parts(parsing.parse(wish.name, wish.content, wish.home), wish.known, wish.only)


def _certificates(wish: Wish) -> File:
    return certificate_file(certificates.parse(wish.name, wish.content))


READERS: Mapping[str, Callable[[Wish], File]] = {"registry": _registry, "certificates": _certificates}
