"""The configuration: what it may say, and that whatever is wrong is said with the file, the key and the remedy."""

from pathlib import Path

import pytest

from moderator.domain.settings import DEFAULT_WARN_MS, MINUTE_MS
from moderator.gateway.configuration.config import Config, ConfigError, load_config
from moderator.providers.identity import Identity
from tests.fakes.provider import SECRET, FakeOptions, FakeProvider, install
from tests.providers.vonage.made import private_key

KEY = "k" * 40
GOOD = """
[access]
key = { env = "A_KEY" }

[sources.clinic]
provider = "fake"
webhook_secret = { file = "webhook" }
reconcile = "45s"

[[room_types]]
name = "appointment"
match = { source = "clinic", room = "appt-*" }
duration = "1.5h"
starts = "second_person"
warn = ["20s", "5m"]
max_extension = "30m"
max_people = 2
mode = "enforce"

[[room_types]]
name = "rest"
"""


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(install(tmp_path / "site"))
    monkeypatch.setenv("A_KEY", KEY)
    monkeypatch.setenv("OTHER_KEY", "o" * 40)
    monkeypatch.setenv("SHORT", "short")
    (tmp_path / "webhook").write_text(SECRET, encoding="utf-8")


def load(folder: Path, text: str) -> Config:
    path = folder / "moderator.toml"
    path.write_text(text, encoding="utf-8")
    return load_config(path)


def test_a_whole_configuration(tmp_path: Path) -> None:
    config = load(tmp_path, GOOD)
    assert config.access.key == KEY
    assert config.log_path == tmp_path / "moderator.db"
    (source,) = config.sources
    assert issubclass(source.provider, FakeProvider)
    assert (source.name, source.provider_name) == ("clinic", "fake")
    assert source.options == FakeOptions(SECRET)
    assert (source.reconcile_ms, source.requests_per_second) == (45_000, 5.0)
    appointment, rest = config.room_types
    assert (appointment.match_source, appointment.match_room) == ("clinic", "appt-*")
    assert (appointment.duration_ms, appointment.starts, appointment.max_people) == (90 * MINUTE_MS, "second_person", 2)
    assert (appointment.warn_ms, appointment.max_extension_ms) == ((5 * MINUTE_MS, 20_000), 30 * MINUTE_MS)
    assert (rest.duration_ms, rest.warn_ms, rest.max_extension_ms) == (None, DEFAULT_WARN_MS, None)
    assert (rest.mode, rest.on_expiry, rest.match_room) == ("observe", "disconnect", "*")


OIDC = 'oidc = { issuer = "http://login.example.org", audience = "x" }'
OIDC_SCOPES = 'oidc = { issuer = "https://login.example.org", audience = "x", default_scopes = ["all"] }'
WRONG = [
    # what to replace in the good one, by what, the key that is named, the problem and its remedy
    ("[access]", "[acess]", "acess", "unknown key: remove it, or use one of access, gateway"),
    ('key = { env = "A_KEY" }', "", "access", "the key `key` is missing: add it"),
    ('env = "A_KEY"', 'env = "NOT_SET_ANYWHERE"', "access.key", "NOT_SET_ANYWHERE is not set: export it"),
    ('env = "A_KEY"', 'file = "nowhere"', "access.key", "the file nowhere cannot be read"),
    ('{ env = "A_KEY" }', '"short and secret"', "access.key", "shorter than 32 bytes: make a longer one"),
    ('{ env = "A_KEY" }', "12345678", "access.key", "write text in quotes, not a whole number"),
    ("[access]", "[access]\nkeys = 1", "access", "unknown key `keys`: remove it, or use one of issuer, key"),
    ("[access]", '[gateway]\nport = "80"\n[access]', "gateway.port", "write a whole number, not text in"),
    (
        "[access]",
        '[gateway]\nlog = "mysql://there"\n[access]',
        "gateway.log",
        'write a file like "sqlite:moderator.db"',
    ),
    ("[access]", '[gateway]\nlog = "nats://there"\n[access]', "gateway.log", "write servers with their ports"),
    ("[access]", '[nats]\nusr = "a"\n[access]', "nats", "unknown key `usr`: remove it, or use one of ca, copy"),
    ("[access]", "[gateway]\nhots = 1\n[access]", "gateway", "unknown key `hots`: remove it"),
    ("[access]", "gateway = 5\n[access]", "gateway", "write a table, not a whole number"),
    ('"fake"', '"zoom"', "sources.clinic.provider", "there is no provider 'zoom': choose one of fake"),
    ('provider = "fake"', "", "sources.clinic.provider", "the key provider is missing: add it, one of fake"),
    ('file = "webhook"', 'env = "NOT_SET"', "sources.clinic.webhook_secret", "NOT_SET is not set: export it"),
    ('{ file = "webhook" }', "5", "sources.clinic.webhook_secret", "write text in quotes, not a whole"),
    ('webhook_secret = { file = "webhook" }', "", "sources.clinic", "`webhook_secret` is missing: add it"),
    ("reconcile", "recon", "sources.clinic", "unknown key `recon`: remove it, or use one of"),
    ('"45s"', '"45"', "sources.clinic.reconcile", "'45' is not a duration: write a number and a unit"),
    ('"45s"', "45", "sources.clinic.reconcile", "write a duration in quotes"),
    ('"45s"', '"10ms"', "sources.clinic.reconcile", 'write "1s" or more'),
    ('"45s"', '"45s"\nrequests_per_second = 0', "sources.clinic.requests_per_second", "a number above zero"),
    ('"45s"', '"45s"\nrequests_per_second = nan', "sources.clinic.requests_per_second", "a number above zero"),
    ('"45s"', '"45s"\nrequests_per_second = true', "sources.clinic.requests_per_second", "a number above zero"),
    ("[sources.clinic]", '[sources."a clinic"]', "sources.a clinic", "a source's name is 1 to 64 letters"),
    ('name = "appointment"', "", "room_types[1]", "the key `name` is missing: add it"),
    (
        "max_people = 2",
        'max_people = "two"',
        "room_types[1] (appointment).max_people",
        "write a whole number, not text",
    ),
    (
        "max_people = 2",
        "max_people = 0",
        "room_types[1] (appointment).max_people",
        "write a number above zero, or leave it out",
    ),
    ('"1.5h"', '"an hour"', "room_types[1] (appointment).duration", "'an hour' is not a duration"),
    ('["20s", "5m"]', '["20s", "soon"]', "room_types[1] (appointment).warn", "'soon' is not a duration"),
    ('["20s", "5m"]', '"20s"', "room_types[1] (appointment).warn", "write a list in brackets, not text in quotes"),
    ('"second_person"', '"at_once"', "room_types[1] (appointment).starts", "choose one of first_join, second_person"),
    ('mode = "enforce"', 'allow = "some"', "room_types[1] (appointment).allow", "choose one of anyone, listed"),
    ('mode = "enforce"', 'tell = ["weather"]', "room_types[1] (appointment).tell", "choose one of"),
    ("[access]", f"[access]\n{OIDC}", "access.oidc.issuer", "write the issuer's address like https://"),
    (
        "[access]",
        f"[access]\n{OIDC_SCOPES}",
        "access.oidc.default_scopes",
        "there is no scope 'all': choose of access:",
    ),
    ("[access]", "[gateway]\nhold_above = 0\n[access]", "gateway.hold_above", "write a number above zero"),
    ("[access]", '[gateway]\nretention = "1h"\n[access]', "gateway.retention", 'write "2d" or more'),
    ("[access]", '[gateway]\ndrain = "2m"\n[access]', "gateway.drain", 'write "1m" or less'),
    ("[access]", "[gateway]\ndrain = 5\n[access]", "gateway.drain", "in quotes"),
    ("[access]", '[gateway]\nlog_format = "xml"\n[access]', "gateway.log_format", "text"),
    (
        "[access]",
        '[join]\ncompat_source = "clinic"\n[access]',
        "join.compat_source",
        "name a source of vonage or opentok",
    ),
    ("[access]", '[rtcstats]\nid_key = { env = "SHORT" }\n[access]', "rtcstats.id_key", "write 32 bytes or more"),
    (
        "[access]",
        '[rtcstats]\nid_key = { env = "A_KEY" }\njwt_secret = { env = "A_KEY" }\n[access]',
        "rtcstats.jwt_secret",
        "give each one its own",
    ),
    (
        "[access]",
        '[rtcstats]\nid_key = { env = "OTHER_KEY" }\njwt_secret = { env = "OTHER_KEY" }\n[access]',
        "rtcstats.id_key",
        "this is rtcstats.jwt_secret too: give each one its own",
    ),
    (
        "[access]",
        '[notify.webhook]\nurl = "https://alerts.example.org"\nsecret = { env = "SHORT" }\n[access]',
        "notify.webhook.secret",
        "write 16 bytes or more, made at random: openssl rand -hex 32",
    ),
    ("[access]", '[notify]\nafter = "60s"\n[access]', "notify", "name a channel"),
    (
        "[access]",
        '[notify.webhook]\nurl = "alerts"\nsecret = { env = "A_KEY" }\n[access]',
        "notify.webhook.url",
        "write an address like",
    ),
    ('"enforce"', '"strict"', "room_types[1] (appointment).mode", "choose one of off, observe, enforce"),
    (
        '"1.5h"',
        '"5m"',
        "room_types[1] (appointment).warn",
        "a warning comes before the end: write only times below duration",
    ),
    (
        'source = "clinic"',
        'source = "cilnic"',
        "room_types[1] (appointment).match.source",
        "no source 'cilnic': choose one of clinic",
    ),
    (
        'source = "clinic"',
        "source = 5",
        "room_types[1] (appointment).match.source",
        "write text in quotes, not a whole number",
    ),
    ("[access]", '[gateway]\npublic_url = "us.org"\n[access]', "gateway.public_url", "like https://moderation.example"),
    ('room = "appt-*"', 'rooms = "appt-*"', "room_types[1] (appointment)", "unknown key `rooms`: remove it"),
    ('name = "rest"', 'name = "rest"\nmax = 5', "room_types[2] (rest)", "unknown key `max`: remove it"),
    ("[access]", "[access", "", "is not TOML"),
]


@pytest.mark.parametrize(("old", "new", "key", "problem"), WRONG, ids=[f"{one[2]}-{one[1]}" for one in WRONG])
def test_what_is_wrong_is_said_with_file_key_and_remedy(
    tmp_path: Path, old: str, new: str, key: str, problem: str
) -> None:
    with pytest.raises(ConfigError) as raised:
        load(tmp_path, GOOD.replace(old, new, 1))
    message = str(raised.value)
    assert message.startswith(f"{tmp_path / 'moderator.toml'}: {key}"), message
    assert problem in message
    for secret in (SECRET, KEY, "short and secret", "12345678"):
        assert secret not in message


def test_room_types_that_are_no_list(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"room_types: write it as a list of tables: \[\[room_types\]\]"):
        load(tmp_path, GOOD.split("[[room_types]]", maxsplit=1)[0] + "[room_types]\nname = 'x'")


JANUS = """
[sources.school]
provider = "janus"
base_url = "http://127.0.0.1:8088/janus"
admin_url = "http://127.0.0.1:7088/admin"
admin_secret = "a"
webhook_user = "janus"
webhook_password = "b"
"""


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("http://127.0.0.1:8088", "127.0.0.1:8088", "base_url: write the whole address, beginning with http:// or"),
        ("http://127.0.0.1:7088", "localhost:7088", "admin_url: write the whole address, beginning with http:// or"),
        ('"a"', '""', "admin_secret: this is empty: fill it in"),
    ],
)
def test_what_is_wrong_with_a_janus(tmp_path: Path, old: str, new: str, problem: str) -> None:
    access = '[access]\nkey = { env = "A_KEY" }\n'
    assert load(tmp_path, access + JANUS).sources
    with pytest.raises(ConfigError) as raised:
        load(tmp_path, access + JANUS.replace(old, new, 1))
    assert f": sources.school{'.' if 'empty' in problem else ': '}{problem}" in str(raised.value)


def test_no_sources_are_no_fault(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD.split("[sources", maxsplit=1)[0]).sources == ()


def test_sources_that_are_no_tables(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"sources: write it as tables: \[sources\.NAME\]"):
        load(tmp_path, f"sources = 5\n[access]\nkey = '{KEY}'")


VONAGE = """
[sources.school]
provider = "vonage"
application_id = "5d5f6f6e-3c0a-4f2e-9a77-2b1c0d9e8f70"
private_key = { file = "private.key" }
signature_secret = "a secret"
identity = { format = "json", user = "$.id" }
"""
OPENTOK = """
[sources.school]
provider = "opentok"
api_key = "47654321"
api_secret = "a secret"
allow_from = ["216.147.0.0/18"]
"""
ACCESS = '[access]\nkey = { env = "A_KEY" }\n'


def test_a_vonage_and_an_opentok(tmp_path: Path) -> None:
    (tmp_path / "private.key").write_text(private_key(), encoding="utf-8")
    (vonage,) = load(tmp_path, ACCESS + VONAGE).sources
    assert vonage.options.identity == Identity(format="json", user="$.id")
    assert vonage.options.base_url == "https://video.api.vonage.com"
    (opentok,) = load(tmp_path, ACCESS + OPENTOK).sources
    assert (opentok.options.allow_from, opentok.options.identity) == (("216.147.0.0/18",), None)


@pytest.mark.parametrize(
    ("good", "old", "new", "problem"),
    [
        (VONAGE, '"json"', '"xml"', "identity.format: 'xml' is not possible: choose one of json, query, text"),
        (VONAGE, '"$.id"', '"id"', "identity: user: 'id' is no path: write one like $.userId"),
        (VONAGE, "user =", "usr =", "identity: unknown field `usr`"),
        (VONAGE, '{ format = "json", user = "$.id" }', '"json"', "identity: write a table, not text in quotes"),
        (VONAGE, 'signature_secret = "a secret"', "", "the key `signature_secret` is missing: add it"),
        (VONAGE, '{ file = "private.key" }', '"hush"', "private_key: this is no RSA private key: give the whole file"),
        (OPENTOK, '["216.147.0.0/18"]', '"216.147.0.0/18"', "allow_from: write a list in brackets, not text"),
        (OPENTOK, "216.147.0.0/18", "vonage", "allow_from: 'vonage' is no network"),
        (OPENTOK, 'allow_from = ["216.147.0.0/18"]', "", "signature_secret or allow_from: without a signature"),
        (JANUS, "webhook_user", "allow_from = []\nwebhook_user", "`allow_from`: this provider's webhooks are auth"),
        (JANUS, "webhook_user", "identity = {}\nwebhook_user", "`identity`: this provider's participants have fields"),
        (
            OPENTOK,
            "api_key",
            "apikey",
            "unknown key `apikey`: remove it, or use one of allow_from, api_key, api_secret, base_url, identity,"
            " provider, reconcile, requests_per_second, signature_secret",
        ),
        (
            OPENTOK,
            "api_key",
            'identity = { usr = "$.u" }\napi_key',
            "remove it, or use one of format, name, role, room, user",
        ),
        (JANUS, "webhook_user", "hold_above = 5\nwebhook_user", "unknown key `hold_above`: remove it"),
    ],
)
def test_what_is_wrong_with_other_platforms(tmp_path: Path, good: str, old: str, new: str, problem: str) -> None:
    (tmp_path / "private.key").write_text(private_key(), encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load(tmp_path, ACCESS + good.replace(old, new, 1))
    assert problem.replace("unknown field", "unknown key") in str(raised.value)
    assert "hush" not in str(raised.value)
    assert "a secret" not in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml: cannot be read: No such file or directory"):
        load_config(tmp_path / "nowhere.toml")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a = " + b"9" * 5_000, b"a = " + b"[" * 50_000])
def test_a_file_that_is_not_text_or_without_measure(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "moderator.toml").write_bytes(content)
    with pytest.raises(ConfigError, match="is not TOML"):
        load_config(tmp_path / "moderator.toml")


EVERYTHING = """
[gateway]
retention = "365d"
hold_above = 20
audit_anchor = "heads.jsonl"
drain = "15s"
log_format = "json"

[access]
key = { file = "keys" }
oidc = { issuer = "https://login.example.org", audience = "moderator" }

[rtcstats]
jwt_secret = { env = "OTHER" }
id_key = { env = "A_KEY" }

[notify]
after = "90s"
webhook = { url = "https://alerts.example.org/", secret = { env = "OTHER" } }
email = { host = "mail", from = "us@example.org", to = ["duty@example.org"], password = { env = "OTHER" } }

[[room_types]]
name = "exam"
starts = "scheduled"
allow = "listed"
screen_share = ["teacher"]
wrong_share = "disconnect"
tell = ["warning", "removal"]
"""


def test_many_automatic_removals_are_held_unless_it_is_said_otherwise(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD).gateway.hold_above == 20
    chosen = GOOD.replace("[access]", "[gateway]\nhold_above = 500\n[access]")
    assert load(tmp_path, chosen).gateway.hold_above == 500


def test_policy_access_and_notification_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTHER", "o" * 40)
    (tmp_path / "keys").write_text(f"{KEY}\n{'p' * 40}\n", encoding="utf-8")
    config = load(tmp_path, EVERYTHING)
    assert (config.retention_ms, config.gateway.hold_above) == (365 * 24 * 3_600_000, 20)
    assert (config.drain_ms, config.gateway.log_format) == (15_000, "json")
    assert config.audit_anchor == tmp_path / "heads.jsonl"
    assert (config.access.keys, config.access_key_file) == ((KEY, "p" * 40), tmp_path / "keys")
    assert config.access.oidc is not None
    assert config.rtcstats is not None
    assert config.notify is not None
    assert config.notify.email is not None
    assert config.notify.email.to == ("duty@example.org",)
    (exam,) = config.room_types
    assert (exam.starts, exam.allow, exam.screen_share) == ("scheduled", "listed", ("teacher",))
    assert (exam.wrong_share, exam.tell) == ("disconnect", ("warning", "removal"))
    for secret in (KEY, "p" * 40, "o" * 40):
        assert secret not in repr(config)


def test_sources_are_printed_without_their_secrets(tmp_path: Path) -> None:
    assert SECRET not in repr(load(tmp_path, GOOD))
