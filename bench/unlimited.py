"""The service without the messengers' limits."""

from bot.__main__ import app
from bot.handlers import vk_client, vk_channel, channel  # noqa
import bot.handlers.telegram_channel as t

t.TelegramChannel.per_second = 1e6
t.TelegramChannel.per_chat = 1e6
vk_channel.VkChannel.per_second = 1e6
vk_channel.VkChannel.per_chat = 1e6
vk_client.PER_SECOND = 1e6
app()
