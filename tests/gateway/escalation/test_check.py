"""Checking who is told beyond the window, with and without a test message."""

from msgspec.structs import replace

from moderator.gateway.check import check
from moderator.gateway.configuration.sections import NotifyEmailSection, NotifySection, NotifyWebhookSection
from moderator.gateway.escalation.check import NOT_TESTED, check_channels
from tests.fakes.clock import FakeClock
from tests.fakes.notified import SECRET, mailing, receiving
from tests.gateway.test_check import a_config


def email(port: int) -> NotifyEmailSection:
    return NotifyEmailSection(
        host="127.0.0.1", port=port, sender="m@example.org", to=("a@example.org",), security="none"
    )


async def test_a_test_message_goes_through_every_channel() -> None:
    async with receiving() as receiver, mailing() as mail:
        webhook = NotifyWebhookSection(url=receiver.url, secret=SECRET)
        notify = NotifySection(webhook=webhook, email=email(mail.port))
        findings = dict(await check_channels(notify, FakeClock(), send=True))
        assert {name: finding.ok for name, finding in findings.items()} == {
            "notify.webhook": True,
            "notify.email": True,
        }
        alert, message = await receiver.next(), await mail.next()
        assert (alert["kind"], "test" in alert["text"]) == ("test", True)
        assert message["Subject"].startswith("moderator: this is a test")


async def test_what_does_not_work_is_said_with_a_remedy() -> None:
    async with receiving() as receiver:
        wrong = NotifySection(webhook=NotifyWebhookSection(url=receiver.url, secret="another secret"), email=email(9))
        findings = dict(await check_channels(wrong, FakeClock(), send=True))
    assert not any(finding.ok for finding in findings.values())
    assert "status 401" in findings["notify.webhook"].what
    assert "secret" in findings["notify.webhook"].remedy
    assert "Connection refused" in findings["notify.email"].what


async def test_nobody_is_told_anything_unless_asked() -> None:
    async with receiving() as receiver:
        notify = NotifySection(webhook=NotifyWebhookSection(url=receiver.url, secret=SECRET))
        findings = [one async for one in check(replace(a_config(), notify=notify))]
        assert findings[-1] == ("notify.webhook", NOT_TESTED)
        assert receiver.asked == 0
        findings = [one async for one in check(replace(a_config(), notify=notify), notify=True)]
        assert findings[-1][1].what == "a test message was taken: 127.0.0.1"
