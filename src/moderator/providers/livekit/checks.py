"""Whether a key works. Changes nothing on the server."""

from typing import Final

from moderator.providers.errors import Forbidden, ProviderError
from moderator.providers.livekit.client import Client
from moderator.providers.provider import Finding

WHERE: Final = (
    "with LiveKit: on a server of your own under `webhook: urls` in its configuration, with `webhook: api_key` set to"
    " the api_key of this source; in LiveKit Cloud under Settings, Webhooks, signed with the same key."
)


async def credentials(client: Client) -> Finding:
    """Asks for the rooms that are open."""
    try:
        rooms = await client.room_names()
    except Forbidden as error:
        return Finding(False, "The LiveKit server refuses our credentials.", str(error))
    except ProviderError as error:
        return Finding(False, "The LiveKit server cannot be used.", str(error))
    return Finding(True, f"The LiveKit server answers, and accepts our credentials. Rooms that are open: {len(rooms)}.")
