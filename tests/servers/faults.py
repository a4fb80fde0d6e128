"""What goes wrong on the way to a messenger: each fault hits the next matching call, once.

    telegram.faults.add("sendMessage", cut_after())
    vk.faults.add("messages.send", too_many(), times=3, when=lambda params: params["peer_ids"] == "7")

A fault is named by the method (`a_check` and `upload` for VK's long poll and uploads), or `*` for any. Calls that fail
by a fault are in neither log of the server, unless they took effect (`cut_after`, `slow_answer`, `delay`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """Seconds are real seconds. `code` is the messenger's error code; a `page` goes out with HTTP `status`."""

    pause: float = 0
    linger: float = 0
    code: int = 0
    text: str = ""
    retry_after: int = 0
    status: int = 0
    page: str = ""
    cuts_before: bool = False
    cuts_after: bool = False


def too_many(retry_after: int = 1) -> Fault:
    """Telegram: 429 with `retry_after`; VK: error 6 (which names no time)."""
    return Fault(code=429, text=f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def server_error() -> Fault:
    """HTTP 500 with the messenger's own JSON (VK: error 10)."""
    return Fault(code=500, text="Internal Server Error")


def refusal(code: int, text: str = "refused by a test") -> Fault:
    """Any error code of the messenger, in its own JSON."""
    return Fault(code=code, text=text)


def bad_gateway() -> Fault:
    """A proxy's HTML page where JSON was expected."""
    return Fault(status=502, page="<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>")


def cut_before() -> Fault:
    """The connection is cut, and nothing happened."""
    return Fault(cuts_before=True)


def cut_after() -> Fault:
    """The connection is cut after the effect happened: the answer is lost."""
    return Fault(cuts_after=True)


def delay(seconds: float) -> Fault:
    """The call waits before it takes effect; a client that gives up earlier had no effect."""
    return Fault(pause=seconds)


def slow_answer(seconds: float) -> Fault:
    """The call takes effect at once, its answer comes late: a client that gives up does not know."""
    return Fault(linger=seconds)


@dataclass(slots=True)
class Faults:
    """The queue of faults of one server, in the order they were added; `met` are those that have hit, each with its method."""

    waiting: list[tuple[str, Fault, Callable[[dict[str, Any]], bool]]] = field(default_factory=list)
    met: list[tuple[str, Fault]] = field(default_factory=list)

    def add(
        self, method: str, *faults: Fault, times: int = 1, when: Callable[[dict[str, Any]], bool] = lambda params: True
    ) -> None:
        """Let the next matching calls meet `faults`, one each, the whole series `times` over."""
        self.waiting += [(method, fault, when) for _ in range(times) for fault in faults]

    def take(self, method: str, params: dict[str, Any]) -> Fault | None:
        for place, (name, fault, when) in enumerate(self.waiting):
            if name in (method, "*") and when(params):
                del self.waiting[place]
                self.met.append((method, fault))
                return fault
        return None
