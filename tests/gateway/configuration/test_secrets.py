import sys
from pathlib import Path
from types import ModuleType

import pytest

from moderator.gateway.configuration.secrets import SecretError, is_secret_reference, read_secret


@pytest.mark.parametrize("value", [{"env": "A"}, {"file": "a"}, {"keyring": "a"}, {"pipe": "a"}])
def test_a_table_with_one_known_key_names_a_secret(value: object) -> None:
    assert is_secret_reference(value)


@pytest.mark.parametrize("value", ["env", {}, {"vault": "a"}, {"env": "A", "file": "a"}, ["env"], None])
def test_anything_else_does_not(value: object) -> None:
    assert not is_secret_reference(value)


def test_a_secret_out_of_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("A_KEY", "s3cret")
    assert read_secret({"env": "A_KEY"}, tmp_path) == "s3cret"


def test_a_secret_out_of_a_file_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("s3cret\n", encoding="utf-8")
    assert read_secret({"file": "key"}, tmp_path) == "s3cret"
    assert read_secret({"file": str(tmp_path / "key")}, Path("/")) == "s3cret"


def test_a_secret_that_was_handed_over(tmp_path: Path) -> None:
    assert read_secret({"pipe": "clinic"}, tmp_path, {"clinic": "s3cret"}) == "s3cret"
    for handed in ({"school": "s3cret"}, {}, None):
        with pytest.raises(SecretError, match="no secret clinic was handed over: use"):
            read_secret({"pipe": "clinic"}, tmp_path, handed)


def a_keyring(monkeypatch: pytest.MonkeyPatch, **entries: str) -> None:
    keyring = ModuleType("keyring")
    keyring.get_password = lambda service, name: entries.get(name)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", keyring)


def test_a_secret_out_of_the_keyring(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    a_keyring(monkeypatch, clinic="s3cret")
    assert read_secret({"keyring": "clinic"}, tmp_path) == "s3cret"
    with pytest.raises(SecretError, match="no entry school of the service moderator: add it"):
        read_secret({"keyring": "school"}, tmp_path)


def test_without_a_keyring_it_says_what_else_there_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(SecretError, match="keyring is not installed: install it, or use"):
        read_secret({"keyring": "clinic"}, tmp_path)


@pytest.mark.parametrize("secret", ["SENTINEL-s3cret-value-0123456789", "3f9a00c17be2", "a+b/c0dE==", "Tr0ub4dor"])
@pytest.mark.parametrize("kind", ["env", "file", "keyring", "pipe"])
def test_a_secret_in_the_place_of_its_name_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str, secret: str
) -> None:
    a_keyring(monkeypatch)
    with pytest.raises(SecretError, match="not shown: it looks like a secret") as raised:
        read_secret({kind: secret}, tmp_path)
    assert secret not in str(raised.value)


@pytest.mark.parametrize("path", ["/run/secrets/k3y", "./k3y", "~/k3y", "secrets/janus_2.key", "janus-admin"])
def test_what_looks_like_a_path_is_shown(tmp_path: Path, path: str) -> None:
    with pytest.raises(SecretError) as raised:
        read_secret({"file": path}, tmp_path)
    assert path in str(raised.value)


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ({"env": "NOT_SET_ANYWHERE"}, "the environment variable NOT_SET_ANYWHERE is not set: export it"),
        ({"env": ""}, "env needs a name in quotes"),
        ({"env": 5}, "env needs a name in quotes"),
        ({"file": "missing"}, r"the file missing cannot be read \(No such file or directory\): create it"),
        ({"file": "."}, r"the file \. cannot be read"),
        ({"file": "empty"}, "the file empty is empty: put the secret into it"),
        ({"file": "binary"}, r"the file binary cannot be read \(it is not text\)"),
    ],
)
def test_who_cannot_have_a_secret_is_told_what_to_do(
    tmp_path: Path, reference: dict[str, object], message: str
) -> None:
    (tmp_path / "empty").write_text(" \n", encoding="utf-8")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SecretError, match=message):
        read_secret(reference, tmp_path)
