"""Who is measured: the service, its peers, the floor, and the server by itself."""

from bench.process import Bot, peer, python
from bench.servers.vk import GROUP
from bench.town import KEYS

ALONE = {
    "telegram": Bot("server alone", "telegram", "form", python("-m", "bench.servers.alone", "telegram")),
    "vk": Bot("server alone", "vk", "form", python("-m", "bench.servers.alone", "vk")),
}
FLOOR = {
    "telegram": Bot("floor", "telegram", "form", peer("floor_telegram")),
    "vk": Bot("floor", "vk", "form", peer("floor_vk")),
}
AIOGRAM = Bot("aiogram", "telegram", "form", peer("aiogram_memory"))
AIOGRAM_ORM = Bot("aiogram + ORM", "telegram", "form", peer("aiogram_orm"))
TELEBOT = Bot("pyTelegramBotAPI", "telegram", "form", peer("telebot_async"))
PTB = Bot("python-telegram-bot", "telegram", "form", peer("ptb"))
VKBOTTLE = Bot("vkbottle", "vk", "form", peer("vkbottle_memory"))
VK_API = Bot("vk-api", "vk", "form", peer("vk_api_listen"))

WITHOUT_LIMITS = {f"{name}_PER_{each}": "1000000" for name in ("TELEGRAM", "VK") for each in ("SECOND", "CHAT")}
CHANNELS = {
    "telegram": {"TELEGRAM_TOKEN": "1:benchmark", "TELEGRAM_DISCRETION": "full"},
    "vk": {"VK_TOKEN": "benchmark", "VK_GROUP_ID": str(GROUP)},
}
ADDRESS = {"telegram": "TELEGRAM_API_URL", "vk": "VK_API_URL"}


def service(messenger: str, script: str, url: str, port: int, name: str = "kruzhok") -> Bot:
    """The service as it is run, on a database of its own; only the messengers' limits are lifted."""
    environment = {
        **KEYS,
        **WITHOUT_LIMITS,
        **CHANNELS[messenger],
        "DATABASE_URL": url,
        "WEB_PORT": str(port),
        "LOG_LEVEL": "WARNING",
    }
    return Bot(name, messenger, script, python("-m", "bot", "run"), ADDRESS[messenger], environment)
