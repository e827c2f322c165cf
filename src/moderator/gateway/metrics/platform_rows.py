"""The figures of each configured account: what it reports, how it is asked, what became of commands."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, get_args

from moderator.domain.rooms import Source
from moderator.gateway.measures import Histogram
from moderator.gateway.metrics.rows import Counter, Gauge, Labels, Row, Spread, Values, one
from moderator.gateway.platforms.ingest import Ingest
from moderator.gateway.platforms.sources import LiveSource

SOURCE: Final = ("source",)
STATES: Final[tuple[str, ...]] = get_args(Source.__annotations__["state"])


def platform_rows(sources: Mapping[str, LiveSource], ingest: Ingest) -> tuple[Row, ...]:
    """Rows of all sources."""
    of = _Of(sources)
    return (
        Counter(
            "moderator_webhooks_total",
            "Webhooks answered, by status: 200 is stored, 401 badly signed, 503 not stored.",
            ("source", "status"),
            lambda: of.counted(lambda one: {str(status): count for status, count in one.measures.answers.items()}),
        ),
        Counter(
            "moderator_webhooks_unknown_source_total",
            "Webhooks for a source that is not configured.",
            (),
            one(lambda: ingest.to_nobody),
        ),
        Spread(
            "moderator_webhook_seconds",
            "From a webhook's head to its answer, so that its storing is in it.",
            SOURCE,
            lambda: of.spread(lambda one: one.measures.answer_seconds),
        ),
        Counter(
            "moderator_webhook_bytes_total",
            "Bytes of webhooks' bodies.",
            SOURCE,
            lambda: of.each(lambda one: one.measures.received_bytes),
        ),
        Gauge(
            "moderator_webhook_held_bytes",
            "Bytes of webhooks that are being received or wait for the disk.",
            SOURCE,
            lambda: of.each(lambda one: one.intake.receiving.bytes + one.intake.storing.bytes),
        ),
        Gauge(
            "moderator_source_state",
            "1 for the state that a source is in, 0 for the others.",
            ("source", "state"),
            of.states,
        ),
        Gauge(
            "moderator_source_heard_timestamp_seconds",
            "When the last webhook came.",
            SOURCE,
            lambda: of.each(lambda one: _seconds(one.hearing.heard_at)),
        ),
        Gauge(
            "moderator_source_listed_timestamp_seconds",
            "When the platform's lists were last read in full.",
            SOURCE,
            lambda: of.each(lambda one: _seconds(one.listed_at)),
        ),
        Spread(
            "moderator_source_list_seconds",
            "How long a round of reading the platform's lists took.",
            SOURCE,
            lambda: of.spread(lambda one: one.measures.list_seconds),
        ),
        Gauge(
            "moderator_source_clock_offset_seconds",
            "What has to be added to the platform's times to get the gateway's.",
            SOURCE,
            lambda: of.each(lambda one: one.clock_offset_ms / 1000),
        ),
        *_request_rows(of),
        Counter(
            "moderator_commands_total",
            "Commands that this gateway carried out, by what became of them.",
            ("source", "outcome", "code"),
            of.commands,
        ),
        Spread(
            "moderator_command_seconds",
            "From an order to its outcome.",
            ("source", "outcome"),
            of.command_seconds,
        ),
    )


def _request_rows(of: "_Of") -> tuple[Row, ...]:
    """What is asked of the platforms' APIs."""
    return (
        Counter(
            "moderator_provider_requests_total",
            "Requests to the platform that the limiter let through.",
            SOURCE,
            lambda: of.each(lambda one: one.limiter.turns),
        ),
        Gauge(
            "moderator_provider_requests_waiting",
            "Requests that wait for the limiter.",
            SOURCE,
            lambda: of.each(lambda one: one.limiter.waiting),
        ),
        Counter(
            "moderator_provider_pauses_total",
            "How often the platform asked for a pause.",
            SOURCE,
            lambda: of.each(lambda one: one.limiter.pauses),
        ),
        Gauge(
            "moderator_provider_paused_seconds",
            "What is left of the pause that the platform asked for.",
            SOURCE,
            lambda: of.each(lambda one: one.limiter.paused_s()),
        ),
        Gauge(
            "moderator_provider_circuit_open",
            "1 while the platform is not asked because it did not answer.",
            SOURCE,
            lambda: of.each(lambda one: one.circuit.is_open),
        ),
        Counter(
            "moderator_provider_errors_total",
            "Requests to the platform that failed.",
            ("source", "code"),
            lambda: of.counted(lambda one: one.measures.errors),
        ),
    )


class _Of:
    """Values of each source, with its name as the first label."""

    def __init__(self, sources: Mapping[str, LiveSource]) -> None:
        self._sources = sources

    def each(self, read: Callable[[LiveSource], float | None]) -> Values:
        """One value of each; None where there is none."""
        for name, source in self._sources.items():
            if (value := read(source)) is not None:
                yield (name,), float(value)

    def counted(self, read: Callable[[LiveSource], Mapping[str, int]]) -> Values:
        """Counts by one more label."""
        for name, source in self._sources.items():
            yield from (((name, label), float(count)) for label, count in read(source).items())

    def spread(self, read: Callable[[LiveSource], Histogram]) -> Iterable[tuple[Labels, Histogram]]:
        """A histogram of each."""
        return (((name,), read(source)) for name, source in self._sources.items())

    def states(self) -> Values:
        """Which one it is in."""
        for name, source in self._sources.items():
            now = source.status().state
            yield from (((name, state), float(state == now)) for state in STATES)

    def commands(self) -> Values:
        """Counts of outcomes."""
        for name, source in self._sources.items():
            counts = source.measures.commands.items()
            yield from (((name, kind, code), float(count)) for (kind, code), count in counts)

    def command_seconds(self) -> Iterable[tuple[Labels, Histogram]]:
        """How long each kind took."""
        for name, source in self._sources.items():
            for kind, histogram in source.measures.command_seconds.items():
                yield (name, kind), histogram


def _seconds(at_ms: int | None) -> float | None:
    return None if at_ms is None else at_ms / 1000
