"""rtcStats: opaque ids and tokens for whoever joins, look-ups in its database, and how good a connection was.

What the gateway's route and the window say to each other is in `moderator.feed.quality`.
"""

from moderator.quality.errors import BadQuestion, NoSuchRow, QualityError, Unavailable
from moderator.quality.identifiers import Identifiers
from moderator.quality.quality import Quality
from moderator.quality.tokens import RtcStatsTokens

__all__ = ["BadQuestion", "Identifiers", "NoSuchRow", "Quality", "QualityError", "RtcStatsTokens", "Unavailable"]
