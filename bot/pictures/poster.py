"""A provider's poster: the program in large letters, and a QR code for each messenger in which its card opens."""

from collections.abc import Mapping
from typing import Literal

from bot.dialogs.catalogue_words import ages
from bot.domain.catalogue import ProgramCard
from bot.i18n import Words, _
from bot.pictures.drawing import drawn, qr

CHANNELS: Mapping[str, Words] = {"telegram": _("Telegram"), "vk": _("VK"), "web": _("On the website")}


def poster(card: ProgramCard, language: str, form: Literal["pdf", "png", "svg"] = "pdf") -> bytes:
    """A page of A4; without any link it names the program only."""
    values = {
        "name": card.name,
        "provider": card.provider,
        "ages": ages(card.age_min, card.age_max),
        "phone": card.provider_phone,
        "invites": _("Point the camera of a phone at the code: see the timetable and the price, enrol by certificate."),
        "codes": [{"title": CHANNELS[channel], "qr": qr(url), "url": url} for channel, url in card.links],
    }
    return drawn("poster", values, language, form)
