"""Whether an account works. Changes nothing on the platform."""

import base64
from typing import Final

from moderator.providers.addresses import remedy_for
from moderator.providers.errors import Forbidden, Gone, NotSupported, ProviderError, Rejected
from moderator.providers.provider import Finding
from moderator.providers.vonage.client import Client

UNSIGNED: Final = Finding(
    False,
    "Deliveries carry no signature: they are believed by the address they come from (allow_from).",
    "Turn on secure callbacks in the project's settings, and set signature_secret to their secret.",
)


async def credentials(client: Client, session: str) -> Finding:
    """Asks who is in a session that never was: whoever may ask is told that nobody is."""
    try:
        await client.connections(session)
    except (Gone, Rejected):
        pass
    except Forbidden as error:
        return Finding(False, "The Video API refuses our credentials.", str(error))
    except NotSupported as error:
        what = "There is no list of connections here: who is in a room is known from callbacks only."
        return Finding(False, what, str(error))
    except ProviderError as error:
        return Finding(False, "The Video API cannot be used.", remedy_for(error))
    return Finding(True, "The Video API answers, and accepts our credentials.")


def never_used_session(prefix: str, project: str) -> str:
    """A session id as the platform makes them, with a time at which it made none."""
    content = base64.urlsafe_b64encode(f"1~{project}~~0~{'moderator-check':_<24}~~~".encode()).decode()
    return f"{prefix}_{content.rstrip('=')}"
