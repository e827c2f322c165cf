"""What can go wrong with a platform.

ProviderError
 |- BadSignature      a delivery that the platform did not send
 |- NotSupported      the platform has no such call
 |- Forbidden         our credentials are wrong or not enough; the operator has to act
 |- Gone              what the command is about is not there any more
 |- Rejected          the platform says that the request itself is wrong
 |- Uncertain         it may have been done or not, and doing it twice would be wrong
 |- Moved             somebody else has just moved the end that was to be moved
 +- Temporary         worth another try
     |- RateLimited   the platform asks for a pause
     |- Unavailable   no connection, no answer in time, or an error of the platform's
     +- Garbled       an answer that makes no sense
"""

from typing import ClassVar


class ProviderError(Exception):
    """Its message is a sentence for moderators: what happened, and whose turn it is. It holds no secret."""

    code: ClassVar[str] = "provider_error"
    temporary: ClassVar[bool] = False


class BadSignature(ProviderError):
    code = "bad_signature"


class NotSupported(ProviderError):
    code = "not_supported"


class Forbidden(ProviderError):
    code = "provider_forbidden"


class Gone(ProviderError):
    code = "gone"


class Rejected(ProviderError):
    code = "provider_rejected"


class Uncertain(ProviderError):
    code = "provider_uncertain"


class Moved(ProviderError):
    """`ends_at` is where the platform says that the end is now, by its own clock; None: nowhere."""

    code = "conflict"

    def __init__(self, message: str, ends_at: int | None) -> None:
        super().__init__(message)
        self.ends_at = ends_at


class Temporary(ProviderError):
    code = "provider_unavailable"
    temporary = True


class RateLimited(Temporary):
    """`retry_after_s` is the pause that the platform asked for; None when it did not say.

    `everything`: whether it is for all requests of the account, or only for those of the same kind.
    """

    code = "rate_limited"

    def __init__(self, message: str, retry_after_s: float | None = None, *, everything: bool = True) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.everything = everything


class Unavailable(Temporary):
    pass


class Garbled(Temporary):
    code = "provider_garbled"
