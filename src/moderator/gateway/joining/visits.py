"""What rtcStats needs to know of somebody who joins: opaque ids, and the token that names them."""

from typing import Final

from msgspec import Struct

from moderator.clock import Clock
from moderator.domain.ids import RoomKey
from moderator.gateway.configuration.sections import RtcstatsSection
from moderator.quality.identifiers import Identifiers
from moderator.quality.tokens import RtcStatsTokens

PREFIX: Final = "rtcstats."
"""Of the ids where they stand with a participant."""


class Visit(Struct, frozen=True):
    """One join of one person, as rtcStats knows it."""

    user: str = ""
    conference: str = ""
    session: str = ""
    token: str = ""
    """For the client alone: it stands in no log. Empty without rtcStats."""

    @property
    def ids(self) -> dict[str, str]:
        """For the participant's own field on the platform, so that both can be matched later."""
        if not self.token:
            return {}
        return {PREFIX + "user": self.user, PREFIX + "session": self.session}


class Visits:
    """Makes them."""

    def __init__(self, identifiers: Identifiers, tokens: RtcStatsTokens) -> None:
        self._identifiers = identifiers
        self._tokens = tokens

    def visit(self, room: RoomKey, user: str) -> Visit:
        """A new one."""
        opaque = self._identifiers.user(room.source, user)
        conference, session = self._identifiers.conference(room.source, room.room), self._identifiers.session()
        token = self._tokens.token(user=opaque, conference=conference, session=session)
        return Visit(opaque, conference, session, token)


def visits_of(rtcstats: RtcstatsSection | None, clock: Clock) -> Visits | None:
    """As it is configured; None where no tokens for an rtcStats server are to be made."""
    if rtcstats is None or not rtcstats.jwt_secret:
        return None
    return Visits(Identifiers(rtcstats.id_key), RtcStatsTokens(rtcstats.jwt_secret, clock))
