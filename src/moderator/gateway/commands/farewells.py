"""Tells somebody why they have to go, before they do: once, quickly or not at all."""

import logging
from typing import Final

from moderator.domain.events import DisconnectRequested
from moderator.domain.rooms import Room
from moderator.domain.stays import Stay
from moderator.domain.telling import farewell, tells_reason
from moderator.gateway.commands.targets import target_of
from moderator.gateway.platforms.asking import ask
from moderator.gateway.platforms.limiter import Urgency
from moderator.gateway.platforms.sources import LiveSource
from moderator.providers.errors import ProviderError

logger = logging.getLogger(__name__)

TELL_WITHIN_S: Final = 2.0
"""Nobody stays longer because the platform is slow to tell them."""


async def tell_reason(source: LiveSource, data: DisconnectRequested, room: Room, stay: Stay) -> bool | None:
    """Whether the person could be told; None where the room's type does not ask for it, or the platform cannot."""
    if not tells_reason(room):
        return None

    async def told() -> None:
        await source.limiter.turn(Urgency.REMOVAL)
        await source.provider.tell(target_of(room, stay), farewell(data.reason))

    try:
        await ask(source, told(), TELL_WITHIN_S)
    except ProviderError as error:
        logger.info(
            "somebody in %s could not be told why they are disconnected: %s",
            source.name,
            error,
            extra={"source": source.name},
        )
        return False
    except Exception:  # a fault in a provider's code must not keep anybody in the room
        logger.exception(
            "telling somebody in %s failed in the provider's code", source.name, extra={"source": source.name}
        )
        return False
    return True
