"""The room service's calls that a moderation client makes, with the answers and refusals of the real server.

How a call comes and goes (Twirp, in JSON or protobuf) is in `twirp`.
"""

from collections.abc import Iterator
from typing import Final

from moderator.simulator.cloud import Cloud
from moderator.simulator.livekit import messages
from moderator.simulator.livekit.descriptions import (
    describe_companion,
    describe_participant,
    describe_room,
    describe_track,
    track_sid,
)
from moderator.simulator.livekit.messages import Values
from moderator.simulator.livekit.server import EMPTY_TIMEOUT_S, SOURCES, Companion, LiveRoom, Server, Standing
from moderator.simulator.livekit.twirp import Method, TwirpError
from moderator.simulator.livekit.webhooks import Webhooks
from moderator.simulator.world import Connection, Room, Signal

# The real server's words, with what its layers put before them.
NO_ROOM: Final = TwirpError("not_found", "twirp error unknown: requested room does not exist")
NO_PARTICIPANT: Final = TwirpError("not_found", "twirp error unknown: participant does not exist")
NO_ANSWER: Final = TwirpError("unavailable", "twirp error unknown: no response from servers")
"""Where the real server asks the one that holds a participant, and waits 3 s for it."""
NO_UNMUTE: Final = TwirpError("failed_precondition", "twirp error unknown: remote unmute not enabled")


class RoomService:
    """Answers for one cloud."""

    def __init__(self, cloud: Cloud, server: Server, webhooks: Webhooks) -> None:
        self._cloud, self._world, self._server, self._webhooks = cloud, cloud.world, server, webhooks
        self.methods: dict[str, Method] = {
            "ListRooms": Method("roomList", messages.LIST_ROOMS, messages.ROOMS, self._list_rooms),
            "CreateRoom": Method("roomCreate", messages.CREATE_ROOM, messages.ROOM, self._create_room),
            "DeleteRoom": Method("roomCreate", messages.IN_ROOM, messages.NOTHING, self._delete_room),
            "UpdateRoomMetadata": Method("roomAdmin", messages.ROOM_METADATA, messages.ROOM, self._update_metadata),
            "ListParticipants": Method("roomAdmin", messages.IN_ROOM, messages.PARTICIPANTS, self._list_participants),
            "GetParticipant": Method("roomAdmin", messages.IDENTITY, messages.PARTICIPANT, self._get_participant),
            "RemoveParticipant": Method("roomAdmin", messages.REMOVE, messages.NOTHING, self._remove),
            "MutePublishedTrack": Method("roomAdmin", messages.MUTE, messages.MUTED, self._mute),
            "UpdateParticipant": Method("roomAdmin", messages.UPDATE, messages.PARTICIPANT, self._update),
            "SendData": Method("roomAdmin", messages.SEND_DATA, messages.NOTHING, self._send_data),
        }

    # --- rooms ------------------------------------------------------------------------------------------------------

    def _list_rooms(self, asked: Values) -> Values:
        names = asked.get("names") or list(self._server.rooms)
        return {"rooms": [self._describe(room) for name, room in self._server.rooms.items() if name in names]}

    def _create_room(self, asked: Values) -> Values:
        name, now = asked.get("name", ""), self._cloud.now()
        if (live := self._server.rooms.get(name)) is None:
            self._world.create(name, now)
            live = self._webhooks.started(name, now, asked.get("metadata", ""))
            # Counted from a call, so in real time whatever the speed.
            self._world.when(now + EMPTY_TIMEOUT_S * 1000, lambda at: self._nobody_came(live, at))
        return self._describe(live)

    def _nobody_came(self, live: LiveRoom, at: int) -> None:
        if self._server.rooms.get(live.name) is live and not self._world.room(live.name).is_open:
            self._webhooks.finished(live, at)

    def _delete_room(self, asked: Values) -> Values:
        live = self._live(asked)
        live.is_deleted = True
        self._world.end(live.name, self._cloud.now())
        if live.name in self._server.rooms:  # nobody has ever come
            self._webhooks.finished(live, self._cloud.now())
        return {}

    def _update_metadata(self, asked: Values) -> Values:
        live = self._live(asked)
        live.metadata = asked.get("metadata", "")
        return self._describe(live)

    # --- participants -----------------------------------------------------------------------------------------------

    def _list_participants(self, asked: Values) -> Values:
        live = self._server.rooms.get(asked.get("room", ""))
        return {"participants": list(self._participants(live)) if live else []}

    def _participants(self, live: LiveRoom) -> Iterator[Values]:
        room = self._world.rooms.get(live.name)
        for one in room.connections.values() if room else ():
            yield describe_participant(one, self._server.standings[one.id])
        yield from map(describe_companion, live.companions.values())

    def _get_participant(self, asked: Values) -> Values:
        if one := self._companion(asked):
            return describe_companion(one)
        _, connection, standing = self._person(asked)
        return describe_participant(connection, standing)

    def _remove(self, asked: Values) -> Values:
        """The token stays good, as with a server of one's own: who was removed may come back."""
        if one := self._companion(asked):
            live = self._server.rooms[asked["room"]]
            self._webhooks.companion_left(live, one, "PARTICIPANT_REMOVED", self._cloud.now())
        else:
            _, connection, _ = self._person(asked)
            self._world.leave(connection.id, self._cloud.now(), "removed")
        return {}

    def _update(self, asked: Values) -> Values:
        if one := self._companion(asked):
            one.permission = asked.get("permission", one.permission)
            return describe_companion(one)
        room, connection, standing = self._person(asked)
        standing.name = asked.get("name") or standing.name
        standing.metadata = asked.get("metadata") or standing.metadata
        merged = standing.attributes | asked.get("attributes", {})
        standing.attributes = {key: value for key, value in merged.items() if value}
        standing.version += 1
        if "permission" in asked:
            self._permit(room, connection, standing, asked["permission"])
        return describe_participant(connection, standing)

    def _permit(self, room: Room, connection: Connection, standing: Standing, permission: Values) -> None:
        """What is not said is not allowed; no sources said means all. What is not allowed any more ends."""
        standing.permission = permission
        allowed = permission.get("can_publish_sources") or list(SOURCES.values())
        may_publish = permission.get("can_publish", False)
        withheld = {kind for kind, source in SOURCES.items() if not may_publish or source not in allowed}
        room.withheld[connection.person.user] = withheld
        for stream in list(connection.streams.values()):
            if stream.kind in withheld:
                self._world.unpublish(stream.id, self._cloud.now(), "stopped")

    def _mute(self, asked: Values) -> Values:
        if not asked.get("muted"):
            raise NO_UNMUTE
        room = self._world.rooms.get(asked.get("room", ""))
        here = [one for one in room.connections.values() if one.person.user == asked.get("identity")] if room else []
        if not here:
            raise NO_ANSWER
        for stream in here[0].streams.values():
            if track_sid(stream) == asked.get("track_sid"):
                stream.muted = True
                return {"track": describe_track(stream)}
        return {"track": None}

    def _send_data(self, asked: Values) -> Values:
        live = self._server.rooms.get(asked.get("room", ""))
        if live is None:
            raise NO_ANSWER
        room, now = self._world.room(live.name), self._cloud.now()
        text = asked.get("data", b"").decode(errors="replace")
        named = asked.get("destination_identities", [])
        receivers = [one.id for one in room.connections.values() if one.person.user in named] if named else [None]
        room.signals += [Signal(now, asked.get("topic", ""), text, receiver) for receiver in receivers]
        return {}

    # --- who is meant -----------------------------------------------------------------------------------------------

    def _describe(self, live: LiveRoom) -> Values:
        return describe_room(live, self._world.rooms.get(live.name))

    def _live(self, asked: Values) -> LiveRoom:
        if live := self._server.rooms.get(asked.get("room", "")):
            return live
        raise NO_ROOM

    def _companion(self, asked: Values) -> Companion | None:
        live = self._server.rooms.get(asked.get("room", ""))
        return live.companions.get(asked.get("identity", "")) if live else None

    def _person(self, asked: Values) -> tuple[Room, Connection, Standing]:
        room = self._world.rooms.get(asked.get("room", ""))
        for connection in room.connections.values() if room else ():
            if room and connection.person.user == asked.get("identity"):
                return room, connection, self._server.standings[connection.id]
        raise NO_PARTICIPANT
