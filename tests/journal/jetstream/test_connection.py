"""The ways into a real server: encrypted, and with each kind of credentials that the configuration takes."""

import base64
import json
import logging
from collections.abc import Mapping
from pathlib import Path
from secrets import token_bytes
from typing import Any

import nkeys
import pytest
from msgspec.structs import replace

from moderator.clock import SystemClock
from moderator.journal.event_log import LogError
from moderator.journal.jetstream import connection
from moderator.journal.jetstream.log import NatsLog
from moderator.journal.jetstream.settings import NatsSettings
from tests.fakes.certificates import Authority
from tests.fakes.nats import NatsServer
from tests.journal.reading import an_arrival, everything
from tests.journal.streams import settings_of

pytestmark = pytest.mark.nats
UNLIMITED = (
    *("subs", "data", "payload", "imports", "exports", "conn", "leaf"),
    *("mem_storage", "disk_storage", "streams", "consumer"),
)
NOT_BELIEVED = "their certificate is not believed: name its authority in nats.ca"


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "CONNECT_WITHIN_S", 3.0)


async def works(settings: NatsSettings) -> None:
    log = await NatsLog.open(settings, SystemClock())
    await log.append(an_arrival(1))
    assert len(await everything(log)) == 1
    await log._connection.nats.force_reconnect()
    await log.append(an_arrival(2))
    await log.aclose()


def restarted(server: NatsServer, configuration: Mapping[str, Any]) -> NatsServer:
    server.kill()
    server.configure(configuration)
    server.start()
    return server


# --- TLS --------------------------------------------------------------------------------------------------------------


def with_tls(server: NatsServer, authority: Authority, host: str = "127.0.0.1") -> NatsServer:
    files = authority.server(host)
    return restarted(server, {"tls": {"cert_file": files["ssl_certfile"], "key_file": files["ssl_keyfile"]}})


@pytest.fixture
def encrypted(own_nats: NatsServer, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> NatsSettings:
    """How to reach a server that takes nothing else, and how to believe it."""
    caplog.set_level(logging.ERROR, "asyncio")  # it warns of NATS's library, whenever an encrypted connection ends
    authority = Authority(tmp_path / "authority")
    server = with_tls(own_nats, authority)
    settings = settings_of(server, tmp_path / "copy.db")
    return replace(settings, servers=(server.address.replace("nats:", "tls:"),), ca=authority.file)


async def test_an_encrypted_connection_to_a_server_of_an_own_authority(encrypted: NatsSettings) -> None:
    await works(encrypted)


async def test_the_address_need_not_say_that_it_is_encrypted(encrypted: NatsSettings) -> None:
    await works(replace(encrypted, servers=(encrypted.servers[0].replace("tls:", "nats:"),)))


@pytest.mark.parametrize("scheme", ["tls", "nats"])
async def test_a_server_of_an_unknown_authority_is_not_believed(encrypted: NatsSettings, scheme: str) -> None:
    with pytest.raises(LogError, match=NOT_BELIEVED):
        await works(replace(encrypted, servers=(encrypted.servers[0].replace("tls:", f"{scheme}:"),), ca=None))


async def test_a_server_of_another_name_is_not_believed(own_nats: NatsServer, tmp_path: Path) -> None:
    authority = Authority(tmp_path / "authority")
    server = with_tls(own_nats, authority, "nats.example")
    with pytest.raises(LogError, match=NOT_BELIEVED):
        await works(replace(settings_of(server, tmp_path / "copy.db"), ca=authority.file))


async def test_who_wants_it_encrypted_tells_nothing_to_a_server_that_does_not(nats: NatsServer, tmp_path: Path) -> None:
    settings = settings_of(nats, tmp_path / "copy.db")
    encrypted = replace(settings, servers=(nats.address.replace("nats:", "tls:"),))
    with pytest.raises(LogError, match="one of them does not insist on encryption"):
        await works(encrypted)
    authority = Authority(tmp_path / "authority")
    with pytest.raises(LogError, match="one of them does not insist on encryption"):
        await works(replace(settings, ca=authority.file))


# --- credentials ------------------------------------------------------------------------------------------------------


class Signer:
    """An operator, an account or a user of NATS: a key, and tokens that it signs."""

    def __init__(self, prefix: int) -> None:
        self.seed = nkeys.encode_seed(token_bytes(32), prefix)
        self._keys = nkeys.from_seed(self.seed)
        self.name = self._keys.public_key.decode()

    def signed(self, subject: str, name: str, claims: Mapping[str, Any]) -> str:
        head = _encoded({"typ": "JWT", "alg": "ed25519-nkey"})
        who = {"sub": subject, "iss": self.name, "iat": 1, "jti": name, "name": name}
        signed = f"{head}.{_encoded({**who, 'nats': {'version': 2, **claims}})}"
        return f"{signed}.{_text(self._keys.sign(signed.encode()))}"


def _encoded(members: Mapping[str, Any]) -> str:
    return _text(json.dumps(members).encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.fixture
def credentials(own_nats: NatsServer) -> str:
    """What stands in a file of NATS's own kind, for a server that lets nobody else in."""
    operator, system, account, user = (
        Signer(getattr(nkeys, f"PREFIX_BYTE_{kind}")) for kind in ("OPERATOR", "ACCOUNT", "ACCOUNT", "USER")
    )
    rights = {"type": "account", "limits": {**dict.fromkeys(UNLIMITED, -1), "wildcards": True}}
    restarted(
        own_nats,
        {
            "authorization": {},
            "operator": operator.signed(operator.name, "clinic", {"type": "operator"}),
            "system_account": system.name,
            "resolver": "MEMORY",
            "resolver_preload": {
                system.name: operator.signed(system.name, "system", {"type": "account", "limits": {"conn": -1}}),
                account.name: operator.signed(account.name, "school", rights),
            },
        },
    )
    token = account.signed(user.name, "gateway", {"type": "user", "subs": -1, "data": -1, "payload": -1})
    return (
        f"-----BEGIN NATS USER JWT-----\n{token}\n------END NATS USER JWT------\n\n"
        f"-----BEGIN USER NKEY SEED-----\n{user.seed.decode()}\n------END USER NKEY SEED------\n"
    )


async def test_credentials_of_natss_own_kind(own_nats: NatsServer, tmp_path: Path, credentials: str) -> None:
    nobody = replace(settings_of(own_nats, tmp_path / "copy.db"), user="", password="")
    await works(replace(nobody, credentials=credentials))
    with pytest.raises(LogError, match="do not let this gateway in"):
        await works(nobody)


async def test_credentials_that_are_none_are_said_and_not_shown(nats: NatsServer, tmp_path: Path) -> None:
    settings = replace(settings_of(nats, tmp_path / "copy.db"), user="", password="", credentials="zq-no-credentials")
    with pytest.raises(LogError) as raised:
        await works(settings)
    assert "zq-no-credentials" not in f"{raised.value!r} {settings!r}"
