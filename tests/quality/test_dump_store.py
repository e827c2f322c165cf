from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Final

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from moderator.quality import dump_store
from moderator.quality.dump_store import DumpStore
from moderator.quality.errors import Unavailable
from tests.fakes.serving import served

BLOB: Final = "https://s3.example.org/bucket/2a5507e7.gz"
ESCAPES: Final = (
    *("", "https://s3.example.org/", "https://s3.example.org/..", "https://s3.example.org/.hidden"),
    *("..%2f..%2fetc%2fpasswd", "a b.gz", "a\\b", "x" * 300, "a\n", "a?b=../c/..", "https://s3/x/..;/y;"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "dumps"
    inside.mkdir()
    (inside / "2a5507e7.gz").write_bytes(b"content")
    (tmp_path / "secret.gz").write_bytes(b"secret")
    return inside


async def test_a_file_is_found_by_the_last_part_of_its_address(folder: Path) -> None:
    assert await DumpStore(str(folder)).read(BLOB) == b"content"
    assert await DumpStore(str(folder)).read(f"{BLOB}?signature=x#y") == b"content"


@pytest.mark.parametrize("blob_url", [*ESCAPES, "file:///secret.gz"])
async def test_no_name_leads_out_of_the_folder(folder: Path, blob_url: str) -> None:
    with pytest.raises(Unavailable):
        await DumpStore(str(folder)).read(blob_url)


async def test_no_link_leads_out_of_the_folder(folder: Path) -> None:
    (folder / "link.gz").symlink_to(folder.parent / "secret.gz")
    (folder / "folder").mkdir()
    for name in ("link.gz", "folder"):
        with pytest.raises(Unavailable, match="is not where"):
            await DumpStore(str(folder)).read(f"https://s3.example.org/{name}")


async def test_a_large_file_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dump_store, "MAX_FILE_BYTES", 3)
    with pytest.raises(Unavailable, match="is larger than"):
        await DumpStore(str(folder)).read(BLOB)


async def test_a_folder_that_is_no_folder_is_said(folder: Path) -> None:
    with pytest.raises(Unavailable, match="give the gateway's user access"):
        await DumpStore(str(folder / "2a5507e7.gz")).read(BLOB)


@pytest.fixture
async def store() -> AsyncIterator[DumpStore]:
    """Over HTTP; keeps one file."""
    answers = {"2a5507e7.gz": (200, b"content"), "forbidden.gz": (403, b"secret"), "moved.gz": (302, b"")}
    unknown = (404, b"")

    async def answer(request: Request) -> Response:
        status, body = answers.get(request.path_params["name"], unknown)
        return Response(body, status, {"location": "http://169.254.169.254/"} if status == 302 else {})

    app = Starlette(routes=[Route("/records/{name}", answer)])
    async with served(app) as address, aclosing(DumpStore(f"{address}/records/")) as opened:
        yield opened


async def test_a_file_is_fetched_from_the_address_that_is_configured(store: DumpStore) -> None:
    assert await store.read(BLOB) == b"content"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("other.gz", "deleted, or is kept somewhere else"), ("forbidden.gz", "answers 403"), ("moved.gz", "answers 302")],
)
async def test_what_cannot_be_fetched_is_said(store: DumpStore, name: str, sentence: str) -> None:
    with pytest.raises(Unavailable, match=sentence):
        await store.read(f"https://s3.example.org/{name}")


async def test_a_store_that_is_away_is_said() -> None:
    async with aclosing(DumpStore("http://127.0.0.1:1")) as store:
        with pytest.raises(Unavailable, match=r"cannot be fetched: 127\.0\.0\.1:1 cannot be reached"):
            await store.read(BLOB)
