"""Settings from the environment (the README lists them)."""

import logging
import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Settings(BaseSettings):
    """Every name is an environment variable in capitals. A channel runs when its token is set; without a webhook address it polls."""

    model_config = SettingsConfigDict(extra="ignore")

    database_url: str = "sqlite:///kruzhok.db"
    telegram_token: str = ""
    telegram_api_url: str = "https://api.telegram.org"
    telegram_proxy: str = ""
    telegram_webhook_url: str = ""
    telegram_webhook_secret: str = ""
    telegram_per_second: float = Field(default=30.0, gt=0)
    telegram_per_chat: float = Field(default=1.0, gt=0)
    telegram_discretion: Literal["full", "impersonal", ""] = ""
    vk_token: str = ""
    vk_group_id: int = 0
    vk_api_url: str = "https://api.vk.com"
    vk_per_second: float = Field(default=20.0, gt=0)
    vk_per_chat: float = Field(default=5.0, gt=0)
    vk_callback_url: str = ""
    vk_secret: str = ""
    vk_confirmation: str = ""
    web_host: str = "127.0.0.1"
    web_port: int = 8080
    public_url: str = ""
    secret_key: str = ""
    data_keys: Annotated[list[str], NoDecode] = Field(default_factory=list)
    log_level: str = "INFO"

    @field_validator("data_keys", mode="before")
    @classmethod
    def _separated(cls, value: object) -> object:
        """A list is written with commas: the first key encrypts, all decrypt."""
        return [key.strip() for key in value.split(",") if key.strip()] if isinstance(value, str) else value

    def key_complaints(self) -> list[str]:
        """Why the database cannot be opened with these; empty when it can."""
        found = []
        if not self.secret_key:
            found.append("SECRET_KEY is not set: it signs sessions and codes.")
        if not self.data_keys:
            found.append("DATA_KEYS is not set: without a key personal data would rest unencrypted (R9.4).")
        elif not all(map(_is_key, self.data_keys)):
            found.append("DATA_KEYS holds something that is no Fernet key; the README says how one is made.")
        if urlsplit(self.database_url).scheme.partition("+")[0] not in ("sqlite", "postgresql", "postgres"):
            found.append("DATABASE_URL begins with neither sqlite:/// nor postgresql://.")
        return found

    def complaints(self) -> list[str]:
        """Why a service with these settings must not start; empty when it may."""
        found = self.key_complaints()
        if self.telegram_token and not re.fullmatch(r"\d+:[\w-]+", self.telegram_token):
            found.append("TELEGRAM_TOKEN is not what @BotFather gives: digits, a colon, letters.")
        if self.telegram_token and not self.telegram_discretion:
            found.append(
                "TELEGRAM_DISCRETION is not set: `full` sends personal data through Telegram, `impersonal` does not; "
                "state and municipal bodies must choose `impersonal` (R9.3)."
            )
        if self.telegram_token and self.telegram_webhook_url and not self.telegram_webhook_secret:
            found.append("TELEGRAM_WEBHOOK_SECRET is not set: anybody could post updates to the webhook.")
        if self.vk_token and not self.vk_group_id:
            found.append("VK_GROUP_ID is not set: the community's number is needed beside its token.")
        if self.vk_token and self.vk_callback_url and not (self.vk_secret and self.vk_confirmation):
            found.append("VK_SECRET and VK_CONFIRMATION are needed with VK_CALLBACK_URL.")
        if self.public_url and urlsplit(self.public_url).scheme not in ("https", "http"):
            found.append("PUBLIC_URL is no address: it begins with https://.")
        if self.log_level.upper() not in logging.getLevelNamesMapping():
            found.append("LOG_LEVEL is none of DEBUG, INFO, WARNING, ERROR.")
        return found


def unreadable(error: ValidationError) -> list[str]:
    """What `Settings()` could not read, without the values: some are secret."""
    return [f"{str(each['loc'][0]).upper()}: {each['msg']}." for each in error.errors()]


def _is_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True
