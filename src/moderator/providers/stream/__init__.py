"""Stream Video (getstream.io): calls with session timers that the platform keeps itself."""

from moderator.providers.stream.provider import StreamProvider

__all__ = ["StreamProvider"]
