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


class SignInFailedError(ReferralQualityError):
    """What came back from a sign-in is forged, over, or was never begun here."""

    def __init__(self) -> None:
        super().__init__(
            "This sign-in could not be finished: it took too long, was begun in another window, or "
            "was not for this service. Sign in again."
        )


class NoRoleError(ReferralQualityError):
    """Somebody signed in whom nobody has given a role here."""

    def __init__(self) -> None:
        super().__init__(
            "Your account is known, but it has no role in this service. Ask your administrator to "
            "give you one."
        )


class ProviderUnavailableError(ReferralQualityError):
    """The provider that people sign in with does not answer, or not as one."""

    def __init__(self) -> None:
        super().__init__("The service that you sign in with does not answer at the moment.")


class TooOftenError(ReferralQualityError):
    """Somebody asks for more in a short time than a person or a system needs."""

    def __init__(self) -> None:
        super().__init__("You have done this very often in a short time; wait a minute.")
