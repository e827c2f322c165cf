"""The calls of Stream's REST API that are used, and what the account needs to be allowed for each."""

from typing import Final

from msgspec import Struct


class Endpoint(Struct, frozen=True):
    """One of them. Stream counts requests for each on its own."""

    method: str
    path: str
    """Below `/api/v2`; `{type}` and `{id}` are those of a call."""
    needs: str = ""
    """The capability that a refusal most likely means."""


_CALL: Final = "/video/call/{type}/{id}"

GET_APP: Final = Endpoint("GET", "/app")
QUERY_CALLS: Final = Endpoint("POST", "/video/calls", "read-call")
GET_CALL: Final = Endpoint("GET", _CALL, "read-call")
GET_OR_CREATE: Final = Endpoint("POST", _CALL, "create-call")
UPDATE_CALL: Final = Endpoint("PATCH", _CALL, "change-max-duration")
QUERY_PARTICIPANTS: Final = Endpoint("POST", f"{_CALL}/participants", "read-call")
MARK_ENDED: Final = Endpoint("POST", f"{_CALL}/mark_ended", "end-call")
KICK: Final = Endpoint("POST", f"{_CALL}/kick", "kick-user")
UNBLOCK: Final = Endpoint("POST", f"{_CALL}/unblock", "block-users")
MUTE_USERS: Final = Endpoint("POST", f"{_CALL}/mute_users", "mute-users")
USER_PERMISSIONS: Final = Endpoint("POST", f"{_CALL}/user_permissions", "update-call-permissions")
SEND_EVENT: Final = Endpoint("POST", f"{_CALL}/event", "send-event")
