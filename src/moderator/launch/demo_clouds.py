"""The simulated clouds of the demo, as data: which there are, what they share the rooms by, and an account at each.

Nothing is read, written or sent; but keys and ids are random, so no two accounts are the same.
"""

from collections.abc import Sequence
from secrets import token_hex
from typing import TypedDict
from uuid import uuid4

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from msgspec import Struct


class DemoCloud(Struct, frozen=True):
    """One platform, and our account there. Its secrets open nothing else, and go no further than the two programs."""

    source: str
    """What the configuration calls the account."""
    platform: str
    """What the simulator and the gateway call the platform."""
    name: str
    """What people call it."""
    share: int
    """Of the rooms, in relation to the others."""
    appointments: tuple[str, ...]
    """What people meet for there."""
    keeps_deadlines: bool
    """Whether the platform itself knows when a room ends, so that the gateway has no duration for it."""
    options: dict[str, str]
    """What the configuration says of the account openly."""
    secrets: dict[str, str]
    """What the gateway knows beside it, by the key of the configuration."""
    known_to_the_cloud: dict[str, str]
    """What the platform knows of its customer."""

    @property
    def for_the_gateway(self) -> dict[str, str]:
        """What the configuration's `{ pipe = NAME }` stands for."""
        return {self.pipe(key): value for key, value in self.secrets.items()}

    def pipe(self, key: str) -> str:
        """The NAME of a secret."""
        return f"{self.source}_{key}"


def new_clouds() -> tuple[DemoCloud, ...]:
    """All of them, with new accounts."""
    return (_vonage(), _stream(), _livekit())


def rooms_of(clouds: Sequence[DemoCloud], rooms: int) -> list[int]:
    """How many rooms each cloud has, when there are so many in all: by the shares, what is left over to the largest."""
    total = sum(cloud.share for cloud in clouds)
    counts = [rooms * cloud.share // total for cloud in clouds]
    left_over = sorted(range(len(clouds)), key=lambda index: -(rooms * clouds[index].share % total))
    for index in left_over[: rooms - sum(counts)]:
        counts[index] += 1
    return counts


def _vonage() -> DemoCloud:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    application, signature_secret = str(uuid4()), token_hex(32)
    return DemoCloud(
        source="clinic",
        platform="vonage",
        name="Vonage",
        share=4,
        appointments=("consultation", "checkup", "advice", "followup"),
        keeps_deadlines=False,
        options={"application_id": application},
        secrets={"private_key": private.decode(), "signature_secret": signature_secret},
        known_to_the_cloud={
            "application_id": application,
            "public_key": public.decode(),
            "signature_secret": signature_secret,
        },
    )


def _stream() -> DemoCloud:
    return DemoCloud(
        source="school",
        platform="stream",
        name="Stream",
        share=3,
        appointments=("lesson",),
        keeps_deadlines=True,
        **_key_and_secret(),
    )


def _livekit() -> DemoCloud:
    return DemoCloud(
        source="exams",
        platform="livekit",
        name="LiveKit",
        share=3,
        appointments=("exam",),
        keeps_deadlines=False,
        **_key_and_secret(),
    )


def _key_and_secret() -> "_Account":
    """Where that is all there is to an account."""
    key, secret = {"api_key": token_hex(6)}, {"api_secret": token_hex(32)}
    return {"options": key, "secrets": secret, "known_to_the_cloud": key | secret}


class _Account(TypedDict):
    options: dict[str, str]
    secrets: dict[str, str]
    known_to_the_cloud: dict[str, str]
