"""The service without the messengers' limits, which no setting lifts yet."""

from bot.__main__ import app
from bot.handlers import telegram_channel, vk_channel, vk_client

BOUNDLESS = 1e6
for channel in (telegram_channel.TelegramChannel, vk_channel.VkChannel):
    channel.per_second = channel.per_chat = BOUNDLESS  # type: ignore[assignment]
vk_client.PER_SECOND = BOUNDLESS
app()
