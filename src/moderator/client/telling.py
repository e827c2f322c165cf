"""Which events people have to read: what another event says better beside them is left out. Pure."""

from moderator.domain.events import DeadlineReported, Event, ExtensionConfirmed, ExtensionRequested, ParticipantLeft


def is_told(event: Event) -> bool:
    """Whether it is news for people.

    A platform that keeps the end tells it with every event: the new version of the deadline says it once, when it is
    another, and in the name of who moved it. What came of asking for an extension is that version, or the failure.
    Nor is it news how machines are kept out.
    """
    match event.data:
        case DeadlineReported() | ExtensionRequested() | ExtensionConfirmed():
            return False
        case ParticipantLeft(machine=machine):
            return not machine
        case _:
            return True
