"""What the other webhooks say, in words: known events without a fact about who is where. Pure.

They are kept for people, in the timeline of their room; nothing is decided by them.
"""

from typing import Final

from moderator.providers.livekit.people import machine_in_words
from moderator.providers.livekit.wire import WebhookEvent

KNOWN: Final = {
    "egress_started": "a recording or broadcast of this room began",
    "egress_updated": "a recording or broadcast of this room changed",
    "egress_ended": "a recording or broadcast of this room ended",
    "ingress_started": "a stream from outside into this room began",
    "ingress_ended": "a stream from outside into this room ended",
    "agent_job_started": "an agent was called into this room",
    "agent_job_ended": "an agent finished its work in this room",
}
_COMINGS: Final = {
    "participant_joined": "joined",
    "participant_left": "left",
    "participant_connection_aborted": "could not connect",
}


def words_for(event: WebhookEvent) -> str:
    """What it says, as a sentence; empty for an event that has facts only, or that nobody knows."""
    coming = _COMINGS.get(event.event)
    if coming is None or event.participant is None:
        return KNOWN.get(event.event, "")
    machine = machine_in_words(event.participant)
    return f"{machine} {coming} (no person)" if machine else ""
