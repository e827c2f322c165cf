"""What each platform asks for before its rooms can be shown, as a table: fields, where their values are found, and
where the address for its webhooks goes. What is typed is judged in `validation`."""

from typing import Final, Literal

from msgspec import Struct

from moderator.language import marked

Kind = Literal["word", "web", "livekit", "uuid", "private_key"]
"""One word · an address for requests · the same, or one for clients · an id · a key in PEM, perhaps out of a file."""


class Field(Struct, frozen=True, kw_only=True):
    """One thing to enter. Its words are marked: give them to `tr` where they are shown."""

    key: str
    """In the configuration."""
    label: str
    where: str
    """Where in the platform's console it stands."""
    example: str = ""
    kind: Kind = "word"
    secret: bool = False
    optional: bool = False
    initial: str = ""
    made_here: bool = False
    """A secret that both sides have to be told: proposed, at random."""
    variable: str = ""
    """What the platform's own lines for the environment call it."""


class Platform(Struct, frozen=True, kw_only=True):
    """A provider, for who has an account there."""

    provider: str
    """In the configuration."""
    name: str
    line: str
    """Whose rooms those are."""
    fields: tuple[Field, ...]
    webhooks: str
    """Where in the platform's console the address goes."""
    settings: str = ""
    """What to put there, where that is more than the address: with `{url}` and the keys of fields."""
    finds_rooms: bool = True
    """Its rooms are seen without webhooks too, by its lists."""
    keeps_ends: bool = False
    """It has a limit for each room itself."""


_JANUS_SETTINGS: Final = """general: {{
    enabled = true
    events = "sessions,handles,plugins,media,webrtc,core,external"
    grouping = true
    backend = "{url}"
    backend_user = "{webhook_user}"
    backend_pwd = "{webhook_password}"
    max_retransmissions = 10
}}"""

PLATFORMS: Final = (
    Platform(
        provider="livekit",
        name="LiveKit",
        line=marked("LiveKit Cloud, or a server of your own"),
        fields=(
            Field(
                key="base_url",
                label=marked("Server address"),
                where=marked("LiveKit Cloud: Settings, Project, URL. Your own server: what clients connect to."),
                example="wss://clinic.livekit.cloud",
                kind="livekit",
                variable="LIVEKIT_URL",
            ),
            Field(
                key="api_key",
                label=marked("API key"),
                where=marked("LiveKit Cloud: Settings, API keys. Your own server: under “keys” in its configuration."),
                example="APIxxxxxxxxxxxx",
                variable="LIVEKIT_API_KEY",
            ),
            Field(
                key="api_secret",
                label=marked("API secret"),
                where=marked("It stands beside the key, and is shown once when the key is made."),
                secret=True,
                variable="LIVEKIT_API_SECRET",
            ),
        ),
        webhooks=marked(
            "LiveKit Cloud: Settings, Webhooks, signed with the same API key. Your own server: under “webhook: urls” "
            "in its configuration, with the same “api_key”."
        ),
    ),
    Platform(
        provider="vonage",
        name="Vonage Video",
        line=marked("An application with the capability Video"),
        fields=(
            Field(
                key="application_id",
                label=marked("Application ID"),
                where=marked("Vonage dashboard: Applications, your application."),
                example="29f760f8-7ce1-46c9-ade3-f2dedee4ed5f",
                kind="uuid",
                variable="VONAGE_APPLICATION_ID",
            ),
            Field(
                key="private_key",
                label=marked("Private key"),
                where=marked("The file private.key that the dashboard gave you with the key pair."),
                kind="private_key",
                secret=True,
                variable="VONAGE_PRIVATE_KEY",
            ),
            Field(
                key="signature_secret",
                label=marked("Signature secret"),
                where=marked("The application's capability Video, secure callbacks turned on."),
                secret=True,
                variable="VONAGE_SIGNATURE_SECRET",
            ),
        ),
        webhooks=marked("Vonage dashboard: Applications, your application, capability Video, session monitoring."),
        finds_rooms=False,
    ),
    Platform(
        provider="stream",
        name="Stream",
        line=marked("A Stream Video app"),
        fields=(
            Field(
                key="api_key",
                label=marked("API key"),
                where=marked("Stream's dashboard: your app, App access keys."),
                example="mmhfdzb5evj2",
                variable="STREAM_API_KEY",
            ),
            Field(
                key="api_secret",
                label=marked("API secret"),
                where=marked("It stands beside the key."),
                secret=True,
                variable="STREAM_API_SECRET",
            ),
            Field(
                key="moderator_user",
                label=marked("Moderating user"),
                where=marked("A user of this app in whose name mutes and messages are sent. It has to exist."),
                initial="moderator",
            ),
        ),
        webhooks=marked("Stream's dashboard: your app, Video & Audio, Webhooks, with all events of calls."),
        keeps_ends=True,
    ),
    Platform(
        provider="janus",
        name="Janus",
        line=marked("A Janus server with VideoRoom"),
        fields=(
            Field(
                key="base_url",
                label=marked("Janus API"),
                where=marked("What participants use."),
                example="http://127.0.0.1:8088/janus",
                kind="web",
            ),
            Field(
                key="admin_url",
                label=marked("Admin API"),
                where=marked("“admin_base_path” and its port in janus.transport.http.jcfg."),
                example="http://127.0.0.1:7088/admin",
                kind="web",
            ),
            Field(
                key="admin_secret",
                label=marked("Admin secret"),
                where=marked("“admin_secret” in janus.jcfg."),
                secret=True,
            ),
            Field(
                key="api_secret",
                label=marked("API secret"),
                where=marked("“api_secret” in janus.jcfg, if there is one."),
                secret=True,
                optional=True,
            ),
            Field(
                key="admin_key",
                label=marked("VideoRoom's admin key"),
                where=marked("“admin_key” in janus.plugin.videoroom.jcfg. Without it private rooms are in no list."),
                secret=True,
                optional=True,
            ),
            Field(
                key="room_secret",
                label=marked("Secret of the rooms"),
                where=marked("What your rooms were created with. Without it nobody can be removed from them."),
                secret=True,
                optional=True,
            ),
            Field(
                key="webhook_user",
                label=marked("Webhook user"),
                where=marked("Any name: Janus shows it when it reports."),
                initial="janus",
            ),
            Field(
                key="webhook_password",
                label=marked("Webhook password"),
                where=marked("Made here at random: you copy it to Janus afterwards."),
                secret=True,
                made_here=True,
            ),
        ),
        webhooks=marked(
            "In janus.eventhandler.sampleevh.jcfg, and “broadcast = true” under “events” in janus.jcfg. Then start "
            "Janus again."
        ),
        settings=_JANUS_SETTINGS,
    ),
    Platform(
        provider="opentok",
        name="OpenTok",
        line=marked("A project of the older OpenTok environment"),
        fields=(
            Field(
                key="api_key",
                label=marked("API key"),
                where=marked("The project's page in the OpenTok dashboard."),
                example="123456",
                variable="OPENTOK_API_KEY",
            ),
            Field(
                key="api_secret",
                label=marked("API secret"),
                where=marked("It stands beside the key."),
                secret=True,
                variable="OPENTOK_API_SECRET",
            ),
            Field(
                key="signature_secret",
                label=marked("Signature secret"),
                where=marked("The project's settings, secure callbacks turned on."),
                secret=True,
                variable="OPENTOK_SIGNATURE_SECRET",
            ),
        ),
        webhooks=marked("The project's settings, Session Monitoring."),
        finds_rooms=False,
    ),
)
