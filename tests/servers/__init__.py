"""In-process servers that speak the messengers' protocols and refuse what the real ones refuse.

async with TelegramServer(token="1:T") as telegram:
    parent = telegram.user(7, language="ru")
    parent.starts()
    await parent.sees("Здравствуйте")
"""

from .faults import bad_gateway, cut_after, cut_before, delay, refusal, server_error, slow_answer, too_many
from .local import Call, Message, Refusal, Refused
from .telegram import TelegramServer
from .vk import VKServer

__all__ = [
    "Call",
    "Message",
    "Refusal",
    "Refused",
    "TelegramServer",
    "VKServer",
    "bad_gateway",
    "cut_after",
    "cut_before",
    "delay",
    "refusal",
    "server_error",
    "slow_answer",
    "too_many",
]
