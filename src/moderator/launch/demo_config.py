"""What the demo is made of: an account at the simulated cloud, and the gateway's configuration for it.

Nothing is read, written or sent; but keys and ids are random, so no two accounts are the same.
"""

from typing import Final
from uuid import uuid4

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from msgspec import Struct

from moderator.domain.settings import MINUTE_MS

SOURCE: Final = "clinic"
DURATIONS_MS: Final = {
    "duration": 60 * MINUTE_MS,
    "resume_within": 2 * MINUTE_MS,  # a room that was left goes from the list soon
    "extension_step": 5 * MINUTE_MS,
    "max_extension": 30 * MINUTE_MS,
}
WARN_MS: Final = (5 * MINUTE_MS, MINUTE_MS, 20_000)


class Account(Struct, frozen=True):
    """An application at the simulated cloud. Its secrets open nothing else, and go no further than the two programs."""

    application_id: str
    private_key: str
    public_key: str
    signature_secret: str

    def for_the_gateway(self) -> dict[str, str]:
        """What the configuration's `{ pipe = NAME }` stands for."""
        return {"private_key": self.private_key, "signature_secret": self.signature_secret}

    def for_the_cloud(self) -> dict[str, str]:
        """What the simulated cloud knows of its customer."""
        return {
            "application_id": self.application_id,
            "public_key": self.public_key,
            "signature_secret": self.signature_secret,
        }


def new_account(signature_secret: str) -> Account:
    """An account with a key pair and an id of its own."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return Account(str(uuid4()), private.decode(), public.decode(), signature_secret)


def configuration(application_id: str, cloud: str, speed: float) -> str:
    """The gateway's file for a world that runs `speed` times quicker than ours.

    The policy only observes: the uninvited guest is for the moderator to remove, and nobody is cut off.
    """
    durations = "\n".join(f'{name} = "{ms / speed:.0f}ms"' for name, ms in DURATIONS_MS.items())
    warn = ", ".join(f'"{ms / speed:.0f}ms"' for ms in WARN_MS)
    return f"""[sources.{SOURCE}]
provider = "vonage"
base_url = "{cloud}"
application_id = "{application_id}"
private_key = {{ pipe = "private_key" }}
signature_secret = {{ pipe = "signature_secret" }}
reconcile = "15s"
requests_per_second = 20

[[room_types]]
name = "appointment"
match = {{ source = "{SOURCE}" }}
starts = "second_person"
{durations}
warn = [{warn}]
max_people = 2
mode = "observe"
"""
