"""The rules of tests/conftest.py, tried on small suites of their own."""

from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"
SKIPPED = "import pytest\n@pytest.mark.parametrize('n', [1])\ndef test_it(n): pytest.skip('no server')"
XFAILED = "import pytest\n@pytest.mark.xfail(reason='known')\ndef test_it(): assert False"
MODULE_SKIPPED = "import pytest\npytest.skip('no server', allow_module_level=True)"


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # loading them is most of the time
    pytester.makeconftest(CONFTEST.read_text("utf-8"))
    pytester.makefile(".ini", pytest="[pytest]\n")
    pytester.mkdir(".ci")
    (pytester.path / ".ci/allowed-skips").write_text("# none\n", "utf-8")
    return pytester


@pytest.mark.parametrize(
    ("test", "allowed", "status"),
    [
        (SKIPPED, "", 1),
        (SKIPPED, "test_a.py::test_it[1]\tno server there", 0),
        (SKIPPED, "test_a.py::test_i*\tno server there", 0),
        (SKIPPED, "test_b.py::*\tanother file", 1),
        (SKIPPED, "test_a.py::test_it[1]", 4),
        (MODULE_SKIPPED, "", 1),
        (XFAILED, "", 0),
    ],
)
def test_in_ci_a_skip_must_be_allowed(suite: pytest.Pytester, test: str, allowed: str, status: int) -> None:
    suite.makepyfile(test_a=test)
    (suite.path / ".ci/allowed-skips").write_text(f"# comment\n\n{allowed}\n", "utf-8")
    assert suite.runpytest_inprocess().ret == status


def test_outside_ci_a_skip_is_no_failure(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI")
    suite.makepyfile(test_a=SKIPPED)
    assert suite.runpytest_inprocess().ret == 0


@pytest.mark.usefixtures("caplog")  # the inner warning reaches this process' log as well
@pytest.mark.parametrize(("argument", "errors"), [("", 1), ("caplog", 0)])
def test_a_warning_in_the_log_must_be_expected(suite: pytest.Pytester, argument: str, errors: int) -> None:
    suite.makepyfile(test_a=f"import logging\ndef test_it({argument}): logging.getLogger('x').warning('lost')")
    suite.runpytest_inprocess().assert_outcomes(passed=1, errors=errors)
