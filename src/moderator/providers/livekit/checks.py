"""Whether a key works. Changes nothing on the server."""

from typing import Final

from moderator.providers.addresses import remedy_for
from moderator.providers.errors import Forbidden, ProviderError
from moderator.providers.livekit.client import Client
from moderator.providers.livekit.options import LiveKitOptions
from moderator.providers.provider import Finding
from moderator.providers.short_secrets import short_secret

WHERE: Final = (
    "with LiveKit: on a server of your own under `webhook: urls` in its configuration, with `webhook: api_key` set to"
    " the api_key of this source; in LiveKit Cloud under Settings, Webhooks, signed with the same key."
)
SHORT: Final = "fine for a server on this machine, 32 or more otherwise."


async def credentials(client: Client) -> Finding:
    """Asks for the rooms that are open."""
    try:
        rooms = await client.room_names()
    except Forbidden as error:
        return Finding(False, "The LiveKit server refuses our credentials.", str(error))
    except ProviderError as error:
        return Finding(False, "The LiveKit server cannot be used.", remedy_for(error))
    return Finding(True, f"The LiveKit server answers, and accepts our credentials. Rooms that are open: {len(rooms)}.")


def secret_length(options: LiveKitOptions) -> list[Finding]:
    """A word about a short secret, such as the server's `--dev` has."""
    return short_secret("api_secret", options.api_secret, SHORT)
