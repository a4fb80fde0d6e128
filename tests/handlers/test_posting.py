"""A server that answers in every way that HTTP/1.1 allows, and in some that it does not."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.handlers.posting import NoAnswer, Posting

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone"


class Server:
    """Answers each request by the next of `answers`, and counts connections."""

    def __init__(self) -> None:
        self.answers: list[bytes | None] = []
        self.requests: list[bytes] = []
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                self.requests.append(head + await reader.readexactly(length))
                answer = self.answers.pop(0) if self.answers else WHOLE
                if answer is None:
                    break
                for piece in answer.split(b"|"):
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0)
                if b"Connection: close" in answer:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@pytest.fixture
async def there() -> AsyncIterator[tuple[Server, Posting]]:
    server = Server()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    posting = Posting(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
    yield server, posting
    await posting.close()
    listening.close()


async def asks(posting: Posting, seconds: float = 30) -> tuple[int, bytes]:
    answer = await posting.post("/method", b'{"a": 1}', "application/json", seconds)
    return answer.status, answer.body


async def test_one_connection_carries_one_request_after_another(there: tuple[Server, Posting]) -> None:
    server, posting = there
    server.answers = [
        WHOLE,
        b"HTTP/1.1 200 OK\r\nTransfer-|Encoding: chunked\r\n\r\n2\r\ndo|\r\n2\r\nne\r\n0\r\n|\r\n",
        b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 6\r\n\r\n<html>",
        b"HTTP/1.1 100 Continue\r\n\r\n|" + WHOLE,
    ]
    assert [await asks(posting) for _number in range(4)] == [
        (200, b"done"),
        (200, b"done"),
        (502, b"<html>"),
        (200, b"done"),
    ]
    assert server.connections == 1
    assert server.requests[0].startswith(b"POST /method HTTP/1.1\r\nHost: 127.0.0.1:")
    assert server.requests[0].endswith(b'Content-Type: application/json\r\nContent-Length: 8\r\n\r\n{"a": 1}')


async def test_those_who_ask_at_once_get_connections_of_their_own_and_share_them_later(
    there: tuple[Server, Posting],
) -> None:
    server, posting = there
    server.answers = [WHOLE] * 9
    assert len(await asyncio.gather(*(asks(posting) for _number in range(3)))) == 3
    assert len(await asyncio.gather(*(asks(posting) for _number in range(3)))) == 3
    assert server.connections == 3


async def test_a_server_that_hangs_up_is_called_anew_and_an_answer_may_end_with_the_connection(
    there: tuple[Server, Posting],
) -> None:
    server, posting = there
    server.answers = [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\ndone",
        b"HTTP/1.1 500 Oops\r\nConnection: close\r\n\r\nbro|ken",
        WHOLE,
    ]
    assert [await asks(posting) for _number in range(3)] == [(200, b"done"), (500, b"broken"), (200, b"done")]
    assert server.connections == 3


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 40\r\n\r\nhalf",
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\n",
    ],
)
async def test_what_is_no_whole_answer_is_none_and_the_next_one_is_asked_anew(
    there: tuple[Server, Posting], answer: bytes | None
) -> None:
    server, posting = there
    server.answers = [answer, WHOLE]
    with pytest.raises(NoAnswer):
        await asks(posting)
    assert await asks(posting) == (200, b"done")
    assert server.connections == 2


async def test_whoever_does_not_wait_leaves_no_answer_to_the_next_one(there: tuple[Server, Posting]) -> None:
    server, posting = there
    server.answers = [b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhal", WHOLE, WHOLE]
    with pytest.raises(NoAnswer, match="TimeoutError"):
        await asks(posting, seconds=0.05)
    assert await asks(posting) == (200, b"done")
    waiting = asyncio.create_task(asks(posting))
    await asyncio.sleep(0)
    waiting.cancel()
    assert await asks(posting) == (200, b"done")


async def test_a_server_proves_who_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate, key = own_certificate(tmp_path)
    identity = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    identity.load_cert_chain(certificate, key)
    listening = await asyncio.start_server(Server().serve, "127.0.0.1", 0, ssl=identity)
    stranger = Posting(f"https://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
    with pytest.raises(NoAnswer, match="SSLCertVerificationError"):
        await asks(stranger)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    friend = Posting(f"https://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
    assert [await asks(friend) for _number in range(2)] == [(200, b"done")] * 2
    await stranger.close()
    await friend.close()
    listening.close()


def own_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 that it has signed itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "certificate.pem", folder / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return pem, secret


async def test_a_server_that_is_not_there_is_no_answer() -> None:
    posting = Posting("http://127.0.0.1:9")
    with pytest.raises(NoAnswer):
        await asks(posting)
    await posting.close()
