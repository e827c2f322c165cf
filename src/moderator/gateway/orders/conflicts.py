"""What is answered to somebody whose change of a deadline came too late, or was not wanted: how the deadline is now."""

from moderator.domain.rooms import Room
from moderator.gateway.problems import Problem


def deadline_conflict(room: Room | None, code: str, sentence: str) -> Problem:
    """Problem 409 with the deadline as it is and who made it so, for the next try; `room` None: it is gone."""
    deadline = room.deadline if room else None
    by, name = (deadline.changed_by, deadline.changed_by_name) if deadline else ("", "")
    return Problem(409, code, sentence, deadline=deadline, changed_by=by, changed_by_name=name)
