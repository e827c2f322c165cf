"""What is announced in the demo: the exams of the day, one of which a candidate misses. Their rooms are for those on
the list only, and that is enforced: a guest who slips in is disconnected.
"""

from typing import Final

from msgspec import Struct

from moderator.client.appointments import Announcement, AppointmentsClient
from moderator.client.tokens import FixedToken
from moderator.domain.announcements import Listed
from moderator.domain.settings import MINUTE_MS
from moderator.http import HttpClient
from moderator.launch.status import GatewayAccess

SOURCE: Final = "exams"
TYPE: Final = "listed exam"
"""The room type that says who may come in."""
MINUTES: Final = (3, 6, 10, 15, 25, 40, 60, 90, 120, 180)
"""When they begin, from the start of the demo, by the time of its rooms."""
MISSED: Final = 2
"""To this one, counted from nought, the candidate does not come."""
FIRST_NUMBER: Final = 901


class Exam(Struct, frozen=True):
    """One announced exam."""

    name: str
    starts_at: int
    examiner: str
    candidate: str
    missed: bool

    @property
    def words(self) -> str:
        """For the simulated cloud, which lets people come."""
        return f"{self.name},{self.starts_at},{self.examiner},{'' if self.missed else self.candidate}"

    @property
    def announcement(self) -> Announcement:
        """For the gateway."""
        allow = (Listed(self.examiner, "examiner"), Listed(self.candidate, "candidate"))
        return Announcement(name=self.name, starts_at=self.starts_at, type=TYPE, allow=allow)


def exams(now_ms: int, speed: float) -> tuple[Exam, ...]:
    """The exams of a demo that starts now."""
    return tuple(
        Exam(
            name=f"exam-{number}",
            starts_at=now_ms + round(minutes * MINUTE_MS / speed),
            examiner=f"examiner-{number}",
            candidate=f"candidate-{number}",
            missed=number - FIRST_NUMBER == MISSED,
        )
        for number, minutes in enumerate(MINUTES, start=FIRST_NUMBER)
    )


async def announce(access: GatewayAccess, found: tuple[Exam, ...]) -> None:
    """Tell the gateway. Raises GatewayError."""
    async with HttpClient() as http:
        client = AppointmentsClient(access.url, FixedToken(access.token), http)
        for one in found:
            await client.announce(SOURCE, one.announcement)
