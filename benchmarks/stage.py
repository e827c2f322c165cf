"""A real gateway process with one OpenTok project, whose webhooks come unsigned from this machine."""

import contextlib
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from benchmarks.processes import Running, running
from moderator.clock import SystemClock
from moderator.gateway.access.tokens import issue_token

SOURCE: Final = "clinic"
PROJECT: Final = "46199412"
WEBHOOKS: Final = f"/webhooks/{SOURCE}"
LOOPBACK: Final = "127.0.0.0/8"


class Stage(Struct, frozen=True):
    """A running gateway."""

    process: Running
    key: str

    @property
    def webhooks(self) -> str:
        """Where the platform reports to."""
        return self.process.url + WEBHOOKS


def token(key: str) -> str:
    """Lets its bearer read everything."""
    return issue_token(key, "moderator", "benchmark", ["rooms:read"], ["*"], 3600, SystemClock().now_ms())


@contextlib.asynccontextmanager
async def gateway(
    platform_url: str, tables: str = "", log: str = "sqlite:moderator.db", senders: str = LOOPBACK
) -> AsyncIterator[Stage]:
    """A gateway whose platform answers at `platform_url`; `tables` are added to its configuration. What it writes
    without being told where is thrown away. Webhooks are taken from the network `senders`.
    """
    key = secrets.token_hex(32)
    with tempfile.TemporaryDirectory(prefix="moderator-benchmark-") as folder:
        config = Path(folder, "moderator.toml")
        config.write_text(_config(platform_url, tables, log, senders), encoding="utf-8")
        command = (sys.executable, "-m", "moderator", "gateway", "--config", str(config), "--port", "0")
        async with running(*command, env={"MODERATOR_KEY": key}) as process:
            yield Stage(process, key)


def _config(platform_url: str, tables: str, log: str, senders: str) -> str:
    return f"""
[gateway]
log = "{log}"
hold_above = 1000000
[access]
key = {{ env = "MODERATOR_KEY" }}
[sources.{SOURCE}]
provider = "opentok"
base_url = "{platform_url}"
api_key = "{PROJECT}"
api_secret = "only-for-benchmarks-and-of-no-other-use"
allow_from = ["{senders}"]
reconcile = "1h"
requests_per_second = 10000
{tables}
"""
