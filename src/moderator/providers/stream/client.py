"""Commands about calls and the people in them. They are about users: whoever has several devices is meant with all."""

from typing import Final

from moderator.providers.errors import Gone, RateLimited, Rejected, Temporary, Uncertain
from moderator.providers.provider import Target
from moderator.providers.stream.api import StreamApi
from moderator.providers.stream.endpoints import (
    KICK,
    MARK_ENDED,
    MUTE_USERS,
    SEND_EVENT,
    UNBLOCK,
    USER_PERMISSIONS,
    Endpoint,
)

SOUND: Final = ("audio", "screenshare_audio")
SEND_AUDIO: Final = "send-audio"
MESSAGE_TYPE: Final = "moderator"
MAX_MESSAGE_BYTES: Final = 4_096
"""Of a custom event of 5 KB, with room for what stands around the text."""
MESSAGE_TIMEOUT_S: Final = 4.0
"""Less than the gateway waits for a call, so that it is we who say what a missing answer means."""


class Client:
    """One app. Raises the errors of `StreamApi`."""

    def __init__(self, api: StreamApi, moderator_user: str) -> None:
        self._api = api
        self._moderator_user = moderator_user

    async def kick(self, target: Target, *, block: bool) -> None:
        """Remove a person with every device; with `block` they cannot join this call again. Raises Gone."""
        await self._api.ask(KICK, target.room, {"user_id": _user(target), "block": block})

    async def unblock(self, target: Target) -> None:
        """Let a person join this call again. Raises Gone."""
        await self._api.ask(UNBLOCK, target.room, {"user_id": _user(target)})

    async def mute(self, target: Target, kinds: tuple[str, ...]) -> None:
        """Turn off what a person publishes of these kinds, once: they can turn it on again. Raises Gone."""
        tracks = dict.fromkeys(kinds, True)
        body = {"user_ids": [_user(target)], **tracks, "muted_by_id": self._moderator_user}
        await self._in_our_name(MUTE_USERS, target, body)

    async def revoke(self, target: Target, permission: str) -> None:
        """Take `send-audio`, `send-video` or `screenshare` away; the platform stops what is published so."""
        await self._api.ask(
            USER_PERMISSIONS, target.room, {"user_id": _user(target), "revoke_permissions": [permission]}
        )

    async def grant(self, target: Target, permission: str) -> None:
        """Give one of them."""
        await self._api.ask(
            USER_PERMISSIONS, target.room, {"user_id": _user(target), "grant_permissions": [permission]}
        )

    async def end(self, target: Target) -> None:
        """End the call for everybody; it can be joined again only by who may join ended calls."""
        await self._api.ask(MARK_ENDED, target.room)

    async def message(self, target: Target, text: str) -> None:
        """A custom event for everybody in the call. Raises Uncertain where a second try might say it twice."""
        if len(text.encode()) > MAX_MESSAGE_BYTES:
            raise Rejected(f"A message may have {MAX_MESSAGE_BYTES} bytes at most.")
        body = {"user_id": self._moderator_user, "custom": {"type": MESSAGE_TYPE, "text": text}}
        try:
            await self._in_our_name(SEND_EVENT, target, body, MESSAGE_TIMEOUT_S)
        except RateLimited:
            raise
        except Temporary as error:
            raise Uncertain(f"Whether the message arrived is not known, so it is not sent again. {error}") from error

    async def _in_our_name(
        self, endpoint: Endpoint, target: Target, body: object, timeout_s: float | None = None
    ) -> None:
        """A request that names our own user, who may be what is not there."""
        try:
            await self._api.ask(endpoint, target.room, body, timeout_s=timeout_s)
        except Gone as error:
            missing = f"this app has no user {self._moderator_user!r}, whom moderator_user names"
            raise Gone(f"That call or person is not there any more; or {missing}.") from error


def _user(target: Target) -> str:
    if not target.user:
        raise Rejected("Stream can do this to users only, and this participant has none.")
    return target.user
