"""A provider that can do nothing yet, for those that cannot do everything to begin with."""

from collections.abc import Mapping, Sequence

from moderator.domain.settings import Capability
from moderator.providers.errors import NotSupported
from moderator.providers.provider import Admission, Listing, Target


class BareProvider:
    """Every command of `Provider`, refused: inherit, and write those that the platform has.

    Each raises NotSupported, with the reason that `capabilities` gives for it.
    """

    capabilities: Mapping[str, Capability]
    credentials_last_ms: int = 0

    async def list_rooms(self, known: Sequence[str]) -> Listing:
        raise self._refusal("list")

    async def list_room(self, room: str) -> Listing:
        raise self._refusal("list")

    async def disconnect(self, target: Target, *, block: bool) -> None:
        raise self._refusal("disconnect")

    async def readmit(self, target: Target) -> None:
        raise self._refusal("readmit")

    async def extend(self, target: Target, expected: int | None, ends_at: int) -> int:
        raise self._refusal("extend")

    async def mute(self, target: Target) -> None:
        raise self._refusal("mute")

    async def revoke(self, target: Target) -> None:
        raise self._refusal("revoke")

    async def restore(self, target: Target) -> None:
        raise self._refusal("revoke")

    async def stop_stream(self, target: Target) -> None:
        raise self._refusal("stop_stream")

    async def end_room(self, target: Target) -> None:
        raise self._refusal("end")

    async def send_message(self, target: Target, text: str) -> None:
        raise self._refusal("message")

    async def tell(self, target: Target, text: str) -> None:
        raise self._refusal("tell")

    async def open_room(self, name: str) -> str:
        raise self._refusal("join")

    async def credentials(self, admission: Admission) -> dict[str, str]:
        raise self._refusal("join")

    def _refusal(self, action: str) -> NotSupported:
        why = self.capabilities[action].why or "this is for the gateway to do, not for the platform"
        return NotSupported(f"{why[0].upper()}{why[1:]}.")
