from pathlib import Path

import pytest

from tests.simulator.running import write_certificate


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For clients that speak nothing but HTTPS."""
    return write_certificate(tmp_path_factory.mktemp("tls") / "server.pem")
