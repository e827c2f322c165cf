"""What is kept between two runs, with keyrings that work, that are not there, that hang and that fail."""

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from moderator.client.credentials_store import Credentials, CredentialsStore, Kept, StoreError
from moderator.client.lifetimes import AccessToken, mark_of
from moderator.launch.sharing import OwnerLock
from tests.fakes.full_disk import full_disk
from tests.fakes.keyrings import Forgetful, Hanging, InMemory, Raising, system_keyring

GATEWAY = "https://moderation.example.org"
MINE = Credentials("refresh", "a-secret", "https://issuer.example.org/token")
OTHER = Credentials("token", "another-secret")


@pytest.fixture(autouse=True)
def none() -> Iterator[None]:
    with system_keyring():
        yield


@pytest.fixture
def store(tmp_path: Path) -> CredentialsStore:
    return a_store(tmp_path)


def a_store(folder: Path) -> CredentialsStore:
    return CredentialsStore(folder, OwnerLock(folder), keyring_s=0.05)


def files(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file()]


def test_the_systems_keyring_keeps_it(tmp_path: Path, store: CredentialsStore) -> None:
    backend = InMemory()
    with system_keyring(backend):
        assert store.read(GATEWAY) is None
        assert store.keep(GATEWAY, MINE) == "in the system's keyring"
        assert a_store(tmp_path).read(GATEWAY) == Kept(MINE, "in the system's keyring")
        assert store.read("https://another.example.org") is None
        store.keep(GATEWAY, OTHER)
        assert store.read(GATEWAY) == Kept(OTHER, "in the system's keyring")
        assert list(backend.kept) == [("moderator", GATEWAY)]
        store.forget(GATEWAY)
        store.forget(GATEWAY)
        assert (store.read(GATEWAY), backend.kept, files(tmp_path)) == (None, {}, [])


@pytest.mark.parametrize(
    ("backend", "because"),
    [
        (None, "this system has no keyring"),
        (Raising(), "the system's keyring failed (RuntimeError)"),
        (Hanging(), "the system's keyring did not answer within 0.05 s"),
        (Forgetful(), "the system's keyring does not keep what it is given"),
    ],
)
def test_otherwise_a_file_does_and_that_is_said(
    tmp_path: Path, store: CredentialsStore, backend: KeyringBackend | None, because: str
) -> None:
    where = f"in a file only you can read, because {because}"
    with system_keyring(backend):
        assert store.read(GATEWAY) is None
        assert store.keep(GATEWAY, MINE) == where
        assert a_store(tmp_path).read(GATEWAY) == Kept(MINE, where)
        store.keep(GATEWAY, OTHER)
        assert store.read(GATEWAY) == Kept(OTHER, where)
        assert len(files(tmp_path)) == 1
        store.forget(GATEWAY)
        assert (store.read(GATEWAY), files(tmp_path)) == (None, [])


def granted_to(credentials: Credentials) -> AccessToken:
    return AccessToken("access-secret", 1000, 900.0, mark_of(credentials.secret))


@pytest.mark.parametrize("has_keyring", [True, False])
def test_an_access_token_is_kept_where_the_sign_in_is(
    tmp_path: Path, store: CredentialsStore, has_keyring: bool
) -> None:
    backend = InMemory()
    with system_keyring(backend if has_keyring else None):
        store.keep(GATEWAY, MINE)
        assert store.read_access(GATEWAY, MINE) is None
        store.keep_access(GATEWAY, granted_to(MINE))
        assert a_store(tmp_path).read_access(GATEWAY, MINE) == granted_to(MINE)
        assert a_store(tmp_path).read_access(GATEWAY, OTHER) is None, "it belongs to another sign-in"
        assert a_store(tmp_path).read(GATEWAY) == store.read(GATEWAY)
        assert (len(backend.kept), len(files(tmp_path))) == ((2, 0) if has_keyring else (0, 2))
        store.forget(GATEWAY)
        assert (store.read_access(GATEWAY, MINE), backend.kept, files(tmp_path)) == (None, {}, [])


@pytest.mark.skipif(os.name != "posix", reason="elsewhere the user's folder is private")
def test_the_access_token_is_for_its_user_only(tmp_path: Path, store: CredentialsStore) -> None:
    store.keep(GATEWAY, MINE)
    store.keep_access(GATEWAY, granted_to(MINE))
    assert {stat.S_IMODE(path.stat().st_mode) for path in files(tmp_path)} == {0o600}
    (path,) = [path for path in files(tmp_path) if b"access-secret" in path.read_bytes()]
    path.write_text("{")
    assert store.read_access(GATEWAY, MINE) is None
    path.chmod(0o644)
    with pytest.raises(StoreError, match="not for your eyes only"):
        store.read_access(GATEWAY, MINE)


def test_a_keyring_that_takes_short_words_only_still_keeps_the_sign_in(tmp_path: Path, store: CredentialsStore) -> None:
    class Small(InMemory):
        def set_password(self, service: str, username: str, password: str) -> None:
            if len(password) > 300:
                raise ValueError("too long")
            super().set_password(service, username, password)

    with system_keyring(Small()):
        store.keep(GATEWAY, MINE)
        store.keep_access(GATEWAY, AccessToken("x" * 400, 1000, 900.0, mark_of(MINE.secret)))
        assert store.read_access(GATEWAY, MINE) is None
        assert store.keep(GATEWAY, MINE) == "in the system's keyring"
    assert files(tmp_path) == []


def test_without_the_package_it_is_a_file(store: CredentialsStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert store.keep(GATEWAY, MINE).endswith("because the package `keyring` is not installed")


def test_a_keyring_that_hangs_is_waited_for_once(store: CredentialsStore) -> None:
    backend = Hanging()
    with system_keyring(backend):
        for _ in range(5):
            store.read(GATEWAY)
            store.keep(GATEWAY, MINE)
        assert backend.asked == 1


def test_what_is_in_a_file_stays_there(tmp_path: Path, store: CredentialsStore) -> None:
    """A keyring that is there today and was not yesterday does not bring an old sign-in back tomorrow."""
    store.keep(GATEWAY, MINE)
    backend = InMemory()
    with system_keyring(backend):
        assert "in a file" in a_store(tmp_path).keep(GATEWAY, OTHER)
        assert (a_store(tmp_path).read(GATEWAY) or Kept(MINE, "")).credentials == OTHER
        assert backend.kept == {}


@pytest.mark.skipif(os.name != "posix", reason="elsewhere the user's folder is private")
def test_the_file_is_for_its_user_only(tmp_path: Path, store: CredentialsStore) -> None:
    store.keep(GATEWAY, MINE)
    (path,) = files(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o644)
    with pytest.raises(StoreError, match="not for your eyes only: remove it"):
        store.read(GATEWAY)


@pytest.mark.parametrize("nonsense", ["{", '{"a":' + "[" * 100_000])
def test_a_file_that_makes_no_sense_is_none(tmp_path: Path, store: CredentialsStore, nonsense: str) -> None:
    store.keep(GATEWAY, MINE)
    (path,) = files(tmp_path)
    path.write_text(nonsense)
    assert store.read(GATEWAY) is None


def test_where_nothing_can_be_written_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "sign-ins").write_text("a file in the way")
    with pytest.raises(StoreError, match="cannot be"):
        a_store(tmp_path).keep(GATEWAY, MINE)


def test_without_space_what_was_kept_stays_and_no_half_of_a_secret_lies_around(
    tmp_path: Path, store: CredentialsStore
) -> None:
    store.keep(GATEWAY, MINE)
    before = {path: path.read_bytes() for path in files(tmp_path)}
    with full_disk(10), pytest.raises(StoreError, match=r"the sign-in cannot be kept in .*: File too large"):
        store.keep(GATEWAY, OTHER)
    assert {path: path.read_bytes() for path in files(tmp_path)} == before
    store.keep(GATEWAY, OTHER)
    kept = store.read(GATEWAY)
    assert kept is not None
    assert kept.credentials == OTHER


def test_a_secret_is_in_no_text(store: CredentialsStore) -> None:
    where = store.keep(GATEWAY, MINE)
    assert "secret" not in f"{MINE} {MINE!r} {Kept(MINE, where)} {store!r} {store.read(GATEWAY)}"
    with system_keyring(Raising()):
        assert "secret" not in store.keep("https://another.example.org", MINE)
