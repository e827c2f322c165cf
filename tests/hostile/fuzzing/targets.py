"""What is tried, by name."""

from typing import Final

from tests.hostile.fuzzing import (
    configurations,
    files,
    gateway_answers,
    histories,
    platform_answers,
    texts,
    tokens,
    webhooks,
    wire,
)
from tests.hostile.fuzzing.target import Target

_MODULES: Final = (
    *(webhooks, wire, histories),
    *(platform_answers, gateway_answers),
    *(configurations, files, tokens, texts),
)
TARGETS: Final[dict[str, Target]] = {target.name: target for module in _MODULES for target in module.targets()}
