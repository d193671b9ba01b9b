"""The closed sets of codes that the hub keeps, beside those of `nlp.domain`."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person, or a system with a key, may do."""

    REFERRER = "referrer"
    HUB = "hub"
    HUB_MANAGER = "hub_manager"
    LEADER = "leader"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Channel(StrEnum):
    """How a contact came."""

    PAGE = "page"
    API = "api"
    IMPORT = "import"


class Stage(StrEnum):
    """How far a contact has come; only a person moves it on."""

    WAITING = "waiting"
    AWAITING_SIGN_OFF = "awaiting_sign_off"
    DECIDED = "decided"


class Relation(StrEnum):
    """Who a person in a contact is, to the child it is about."""

    CHILD = "child"
    SIBLING = "sibling"
    PARENT = "parent"
    OTHER_ADULT = "other_adult"


class Outcome(StrEnum):
    """What staff decided: the contact outcomes of the Standard Safeguarding Dataset, in words."""

    NO_FURTHER_ACTION = "no_further_action"
    INFORMATION_AND_ADVICE = "information_and_advice"
    EARLY_HELP = "early_help"
    REFERRAL = "referral"
    CP_ENQUIRY = "cp_enquiry"
    EXISTING_CASE = "existing_case"
    OTHER_AUTHORITY = "other_authority"
    PRIVATE_FOSTERING = "private_fostering"


class Step(StrEnum):
    """A move between early help and social care that a decision records."""

    UP = "step_up"
    DOWN = "step_down"


class LinkState(StrEnum):
    """Whether two contacts are about the same child; staff say, a match only asks."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Expected(StrEnum):
    """What staff say of a police notification that they had reason to expect."""

    CAME_LATE = "came_late"
    NEVER_CAME = "never_came"


class CorrectionKind(StrEnum):
    """What staff agreed with or corrected."""

    ELEMENT = "element"
    FLAG = "flag"
    LEVEL = "level"
    DOMAIN = "domain"
    NOTIFICATION = "notification"


class ReplyChannel(StrEnum):
    """How a reply reaches the referrer."""

    PAGE = "page"
    WEBHOOK = "webhook"
    EMAIL = "email"


class Action(StrEnum):
    """Everything that the audit log can say was done."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    REFUSED = "refused"
    CONTACT_SENT = "contact_sent"
    CONTACT_READ = "contact_read"
    CONTACT_SCORED = "contact_scored"
    CONTACT_CLAIMED = "contact_claimed"
    CONTACT_RELEASED = "contact_released"
    FIRST_VIEW_GIVEN = "first_view_given"
    CONTACT_DECIDED = "contact_decided"
    CONTACT_CORRECTED = "contact_corrected"
    NOTIFICATION_CONFIRMED = "notification_confirmed"
    SIGNED_OFF = "signed_off"
    SENT_BACK = "sent_back"
    REPLY_SENT = "reply_sent"
    CHILD_MATCHED = "child_matched"
    CASE_MARKED_OPEN = "case_marked_open"
    QUEUE_SEEN = "queue_seen"
    SEARCHED = "searched"
    IMPORTED = "imported"
    SAMPLE_DRAWN = "sample_drawn"
    SAMPLE_RATED = "sample_rated"
    USER_CHANGED = "user_changed"
    AGENCY_CHANGED = "agency_changed"
    KEY_MADE = "key_made"
    KEY_REVOKED = "key_revoked"
    SESSIONS_ENDED = "sessions_ended"
    HELD = "held"
    HOLD_LIFTED = "hold_lifted"
    ERASED = "erased"
    KEYS_ROTATED = "keys_rotated"
    AUDIT_VERIFIED = "audit_verified"
    EXPORTED = "exported"
    REBASED = "rebased"
    SILENT_STARTED = "silent_started"
    SILENT_COMPARED = "silent_compared"
