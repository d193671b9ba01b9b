"""Errors a caller may meet; each says what was found, what was expected, what to do.

No message ever carries the text of a referral.
"""


class ReferralQualityError(Exception):
    """The base of all our errors."""


class EmptyTextError(ReferralQualityError):
    """The contact has no words to read."""


class TextTooLongError(ReferralQualityError):
    """The contact is longer than we read in one piece."""


class UnreadableTextError(ReferralQualityError):
    """The contact is not text: binary, or characters that no encoding holds."""


class RulebookError(ReferralQualityError):
    """A rule file holds mistakes; the message lists every one with file, rule and remedy."""


class UnknownChoiceError(ReferralQualityError):
    """A framework, form type or agency that we do not know was asked for."""


class ArtefactError(ReferralQualityError):
    """A released reader is missing, damaged or not allowed to serve."""


class CorpusError(ReferralQualityError):
    """Labelled records hold mistakes; the message lists every one by record."""


class DocumentFileError(ReferralQualityError):
    """An uploaded file cannot be read as a form."""


class TableError(ReferralQualityError):
    """A file of contacts cannot be scored."""
