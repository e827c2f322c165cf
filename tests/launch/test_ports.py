"""Ports that are free, and that nobody is given by chance."""

import socket

import pytest

from moderator.launch.ports import HOST, PORTS, free_port, free_ports


def test_a_port_is_free_and_out_of_the_way() -> None:
    port = free_port()
    assert port in PORTS
    with socket.create_server((HOST, port)):
        pass


def test_several_are_different() -> None:
    assert len(set(free_ports(20))) == 20


def test_where_all_are_taken_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server((HOST, 0)) as taken:
        monkeypatch.setattr("moderator.launch.ports.PORTS", [taken.getsockname()[1]] * 100)
        with pytest.raises(OSError, match="there is no free port between"):
            free_port()
