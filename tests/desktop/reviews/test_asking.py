"""One question at a time."""

import asyncio

from PySide6.QtWidgets import QApplication

from moderator.client.errors import Busy
from moderator.desktop.reviews.asking import Asking
from moderator.desktop.reviews.trouble import Trouble
from moderator.tasks import TaskScope
from tests.fakes.window import until


async def test_a_new_question_takes_the_place_of_the_one_before(qapp: QApplication) -> None:
    heard: list[object] = []
    first = asyncio.Event()

    async def slow() -> str:
        await first.wait()
        return "slow"

    async def quick() -> str:
        return "quick"

    async with TaskScope() as tasks:
        asking = Asking(tasks)
        asking.ask(slow, heard.append, heard.append)
        assert asking.busy
        asking.ask(quick, heard.append, heard.append)
        first.set()
        await until(lambda: heard)
        assert (heard, asking.busy) == (["quick"], False)


async def test_after_the_end_nothing_is_told(qapp: QApplication) -> None:
    heard: list[object] = []

    async def quick() -> str:
        return "quick"

    async with TaskScope() as tasks:
        asking = Asking(tasks)
        asking.ask(quick, heard.append, heard.append)
        asking.stop()
        await asyncio.sleep(0.01)
        assert heard == []


async def test_an_error_is_told_as_trouble(qapp: QApplication) -> None:
    heard: list[Trouble] = []

    async def refused() -> str:
        raise Busy("later")

    async with TaskScope() as tasks:
        asking = Asking(tasks)
        asking.ask(refused, lambda _: None, heard.append)
        await until(lambda: heard)
        assert heard[0].line == "Later."
