"""Asks the gateway what happened in the room that is looked at, and hands it to the pane."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from moderator.clock import Clock
from moderator.desktop.room.room_pane import RoomPane
from moderator.domain.ids import RoomKey
from moderator.language import tr
from moderator.tasks import TaskScope

if TYPE_CHECKING:
    from moderator.desktop.network import Network

DELAY_S: Final = 0.15
"""Who goes down the table by key does not ask for the timeline of every room on the way."""


class Histories:
    """One at a time: only what is looked at now matters."""

    def __init__(self, pane: RoomPane, clock: Clock, tasks: TaskScope) -> None:
        self.network: Network | None = None
        """None until there is a connection."""
        self._pane = pane
        self._clock = clock
        self._tasks = tasks
        self._reading: asyncio.Task[None] | None = None
        pane.history_wanted.connect(self._load)

    def _load(self, key: RoomKey, instance: str) -> None:
        if self.network is None:
            self._pane.history_failed(key, instance, tr("the gateway is not connected yet"))
            return
        if self._reading is not None:
            self._reading.cancel()
        self._reading = self._tasks.start("timeline", self._read(self.network, key, instance))

    async def _read(self, network: Network, key: RoomKey, instance: str) -> None:
        from moderator.client.errors import GatewayError  # noqa: PLC0415  # loaded with the network

        await self._clock.wait(asyncio.Event(), DELAY_S)
        try:
            events = await network.timeline(key, instance)
        except GatewayError as error:
            self._pane.history_failed(key, instance, str(error))
        else:
            self._pane.set_history(key, instance, events)
