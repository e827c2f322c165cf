"""Questions and commands about appointments. Where they are read from is in `appointment_files`."""

from urllib.parse import urlencode

from msgspec import Struct, to_builtins

from moderator.client.requests import Accepted, GatewayRequests, decoded
from moderator.domain.announcements import Listed
from moderator.domain.attendance import Attendance
from moderator.feed.appointments import Announced, AppointmentList
from moderator.feed.paths import quote_id


class Announcement(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is announced of one appointment. Times in milliseconds since the epoch, UTC."""

    name: str
    starts_at: int
    duration_ms: int | None = None
    type: str = ""
    room: str = ""
    allow: tuple[Listed, ...] = ()


class AppointmentsClient(GatewayRequests):
    """Appointments at one gateway. Every method raises GatewayError (`moderator.client.errors`)."""

    async def announce(self, source: str, wanted: Announcement, expected_version: int | None = None) -> Announced:
        """New, or in place of the one of that name. Raises Conflict where the room is booked, and where a room is on
        whose end moves, unless `expected_version` is its deadline's.
        """
        body = {key: value for key, value in to_builtins(wanted).items() if key != "name"}
        if expected_version is not None:
            body["expected_version"] = expected_version
        return decoded(await self._order("PUT", _path(source, wanted.name), body), Announced)

    async def withdraw(self, source: str, name: str) -> Accepted:
        """There is no such appointment any more. Raises NotFound."""
        return await self._accepted("DELETE", _path(source, name))

    async def appointment(self, source: str, name: str) -> Attendance:
        """How one is going. Raises NotFound."""
        return await self._ask(_path(source, name), Attendance)

    async def appointments(
        self, source: str = "", *, from_ms: int | None = None, to_ms: int | None = None
    ) -> AppointmentList:
        """Those that begin within that time, of one source or of all."""
        given = {"source": source or None, "from": from_ms, "to": to_ms}
        query = urlencode({key: value for key, value in given.items() if value is not None})
        return await self._ask("/v1/appointments" + (f"?{query}" if query else ""), AppointmentList)


def _path(source: str, name: str) -> str:
    return f"/v1/appointments/{quote_id(source)}/{quote_id(name)}"
