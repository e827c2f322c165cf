"""What holds for every test: a warning in the log fails it, in CI a skip must have been allowed, and no example of
Hypothesis has to be done within a time.
"""

import logging
import os
import re
from collections.abc import Iterator

import hypothesis
import pytest

ALLOWED_SKIPS = ".ci/allowed-skips"

hypothesis.settings.register_profile("shared machine", hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("shared machine")


class SkipPolicy:
    """Fails the run when a test was skipped that `.ci/allowed-skips` doesn't name."""

    def __init__(self, allowed: list[str]) -> None:
        self._allowed = [re.compile(".*".join(map(re.escape, pattern.split("*")))) for pattern in allowed]
        self._refused: list[str] = []
        self._accepted: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self._count(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self._count(report)

    def _count(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        is_allowed = any(pattern.fullmatch(report.nodeid) for pattern in self._allowed)
        (self._accepted if is_allowed else self._refused).append(report.nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._refused and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for title, nodes in (("allowed skips", self._accepted), ("skips that are not allowed", self._refused)):
            if nodes:
                terminalreporter.section(f"{title} ({ALLOWED_SKIPS})")
                terminalreporter.write_line("\n".join(nodes))


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("CI") != "true":
        return
    allowed = []
    for line in (config.rootpath / ALLOWED_SKIPS).read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            pattern, _, reason = line.partition("\t")
            if not reason.strip():
                raise pytest.UsageError(f"{ALLOWED_SKIPS}: no tab and reason after {pattern!r}")
            allowed.append(pattern.strip())
    config.pluginmanager.register(SkipPolicy(allowed), "skip-policy")


class Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def no_unexpected_warnings(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that expects a warning takes `caplog` and says so there."""
    collector = Collector()
    root = logging.getLogger()
    root.addHandler(collector)
    yield
    root.removeHandler(collector)
    if collector.records and "caplog" not in request.fixturenames:
        lines = (f"{record.levelname} {record.name}: {record.getMessage()}" for record in collector.records)
        pytest.fail("unexpected in the log (take `caplog` where it is expected):\n" + "\n".join(lines), pytrace=False)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
