"""An account at a platform, as somebody entered it to have its rooms shown, and what the configuration says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from moderator.launch.toml_edits import Value, with_first_in_list, with_table, with_value


@dataclass(frozen=True)
class Account:
    """A source that is to be."""

    source: str
    provider: str
    options: Mapping[str, str]
    """What the configuration says openly."""
    secrets: Mapping[str, str] = field(repr=False)
    """By the configuration's key."""
    minutes: int | None = None
    """How long sessions last; None: they have no end of ours."""
    disconnects: bool = False
    """At the end; else it is only said that time is up."""


def with_account(text: str, account: Account, references: Mapping[str, Mapping[str, str]], port: int | None) -> str:
    """The configuration with this account and a type for its rooms, which comes first: it is for this source only.

    `references` says where each secret is; `port` is where the gateway shall be found from now on, unless the file
    says so already. Raises NotEditable.
    """
    text = with_first_in_list(text, "room_types", _room_type(account))
    values: dict[str, Value] = {"provider": account.provider, **account.options, **references}
    text = with_table(text, f"sources.{account.source}", values)
    return text if port is None else with_value(text, "gateway", "port", port)


def _room_type(account: Account) -> dict[str, Value]:
    values: dict[str, Value] = {"name": account.source, "match": {"source": account.source}}
    if account.minutes is not None:
        values["duration"] = f"{account.minutes}m"
    return values | {"mode": "enforce" if account.disconnects else "observe"}
