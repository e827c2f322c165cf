"""Every provider of ours passes the suite that those of others have to pass."""

from tests.providers.conformance.janus import JanusConformance
from tests.providers.conformance.livekit import LiveKitConformance
from tests.providers.conformance.stream import StreamConformance
from tests.providers.conformance.vonage import OpenTokConformance, VonageConformance


class TestJanus(JanusConformance):
    pass


class TestLiveKit(LiveKitConformance):
    pass


class TestOpenTok(OpenTokConformance):
    pass


class TestStream(StreamConformance):
    pass


class TestVonage(VonageConformance):
    pass
