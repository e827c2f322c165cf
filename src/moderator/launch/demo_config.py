"""The gateway's configuration for the demo: a source for each simulated cloud, and a type for its rooms. Pure."""

from collections.abc import Iterable
from typing import Final

from moderator.domain.settings import MINUTE_MS
from moderator.launch import demo_appointments
from moderator.launch.demo_clouds import DemoCloud

DURATION_MS: Final = 60 * MINUTE_MS
"""Where the platform does not know better."""
RESUME_WITHIN_MS: Final = 2 * MINUTE_MS
"""A room that was left goes from the list soon."""
STEP_MS: Final = 5 * MINUTE_MS
MAX_EXTENSION_MS: Final = 30 * MINUTE_MS
WARN_MS: Final = (5 * MINUTE_MS, MINUTE_MS, 20_000)


def configuration(clouds: Iterable[tuple[DemoCloud, str]], speed: float) -> str:
    """The gateway's file for clouds, each with its address, in which time runs `speed` times quicker than ours.

    The policies only observe, but for what is announced: the uninvited guest is for the moderator to remove, and nobody
    is cut off.
    """
    sections = [section for cloud, url in clouds for section in (_source(cloud, url), _room_type(cloud, speed))]
    return "\n".join([*sections, _listed(speed)])


def _listed(speed: float) -> str:
    """What announced exams name as their type; no room is of it by itself."""
    return f"""[[room_types]]
name = "{demo_appointments.TYPE}"
match = {{ source = "{demo_appointments.SOURCE}", room = "" }}
starts = "second_person"
duration = "{DURATION_MS / speed:.0f}ms"
resume_within = "{RESUME_WITHIN_MS / speed:.0f}ms"
extension_step = "{STEP_MS / speed:.0f}ms"
max_extension = "{MAX_EXTENSION_MS / speed:.0f}ms"
warn = [{_warnings(speed)}]
allow = "listed"
on_expiry = "alert"
mode = "enforce"
"""


def _source(cloud: DemoCloud, url: str) -> str:
    said = [f'{key} = "{value}"' for key, value in cloud.options.items()]
    piped = [f'{key} = {{ pipe = "{cloud.pipe(key)}" }}' for key in cloud.secrets]
    account = "\n".join([*said, *piped])
    return f"""[sources.{cloud.source}]
provider = "{cloud.platform}"
base_url = "{url}"
{account}
reconcile = "15s"
requests_per_second = 20
"""


def _room_type(cloud: DemoCloud, speed: float) -> str:
    times_ms = {} if cloud.keeps_deadlines else {"duration": DURATION_MS}
    times_ms |= {"resume_within": RESUME_WITHIN_MS, "extension_step": STEP_MS, "max_extension": MAX_EXTENSION_MS}
    durations = "\n".join(f'{name} = "{ms / speed:.0f}ms"' for name, ms in times_ms.items())
    return f"""[[room_types]]
name = "{cloud.source}"
match = {{ source = "{cloud.source}" }}
starts = "second_person"
{durations}
warn = [{_warnings(speed)}]
max_people = 2
mode = "observe"
"""


def _warnings(speed: float) -> str:
    return ", ".join(f'"{ms / speed:.0f}ms"' for ms in WARN_MS)
