"""Checks of what a provider makes of its platform's answers, and of none."""

import asyncio
from typing import Final

from moderator.providers.conformance.bench import WEBHOOKS, Bench, Outcome, offered
from moderator.providers.conformance.faults import EMPTY, ENDLESS, FAULTS, LATE, LISTS, REFUSED, Fault, judged
from moderator.providers.conformance.recorder import Answer, Request, Respond
from moderator.providers.conformance.stated import NOWHERE, Stated
from moderator.providers.provider import Finding

SHORT_S: Final = 0.05
MAX_READ: Final = 80 * 1_048_576


class Answers(Stated):
    """Part of `ProviderConformance`."""

    def test_every_answer_is_understood(self, command: str) -> None:
        """Each fault from each request on: as it is raised, so it is retried, shown and remedied."""
        asyncio.run(self._try_faults(command))

    async def _try_faults(self, command: str) -> None:
        async with Bench(self) as bench:
            usual = await bench.run(command)
            steps = max(1, len(usual.requests))
            problems = []
            for fault in self._faults(command):
                for step in range(steps):
                    outcome = await bench.run(command, self._failing(fault, step))
                    problems += self._problems(command, fault, outcome, usual, step)
            outcome = await bench.run(command, provider=bench.provider(NOWHERE))
            problems += self._problems(command, REFUSED, outcome, usual)
        assert not problems, "\n".join(problems)

    def _faults(self, command: str) -> list[Fault]:
        """All but what this platform says where nothing is wrong."""
        honest = {EMPTY.name} if self.leaves_out_empty_lists and command in LISTS else set()
        return [fault for fault in FAULTS if fault.name not in honest]

    def test_no_answer_in_time_is_temporary(self, command: str) -> None:
        asyncio.run(self._try_silence(command))

    async def _try_silence(self, command: str) -> None:
        async with Bench(self) as bench:
            usual = await bench.run(command)
        async with Bench(self, timeout_s=SHORT_S) as bench:
            outcome = await bench.run(command, self._failing(LATE))
        problems = self._problems(command, LATE, outcome, usual)
        assert not problems, problems[0]

    def test_an_answer_without_end_is_given_up(self) -> None:
        asyncio.run(self._try_endless())

    async def _try_endless(self) -> None:
        command = offered(self)[0]
        async with Bench(self) as bench:
            usual = await bench.run(command)
            before = bench.recorder.sent
            outcome = await bench.run(command, self._failing(ENDLESS))
            read, most = bench.recorder.sent - before, MAX_READ * len(outcome.requests)
        assert read < most, f"{read} bytes were read of answers without an end"
        problems = self._problems(command, ENDLESS, outcome, usual)
        assert not problems, problems[0]

    def _failing(self, fault: Fault, step: int = 0) -> Respond:
        """All is well until this request."""
        asked: list[Request] = []

        def respond(request: Request) -> Answer:
            asked.append(request)
            failing = self._answer(fault, request) if len(asked) > step else None
            return failing or self.answer(request, self.target)

        return respond

    def _answer(self, fault: Fault, request: Request) -> Answer | None:
        return self.trouble(fault.trouble, request, self.target) if fault.trouble else fault.answer

    def _problems(self, command: str, fault: Fault, outcome: Outcome, usual: Outcome, step: int = 0) -> list[str]:
        problem = judged(
            command,
            fault,
            outcome.result,
            outcome.error,
            usual=usual.result,
            uncertain=command in self.uncertain,
            whole=step == 0,
        )
        if any(one.path == "/elsewhere" for one in outcome.requests):
            problem = "it was followed"
        return [f"{command}, {fault.name} from request {step + 1} on: {problem}"] if problem else []

    def test_check_says_where_webhooks_go(self) -> None:
        asyncio.run(self._try_check())

    async def _try_check(self) -> None:
        async with Bench(self) as bench:
            found = (await bench.run("check")).result
        assert isinstance(found, list)
        assert all(isinstance(one, Finding) for one in found)
        told = " ".join(f"{one.what} {one.remedy}" for one in found)
        assert WEBHOOKS in told or any(one.reported for one in found), "check has to say where to register our address"
