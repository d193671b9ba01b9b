"""Why somebody may not."""

from __future__ import annotations

from nlp.errors import ReferralQualityError


class NotSignedInError(ReferralQualityError):
    """Nobody is signed in, or not any more."""

    def __init__(self) -> None:
        super().__init__("You are not signed in, or your session has ended. Sign in and try again.")


class NotAllowedError(ReferralQualityError):
    """Whoever asks has not the role for it."""

    def __init__(self) -> None:
        super().__init__("Your role does not allow this. Ask your administrator if it should.")


class NotFoundError(ReferralQualityError):
    """There is no such thing, or none that the asker may know of; the two look the same."""

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no such {what}, or it is not one that you can see.")


class ForgedFormError(ReferralQualityError):
    """A form did not come from a page of ours that this person had open."""

    def __init__(self) -> None:
        super().__init__(
            "This form was sent from another page or an earlier session. Nothing was changed: go "
            "back, reload the page and send it again."
        )


class ConflictError(ReferralQualityError):
    """Somebody else was first."""
