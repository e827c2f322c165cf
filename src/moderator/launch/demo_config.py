"""The gateway's configuration for the demo: a source for each simulated cloud, and a type for its rooms. Pure."""

from collections.abc import Iterable
from typing import Final

from moderator.domain.settings import MINUTE_MS
from moderator.launch.demo_clouds import DemoCloud

DURATION_MS: Final = 60 * MINUTE_MS
"""Where the platform does not know better."""
RESUME_WITHIN_MS: Final = 2 * MINUTE_MS
"""A room that was left goes from the list soon."""
STEP_MS: Final = 5 * MINUTE_MS
PLATFORMS_STEP_MS: Final = MINUTE_MS
"""Real time, whatever the speed: a platform that keeps the end itself is asked for none that is sooner than that."""
MOST_STEPS: Final = 6
WARN_MS: Final = (5 * MINUTE_MS, MINUTE_MS, 20_000)


def configuration(clouds: Iterable[tuple[DemoCloud, str]], speed: float) -> str:
    """The gateway's file for clouds, each with its address, in which time runs `speed` times quicker than ours.

    The policies only observe: the uninvited guest is for the moderator to remove, and nobody is cut off.
    """
    return "\n".join(section for cloud, url in clouds for section in (_source(cloud, url), _room_type(cloud, speed)))


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
    step_ms = max(STEP_MS / speed, PLATFORMS_STEP_MS if cloud.keeps_deadlines else 0)
    times_ms = {} if cloud.keeps_deadlines else {"duration": DURATION_MS / speed}
    times_ms |= {"resume_within": RESUME_WITHIN_MS / speed}
    times_ms |= {"extension_step": step_ms, "max_extension": MOST_STEPS * step_ms}
    durations = "\n".join(f'{name} = "{ms:.0f}ms"' for name, ms in times_ms.items())
    warn = ", ".join(f'"{ms / speed:.0f}ms"' for ms in WARN_MS)
    return f"""[[room_types]]
name = "{cloud.source}"
match = {{ source = "{cloud.source}" }}
starts = "second_person"
{durations}
warn = [{warn}]
max_people = 2
mode = "observe"
"""
