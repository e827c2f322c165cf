"""Providers that are wrong in one way each: the suite has to notice. The rest of each is LiveKit's, which is right.

Those that move ends are made of Stream's.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from moderator.clock import Clock
from moderator.http import HttpClient, Reply
from moderator.providers.conformance import ProviderConformance
from moderator.providers.livekit import LiveKitProvider
from moderator.providers.livekit.options import LiveKitOptions
from moderator.providers.provider import Provider
from tests.providers.conformance.livekit import LiveKitConformance


class OwnRequests(LiveKitProvider):
    """For requests that are made wrong."""

    def __init__(self, source: str, options: LiveKitOptions, http: HttpClient, clock: Clock) -> None:
        super().__init__(source, options, http, clock)
        self.own = options
        self.http = http
        self.clock = clock

    async def ask(self, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Reply:
        return await self.http.request("POST", f"{self.own.http_url}/{path}", body=body, headers=headers)


def complaint(
    provider: type[Provider],
    check: str,
    *words: str,
    of: type[ProviderConformance] = LiveKitConformance,
    **stated: Any,
) -> str:
    """What the suite says in this check, `of` whichever platform; a test fails when it says nothing."""
    suite = type("Broken", (of,), {"provider": provider, **stated})()
    with pytest.raises(AssertionError) as caught:
        getattr(suite, check)(*words)
    return str(caught.value)


def passes(provider: type[LiveKitProvider], check: str, *words: str) -> None:
    """That this is not what is wrong with it."""
    suite = type("Sound", (LiveKitConformance,), {"provider": provider})()
    getattr(suite, check)(*words)
