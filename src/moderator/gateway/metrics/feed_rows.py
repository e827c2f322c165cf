"""The figures of the feed."""

from moderator.gateway.broadcast import Broadcast
from moderator.gateway.metrics.rows import Counter, Gauge, Row, one


def feed_rows(broadcast: Broadcast) -> tuple[Row, ...]:
    """Rows about readers and what they are sent."""
    measures = broadcast.measures
    return (
        Gauge("moderator_feed_readers", "Open feeds.", (), one(lambda: broadcast.readers)),
        Gauge(
            "moderator_feed_views",
            "Different views of those: each frame is encoded once for each view.",
            (),
            one(lambda: broadcast.views),
        ),
        Counter(
            "moderator_feed_frames_total",
            "Frames of news and heartbeats for readers, each counted for each reader.",
            (),
            one(lambda: measures.frames),
        ),
        Counter("moderator_feed_bytes_total", "Bytes of those frames.", (), one(lambda: measures.sent_bytes)),
        Counter(
            "moderator_feed_readers_cut_total",
            "Readers that were cut because they did not keep up.",
            (),
            one(lambda: measures.cut),
        ),
        Gauge(
            "moderator_feed_fullest_ratio",
            "Of the reader for whom most is waiting: how much of what may wait does; at 1 it is cut.",
            (),
            one(lambda: broadcast.fullest),
        ),
    )
