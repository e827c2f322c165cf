"""A real PostgreSQL server for the tests: its data in a temporary folder, on a free port of this machine, without TLS
unless asked, gone afterwards. What is in a database is the tests' business.
"""

import asyncio
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest

ADMIN: Final = "postgres"
PASSWORD: Final = "a-test-password"
STOPS_S: Final = 10
STARTS_S: Final = 20

# A role named tls_only is let in with TLS only, and this server has none.
_HBA: Final = """
hostnossl all tls_only 127.0.0.1/32 reject
host all all 127.0.0.1/32 scram-sha-256
"""


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`, which Debian keeps out of the path; the newest."""
    folders = [Path(found).parent] if (found := shutil.which("postgres")) else []
    folders += Path("/usr/lib/postgresql").glob("*/bin")
    usable = [folder for folder in folders if (folder / "postgres").exists() and (folder / "initdb").exists()]
    return max(usable, key=lambda folder: [int(part) for part in folder.parts if part.isdigit()], default=None)


def why_no_postgresql() -> str | None:
    """What keeps this machine from running a server, in words for a person; None when it can."""
    if programs() is None:
        return "PostgreSQL is not installed (Debian package postgresql)"
    if os.geteuid() == 0 and not _has_user(ADMIN):
        return "PostgreSQL does not run as root, and there is no user postgres"
    return None


def _has_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


class PostgreSql:
    """A running server."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port = port
        self._folder = folder

    def address(
        self, database: str = "postgres", role: str = ADMIN, password: str = PASSWORD, options: str = ""
    ) -> str:
        """What a program is configured with."""
        return f"postgresql://{role}:{password}@127.0.0.1:{self.port}/{database}{options}"

    async def execute(self, sql: str, database: str = "postgres") -> None:
        """Statements, as the administrator."""
        connection = await asyncpg.connect(self.address(database))
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    async def create(self, database: str, sql: str = "") -> None:
        """A new database with what the statements make in it."""
        await self.execute(f'CREATE DATABASE "{database}"')
        if sql:
            await self.execute(sql, database)

    @asynccontextmanager
    async def offering_tls(self, certificate: Path) -> AsyncIterator[None]:
        """For the time of the block, with this certificate and its key, in one file."""
        own = Path(shutil.copy(certificate, self._folder / "tls.pem"))
        own.chmod(0o600)
        if os.geteuid() == 0:
            shutil.chown(own, ADMIN)
        await self.execute(f"ALTER SYSTEM SET ssl_cert_file = '{own}'")
        await self.execute(f"ALTER SYSTEM SET ssl_key_file = '{own}'")
        await self._switch_tls("on")
        yield
        await self._switch_tls("off")

    async def _switch_tls(self, wanted: str) -> None:
        await self.execute(f"ALTER SYSTEM SET ssl = {wanted}")
        await self.execute("SELECT pg_reload_conf()")
        while True:
            connection = await asyncpg.connect(self.address())
            found = await connection.fetchval("SHOW ssl")
            await connection.close()
            if found == wanted:
                return
            await asyncio.sleep(0.01)


@contextmanager
def running_postgresql() -> Iterator[PostgreSql]:
    """A server until the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix="moderator-postgresql-"))
    try:
        as_user = _unprivileged(folder)
        _make_cluster(folder, as_user)
        with _server(folder, as_user) as port:
            yield PostgreSql(port, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged(folder: Path) -> dict[str, Any]:
    """How to start programs that refuse to run as root."""
    if os.geteuid() != 0:
        return {}
    shutil.chown(folder, ADMIN, ADMIN)
    return {"user": ADMIN, "group": ADMIN, "extra_groups": ()}


def _program(name: str) -> str:
    folder = programs()
    assert folder is not None
    return str(folder / name)


def _make_cluster(folder: Path, as_user: dict[str, Any]) -> None:
    password = folder / "password"
    password.write_text(PASSWORD, "utf-8")
    if as_user:
        shutil.chown(password, ADMIN)
    options = ("-U", ADMIN, "-A", "scram-sha-256", f"--pwfile={password}", "-E", "UTF8", "--locale=C.UTF-8", "-N")
    making = [_program("initdb"), "-D", str(folder / "data"), *options]
    subprocess.run(making, check=True, capture_output=True, cwd=folder, **as_user)
    (folder / "data/pg_hba.conf").write_text(_HBA, "utf-8")


@contextmanager
def _server(folder: Path, as_user: dict[str, Any]) -> Iterator[int]:
    port = _free_port()
    settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "fsync": "off"}
    command = [_program("postgres"), "-D", str(folder / "data")]
    command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=folder, **as_user
        ) as server,
    ):
        try:
            _wait_until_ready(folder, port, as_user)
            yield port
        finally:
            server.send_signal(signal.SIGINT)  # how it is told to close connections and stop
            try:
                server.wait(STOPS_S)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait_until_ready(folder: Path, port: int, as_user: dict[str, Any]) -> None:
    asking = [_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    for _ in range(STARTS_S * 20):
        if subprocess.run(asking, check=False, cwd=folder, **as_user).returncode == 0:
            return
        time.sleep(0.05)
    raise AssertionError("PostgreSQL did not start:\n" + (folder / "log").read_text("utf-8"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSql]:
    """One server for all tests; import this into the `conftest.py` of those who need it."""
    if reason := why_no_postgresql():
        pytest.skip(reason)
    with running_postgresql() as server:
        yield server
