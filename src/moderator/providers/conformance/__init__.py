"""What any provider has to do, as a test suite that authors subclass; and the recorder that stands for a platform.

Nothing of this is used by the gateway, and none of it needs a test library. How to use it: docs/adding-a-provider.md.
"""

from typing import Any

from moderator.providers.conformance.answers import Answers
from moderator.providers.conformance.asking import Asking
from moderator.providers.conformance.bench import offered
from moderator.providers.conformance.claims import Claims
from moderator.providers.conformance.differing import Differing
from moderator.providers.conformance.extending import Extending
from moderator.providers.conformance.histories import Histories
from moderator.providers.conformance.joining import Joining
from moderator.providers.conformance.lists import Lists
from moderator.providers.conformance.pages import Pages
from moderator.providers.conformance.parsing import Parsing
from moderator.providers.conformance.recorder import Answer, Recorder, Request, Respond, in_turn, json_answer
from moderator.providers.conformance.signatures import Signatures
from moderator.providers.conformance.stated import Sample, Trouble
from moderator.providers.conformance.timer import Timer

__all__ = [
    "Answer",
    "ProviderConformance",
    "Recorder",
    "Request",
    "Respond",
    "Sample",
    "Timer",
    "Trouble",
    "in_turn",
    "json_answer",
]


class ProviderConformance(
    Claims, Signatures, Parsing, Histories, Asking, Answers, Lists, Pages, Differing, Extending, Joining
):
    """Subclass it as `Test...`, say of the provider what `stated.Stated` asks for, and run it with pytest."""

    def pytest_generate_tests(self, metafunc: Any) -> None:
        """Each check of commands is a test for each command that is the provider's."""
        if "command" in metafunc.fixturenames:
            metafunc.parametrize("command", offered(self))
