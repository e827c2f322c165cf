"""LiveKit: servers of one's own, and LiveKit Cloud."""

from moderator.providers.livekit.provider import LiveKitProvider

__all__ = ["LiveKitProvider"]
