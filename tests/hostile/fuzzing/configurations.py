"""A target: the configuration file. It is read, or refused in a sentence that names the file and shows no secret."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from moderator.gateway.configuration.config import ConfigError, load_config
from tests.hostile.fuzzing.target import Target, must, without_values
from tests.providers.vonage.made import private_key

SECRET: Final = "5ecret-which-nobody-may-see-in-an-error"
VARIABLE: Final = "FUZZ_SECRET"
CONFIGURATION: Final = """
[gateway]
public_url = "https://moderation.example.org"
log = "sqlite:moderator.db"
retention = "30d"
hold_above = 20

[access]
key = { env = "FUZZ_SECRET" }

[access.oidc]
issuer = "https://login.example.org"
audience = "moderator"
client_id = "desktop"
default_scopes = ["rooms:read"]

[sources.clinic]
provider = "livekit"
api_key = "APIfixture01"
api_secret = { env = "FUZZ_SECRET" }
base_url = "wss://clinic.livekit.example.org"
reconcile = "45s"
requests_per_second = 2.5

[sources.school]
provider = "vonage"
application_id = "78d335fa-323d-0114-9c3d-d6f0d48968cf"
private_key = { file = "private.key" }
signature_secret = { file = "secret" }
identity = { format = "json", user = "$.user", name = "$.name" }

[sources.janus]
provider = "janus"
base_url = "http://127.0.0.1:8088/janus"
admin_url = "http://127.0.0.1:7088/admin"
admin_secret = { env = "FUZZ_SECRET" }
webhook_user = "janus"
webhook_password = { env = "FUZZ_SECRET" }

[[room_types]]
name = "appointment"
match = { source = "clinic", room = "appt-*" }
duration = "1.5h"
starts = "second_person"
warn = ["20s", "5m"]
max_extension = "30m"
max_people = 2
allow = "listed"
screen_share = ["advisor"]
wrong_share = "mute"
tell = ["warning", "removal"]
mode = "enforce"

[[room_types]]
name = "rest"

[notify]
after = "2m"
webhook = { url = "https://alerts.example.org/moderator", secret = { env = "FUZZ_SECRET" } }

[notify.email]
host = "mail.example.org"
from = "moderator@example.org"
to = ["team@example.org"]

"""


def targets() -> list[Target]:
    """The one."""
    return [Target("config", lambda: [CONFIGURATION.encode()], read_configuration)]


def read_configuration(body: bytes) -> Iterator[str]:
    """A configuration, or what is wrong with it."""
    with _folder() as folder:
        path = folder / "moderator.toml"
        path.write_bytes(body)
        try:
            config = load_config(path)
        except ConfigError as error:
            must(str(error).startswith(f"{path}: "), "it does not say which file")
            must(SECRET not in str(error), "it shows a secret")
            yield without_values(str(error).removeprefix(str(path)))
        else:
            must(SECRET not in repr(config.sources), "it shows a secret")
            yield f"{len(config.sources)} sources, {len(config.room_types)} types, {config.retention_ms is None}"


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """With the secrets that the configuration names."""
    before = os.environ.get(VARIABLE)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "secret").write_text(SECRET, encoding="utf-8")
        (Path(folder) / "private.key").write_text(private_key(), encoding="utf-8")
        os.environ[VARIABLE] = SECRET
        try:
            yield Path(folder)
        finally:
            del os.environ[VARIABLE]
            if before is not None:
                os.environ[VARIABLE] = before
