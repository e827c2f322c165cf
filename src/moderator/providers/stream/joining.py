"""What it takes to join: a call on the platform, and a user's token that is good for this call alone."""

import hashlib
import re
from typing import Final

import jwt

from moderator.providers.errors import Rejected
from moderator.providers.provider import Admission
from moderator.providers.stream.api import BACKDATED_S, StreamApi
from moderator.providers.stream.calls import MAX_NAME, is_address
from moderator.providers.stream.endpoints import GET_OR_CREATE
from moderator.providers.stream.options import StreamOptions

CREDENTIALS_LAST_MS: Final = 3_600_000
"""The client sends its token with everything that it asks for: when it expires, it wants another."""
ROLE: Final = "user"
"""Never what an application calls its people: among Stream's roles is `admin`."""
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Doorkeeper:
    """Of one app. Raises the errors of `StreamApi`."""

    def __init__(self, api: StreamApi, options: StreamOptions) -> None:
        self._api = api
        self._options = options

    async def open_call(self, name: str) -> str:
        """The call of this name, which is made where there is none: asked twice, it is the same one."""
        cid = f"{self._options.call_type}:{_call_id(name)}"
        data = {"created_by_id": self._options.moderator_user, "custom": {"name": name[:MAX_NAME]}}
        await self._api.ask(GET_OR_CREATE, cid, {"data": data})
        return cid

    def credentials(self, admission: Admission) -> dict[str, str]:
        """What the client SDK connects and joins with. Raises Rejected."""
        if not is_address(admission.room):
            raise Rejected("That is no call of Stream's: those are named by their type, a colon and an id.")
        user, now_ms = admission.identified(), self._api.now_ms()
        claims = {
            "user_id": user,
            "call_cids": [admission.room],
            "role": ROLE,
            "iat": now_ms // 1000 - BACKDATED_S,
            "exp": self._api.platform_ms(admission.expires_at) // 1000,
        }
        token = jwt.encode(claims, self._options.api_secret, algorithm="HS256")
        return {"apiKey": self._options.api_key, "room": admission.room, "user": user, "token": token}


def _call_id(name: str) -> str:
    """Stream takes few characters: another name is known by its hash."""
    if _ID.fullmatch(name):
        return name
    return f"name-{hashlib.sha256(name.encode()).hexdigest()[:40]}"
