"""What may go wrong in a comparison."""

from __future__ import annotations

from nlp.errors import ReferralQualityError


class CannotRunError(ReferralQualityError):
    """A contestant cannot run here; the message says what it lacks."""
