"""What is secret at rest (R9.4): tokens that can be read back, and prints that can only be compared."""

import hashlib
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, MultiFernet


class Keys:
    """The first data key encrypts, all decrypt, so that keys can be changed; the secret key makes prints and signatures."""

    def __init__(self, secret_key: str, data_keys: Sequence[str]) -> None:
        """`data_keys` are Fernet keys (32 url-safe base64 bytes); raises ValueError if one is not."""
        self._secret = secret_key.encode()
        self._fernet = MultiFernet([Fernet(key) for key in data_keys])

    def encrypt(self, plain: str) -> str:
        """A token that `decrypt` reads back."""
        return self._fernet.encrypt(plain.encode()).decode()

    def decrypt(self, token: str) -> str:
        """Raises cryptography.fernet.InvalidToken if none of the keys made it."""
        return self._fernet.decrypt(token.encode()).decode()

    def seal(self, content: bytes) -> bytes:
        """The same of a file's bytes, a third longer, for `unseal`."""
        return self._fernet.encrypt(content)

    def unseal(self, token: bytes) -> bytes:
        """Raises as `decrypt` does."""
        return self._fernet.decrypt(token)

    def print(self, value: str) -> str:
        """A keyed hash: equal values have equal prints, and nothing else can be learnt from one."""
        return hmac.new(self._secret, value.encode(), hashlib.sha256).hexdigest()
