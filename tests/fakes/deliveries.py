"""What becomes of deliveries that a provider has parsed."""

from collections.abc import Iterable

from moderator.domain.events import Event, ProviderEventUnknown
from moderator.domain.fold import fold
from moderator.domain.state import State
from tests.fakes.builders import an_entry


def folded_deliveries(parsed: Iterable[list[Event]], now: int) -> State:
    """What is known after these deliveries, in this order, all recorded at `now`."""
    state = State()
    for number, events in enumerate(parsed, start=1):
        if events:
            fold(state, an_entry(*events, seq=number, recorded_at=now, key=number))
    return state


def the_notice(events: list[Event]) -> ProviderEventUnknown:
    """The one event, which must be a notice."""
    (found,) = events
    assert isinstance(found.data, ProviderEventUnknown)
    return found.data
