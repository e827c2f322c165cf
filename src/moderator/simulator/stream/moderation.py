"""What a moderator's client does to a call and the people in it."""

from typing import Any, Final, get_args

import msgspec

from moderator.simulator.cloud import Cloud
from moderator.simulator.stream import bodies
from moderator.simulator.stream.calls import MEDIA, Call, Calls, Medium, Tell
from moderator.simulator.stream.errors import Caller, Refused
from moderator.simulator.world import Person, Signal

Answer = dict[str, Any]
ALL: Final[frozenset[Medium]] = frozenset(get_args(Medium))


class Moderation:
    """Each method is one request that changes something; raises Refused."""

    def __init__(self, cloud: Cloud, calls: Calls, tell: Tell) -> None:
        self._cloud, self._world, self._calls, self._tell = cloud, cloud.world, calls, tell

    def update(self, call: Call, body: bodies.Update, caller: Caller) -> Answer:
        """Another limit takes effect at once: the session's timer moves."""
        limits = body.settings_override.limits if body.settings_override else None
        now = self._cloud.now()
        if limits and limits.max_duration_seconds is not None:
            self._calls.limit(call, limits.max_duration_seconds, now)
        else:
            self._calls.touch(call, now)
        return {}

    def end(self, call: Call, body: bodies.Nothing, caller: Caller) -> Answer:
        self._calls.end(call, self._cloud.now(), _moderator(caller.user))
        return {}

    def block(self, call: Call, body: bodies.Block, caller: Caller) -> Answer:
        """Who is blocked is removed, and not let in again."""
        user = self._known(call, body.user_id)
        self._block(call, user, caller.user)
        return {}

    def unblock(self, call: Call, body: bodies.Block, caller: Caller) -> Answer:
        user = self._known(call, body.user_id)
        call.room.blocked.discard(user.user)
        self._tell(call, "call.unblocked_user", self._cloud.now(), user=user)
        return {}

    def kick(self, call: Call, body: bodies.Kick, caller: Caller) -> Answer:
        """All devices of the user. Who is blocked as well is told as blocked, and not as kicked."""
        user = self._known(call, body.user_id)
        by = body.kicked_by_id or caller.user
        if body.block:
            self._block(call, user, by)
        else:
            self._remove(call, user)
            self._tell(call, "call.kicked_user", self._cloud.now(), user=user, kicked_by_user=_moderator(by))
        return {}

    def mute(self, call: Call, body: bodies.Mute, caller: Caller) -> Answer:
        """Nobody is kept from speaking again."""
        here = [one.person.user for one in call.room.connections.values()]
        users = list(dict.fromkeys(here)) if body.mute_all_users else body.user_ids or []
        media = {medium for medium in ALL if getattr(body, medium)}
        now = self._cloud.now()
        self._calls.take_away(call, set(users), media, now)
        by = body.muted_by_id or caller.user or ""
        self._tell(call, "call.user_muted", now, from_user_id=by, muted_user_ids=users, reason="")
        return {}

    def permissions(self, call: Call, body: bodies.Permissions, caller: Caller) -> Answer:
        """What is revoked ends at once, and does not come back until it is granted."""
        user = self._known(call, body.user_id)
        taken, given = set(body.revoke_permissions or ()), set(body.grant_permissions or ())
        if odd := (taken | given) - MEDIA.keys():
            raise Refused("input", f"permissions that cannot be changed: {', '.join(sorted(odd))}")
        revoked = (call.revoked.get(user.user, set()) | taken) - given
        now = self._cloud.now()
        self._calls.withhold(call, user.user, revoked, now)
        left = [one for one in ("join-call", "read-call", *MEDIA) if one not in revoked]
        self._tell(call, "call.permissions_updated", now, user=user, own_capabilities=left)
        return {}

    def event(self, call: Call, body: bodies.Event, caller: Caller) -> Answer:
        """A message to everybody in the call: it goes to their clients, no webhook tells of it."""
        if not (body.user_id or caller.user):
            raise Refused("input", "SendCallEvent: either user or user_id must be provided when using server side auth")
        text = msgspec.json.encode(body.custom or {}).decode()
        call.room.signals.append(Signal(self._cloud.now(), "custom", text, None))
        return {}

    def _block(self, call: Call, user: Person, by: str | None) -> None:
        call.room.blocked.add(user.user)
        self._remove(call, user)
        self._tell(call, "call.blocked_user", self._cloud.now(), user=user, blocked_by_user=_moderator(by))

    def _remove(self, call: Call, user: Person) -> None:
        for connection in call.connections_of({user.user}):
            self._cloud.remove(connection.id)

    def _known(self, call: Call, user_id: str) -> Person:
        """Who is or was in the call."""
        if user := call.seen.get(user_id):
            return user
        raise Refused("input", f"the following users don't exist: [{user_id}]")


def _moderator(user_id: str | None) -> Person | None:
    return Person(user_id, user_id, "admin") if user_id else None
