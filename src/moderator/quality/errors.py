"""Why there is no answer. Every message is a sentence for people: what happened, and whose turn it is. No secret, no
address of the database and nothing that a row says stands in one.
"""


class QualityError(Exception):
    """No answer; `code` is stable, for programs."""

    code = "quality_unavailable"


class BadQuestion(QualityError):
    """The one who asks has to ask differently."""

    code = "bad_question"


class NoSuchRow(QualityError):
    """No session has this number."""

    code = "not_found"


class Unavailable(QualityError):
    """The database or a dump cannot be read; somebody has to set something right."""
