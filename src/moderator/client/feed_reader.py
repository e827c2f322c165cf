"""Keeps the picture up to date: reads the feed, connects again when it has to, says how the link is. No window here.

What is known (`FeedReader.session`) survives reconnections. What a frame means is decided in `moderator.feed`.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final, Protocol
from urllib.parse import urlsplit

from moderator.client.backoff import Backoff
from moderator.client.errors import (
    Forbidden,
    GatewayError,
    GatewayUnreachable,
    SignedOut,
    is_page,
    page_instead,
    refusal,
)
from moderator.client.link import Link, LinkFault, LinkState
from moderator.client.tokens import Tokens, with_token
from moderator.clock import Clock
from moderator.domain.events import Event
from moderator.feed.codec import CodecError, NewerFormat
from moderator.feed.messages import SnapshotPage, decode_frame
from moderator.feed.session import FeedGap, FeedSession
from moderator.feed.sse import SseDecoder, SseError, SseFrame
from moderator.http import HttpClient, HttpError
from moderator.language import tr

logger = logging.getLogger(__name__)

DEAD_AFTER_S: Final = 6.0
"""The gateway says something at least every 2 s; three times that is silence."""
REFUSED_RETRY_S: Final = 30.0
"""After 401 or 403, where trying again helps only when somebody changed the token."""
UNREADABLE_RETRY_S: Final = 5.0
"""After what cannot be read a second time; doubles from there, since an update is needed, not patience."""
LONGEST_UNREADABLE_S: Final = 60.0
MAX_PROBLEM_BYTES: Final = 64 * 1024


class FeedObserver(Protocol):
    """Who wants to hear of the feed. An OSError, of one that cannot write any more, ends the reader; whatever else
    `frame_applied` raises is logged, and the reader begins anew."""

    def link_changed(self, link: Link) -> None:
        """The state or the sentence is another one."""

    def frame_applied(self, frame: SseFrame, events: Sequence[Event]) -> None:
        """A frame was taken in; the session already shows it. Only frames of the kind `events` have events."""


class FeedReader:
    """Reads one gateway's feed until cancelled."""

    def __init__(
        self,
        url: str,
        tokens: Tokens,
        http: HttpClient,
        observer: FeedObserver,
        clock: Clock,
        *,
        session: FeedSession | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """`url` without `/v1`."""
        self.session = session or FeedSession()
        self.link = Link("connecting", tr("connecting to {host}").format(host=_host(url)))
        self._url = url.rstrip("/") + "/v1/feed"
        self._tokens = tokens
        self._http = http
        self._observer = observer
        self._clock = clock
        self._backoff = Backoff(jitter)
        self._attempts = 0
        self._unreadable, self._unreadable_until_s = 0, 0.0
        """How often in a row, and until when another one counts as in a row, by the monotonic clock."""
        self._no_more_waiting = asyncio.Event()

    async def run(self) -> None:
        """Read, and connect again whenever the stream ends, for whatever reason."""
        self._observer.link_changed(self.link)
        while True:
            pause_s = await self._one_connection()
            self._no_more_waiting.clear()
            await self._clock.wait(self._no_more_waiting, pause_s)

    def retry(self) -> None:
        """Somebody changed something, such as the token: do not wait any longer before the next attempt."""
        self._no_more_waiting.set()

    async def _one_connection(self) -> float:
        """Read until the stream ends; returns the seconds to wait before the next attempt."""
        host = _host(self._url)
        try:
            await with_token(self._tokens, self._read)
            return self._lost(tr("{host} ended the connection").format(host=host))
        except (SignedOut, Forbidden) as error:
            self._say("signed_out" if isinstance(error, SignedOut) else "forbidden", str(error))
            return REFUSED_RETRY_S
        except NewerFormat as error:
            words = tr("{host} speaks version {version} of the feed, which this program does not know: update it")
            return self._not_read(words.format(host=host, version=error.version))
        except (CodecError, SseError) as error:
            return self._senseless(str(error))
        except (FeedGap, GatewayError, HttpError) as error:
            is_offline = isinstance(error, GatewayUnreachable | HttpError) and error.fault == "offline"
            return self._lost(str(error), "offline" if is_offline else "")
        except OSError:  # the observer's: what the network does is an HttpError
            raise
        except Exception as error:  # whatever a gateway sends, another attempt is made
            logger.exception("what the gateway sent could not be taken in")
            return self._senseless(type(error).__name__)
        finally:
            self.session.disconnected()

    async def _read(self, token: str) -> None:
        stream = self._http.stream(self._url, headers=self._headers(token), idle_timeout_s=DEAD_AFTER_S)
        async with stream as (status, chunks):
            if status != 200:
                raise refusal(status, await _beginning(chunks))
            decoder, beginning = SseDecoder(), b""
            async for chunk in chunks:
                if not beginning:
                    beginning = chunk
                    if is_page(chunk):
                        raise page_instead()
                for frame in decoder.feed(chunk):
                    self._take(frame)

    def _headers(self, token: str) -> dict[str, str]:
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "text/event-stream",
            "Accept-Encoding": "identity",  # the bytes are read as they come
            "Cache-Control": "no-store",
        }
        return headers if self.session.cursor is None else {**headers, "Last-Event-ID": self.session.cursor}

    def _take(self, raw: SseFrame) -> None:
        frame = decode_frame(raw)
        events = [] if frame is None else self.session.receive(frame, self._clock.monotonic())
        if frame is not None and not isinstance(frame, SnapshotPage):
            self._backoff.reset()  # not after a snapshot: it is large, and a gateway may break off after every one
            self._attempts = 0
        self._observer.frame_applied(raw, events)
        if frame is not None and not self.session.receiving_snapshot:
            self._say("live", tr("connected to {host}").format(host=_host(self._url)))

    def _senseless(self, why: str) -> float:
        words = tr(
            "what {host} sent makes no sense: {why}. If it goes on, the gateway or this program has to be updated"
        )
        return self._not_read(words.format(host=_host(self._url), why=why))

    def _not_read(self, why: str) -> float:
        """The frame that cannot be read would come again; a new snapshot goes past it, if anything does."""
        self.session.cursor = None
        now_s = self._clock.monotonic()
        self._unreadable = self._unreadable + 1 if now_s < self._unreadable_until_s else 0
        self._unreadable_until_s = now_s + 2 * LONGEST_UNREADABLE_S
        slow_s = UNREADABLE_RETRY_S * 2.0 ** (self._unreadable - 1) if self._unreadable else 0.0
        return self._lost(why, "unreadable", min(LONGEST_UNREADABLE_S, slow_s))

    def _lost(self, why: str, fault: LinkFault = "", least_s: float = 0.0) -> float:
        """Say so; returns the seconds until the next attempt."""
        pause_s = max(least_s, self._backoff.next_s())
        self._attempts += 1
        self._say(
            "reconnecting" if self.session.ready else "connecting",
            tr("{why}; trying again").format(why=why),
            fault=fault,
            attempts=self._attempts,
            retry_at_s=self._clock.monotonic() + pause_s,
        )
        return pause_s

    def _say(
        self,
        state: LinkState,
        sentence: str,
        *,
        fault: LinkFault = "",
        attempts: int = 0,
        retry_at_s: float | None = None,
    ) -> None:
        link = Link(state, sentence, fault, attempts, retry_at_s)
        if link != self.link:
            self.link = link
            self._observer.link_changed(link)


async def _beginning(chunks: AsyncIterator[bytes]) -> bytes:
    """As much of an answer as problem details ever need."""
    received = b""
    async for chunk in chunks:
        received += chunk
        if len(received) >= MAX_PROBLEM_BYTES:
            break
    return received[:MAX_PROBLEM_BYTES]


def _host(url: str) -> str:
    """Host and port; never credentials that somebody wrote into the address."""
    return urlsplit(url).netloc.rpartition("@")[2]
