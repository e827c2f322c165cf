"""The table of platforms says what their providers ask for: it cannot drift away from them."""

from importlib.metadata import entry_points
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from moderator.desktop.welcome.platforms import PLATFORMS, Platform
from moderator.desktop.welcome.validation import is_complete
from moderator.providers.provider import Provider

PROVIDERS: dict[str, type[Provider]] = {one.name: one.load() for one in entry_points(group="moderator.providers")}
VALUES = {"word": "a-word", "web": "http://127.0.0.1:1/x", "livekit": "wss://a.example.org"}
VALUES |= {"uuid": "29f760f8-7ce1-46c9-ade3-f2dedee4ed5f"}


def a_key() -> str:
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(encoding, form, serialization.NoEncryption()).decode()


def values_of(platform: Platform) -> dict[str, str]:
    key = a_key()
    return {one.key: {**VALUES, "private_key": key}[one.kind] for one in platform.fields}


def test_every_platform_can_be_connected() -> None:
    assert {one.provider for one in PLATFORMS} == set(PROVIDERS)


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda one: one.provider)
def test_what_is_asked_for_is_what_the_provider_takes(platform: Platform) -> None:
    values = values_of(platform)
    assert all(is_complete(one, values[one.key]) for one in platform.fields)
    options = msgspec.convert(values, PROVIDERS[platform.provider].Options)
    assert msgspec.to_builtins(options).items() >= values.items()


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda one: one.provider)
def test_nothing_that_is_needed_is_missing(platform: Platform) -> None:
    needed = {one.key: value for one, value in zip(platform.fields, values_of(platform).values(), strict=True)}
    for one in platform.fields:
        if one.optional:
            del needed[one.key]
    assert msgspec.convert(needed, PROVIDERS[platform.provider].Options) is not None


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda one: one.provider)
def test_secrets_are_those_that_the_provider_never_shows(platform: Platform) -> None:
    values = values_of(platform)
    unlike = {one.key: f"secret-{one.key}" for one in platform.fields if one.secret and one.kind == "word"}
    options: Any = msgspec.convert(values | unlike, PROVIDERS[platform.provider].Options)
    assert not [text for text in unlike.values() if text in repr(options)]


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda one: one.provider)
def test_what_it_can_is_what_the_provider_says(platform: Platform) -> None:
    provider = PROVIDERS[platform.provider]
    assert platform.finds_rooms is provider.finds_rooms
    assert platform.keeps_ends is (provider.capabilities["extend"].by == "provider")
