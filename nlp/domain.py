"""The nouns of the front door, and the closed sets of labels.

Every code here is a code of the annotation guide, in its order. Offsets are
half-open and count code points of the original text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Form(StrEnum):
    """The two kinds of contact."""

    REFERRAL = "referral"
    PPN = "ppn"


class Agency(StrEnum):
    """Who sends contacts."""

    POLICE = "police"
    HEALTH = "health"
    SCHOOL = "school"
    NURSERY = "nursery"
    COLLEGE = "college"
    HOUSING = "housing"
    VOLUNTARY = "voluntary"
    PUBLIC = "public"
    PROBATION = "probation"
    EARLY_HELP = "early_help"
    YOUTH_JUSTICE = "youth_justice"
    ADULT_SOCIAL_CARE = "adult_social_care"
    PRISON = "prison"
    OTHER_LA = "other_la"
    FIRE = "fire"
    IMMIGRATION = "immigration"
    AMBULANCE = "ambulance"


class Element(StrEnum):
    """What a good contact holds (guide, section 1)."""

    CHILD_IDENTITY = "child_identity"
    FAMILY_HOUSEHOLD = "family_household"
    REFERRER_DETAILS = "referrer_details"
    CONCERN = "concern"
    EVIDENCE_DETAIL = "evidence_detail"
    IMPACT_ON_CHILD = "impact_on_child"
    CHILD_VOICE = "child_voice"
    HISTORY = "history"
    SUPPORT_TRIED = "support_tried"
    STRENGTHS_PROTECTIVE = "strengths_protective"
    PARENT_VIEW = "parent_view"
    CONSENT = "consent"
    IMMEDIATE_SAFETY = "immediate_safety"
    ANALYSIS = "analysis"
    REQUESTED_OUTCOME = "requested_outcome"
    NEEDS_IDENTITY = "needs_identity"


class Status(StrEnum):
    """How far a contact meets an element."""

    MISSING = "missing"
    PARTLY = "partly"
    MET = "met"

    @property
    def points(self) -> int:
        """The guide's 0, 1 or 2."""
        return STATUSES.index(self)


STATUSES = tuple(Status)


class Level(StrEnum):
    """Most likely outcome of screening, as a legal route (guide, section 2)."""

    UNIVERSAL = "universal"
    EARLY_HELP = "early_help"
    CHILD_IN_NEED = "child_in_need"
    CHILD_PROTECTION = "child_protection"

    @property
    def number(self) -> int:
        """The guide's 1 to 4; a local framework may number it otherwise."""
        return LEVELS.index(self) + 1


LEVELS = tuple(Level)


class Certainty(StrEnum):
    """How far the text settles the level."""

    CLEAR = "clear"
    BORDERLINE = "borderline"
    THIN = "thin"


class Urgency(StrEnum):
    """What the text calls for (guide, section 5)."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


class NeedDomain(StrEnum):
    """What the text raises for this child (guide, section 3)."""

    PHYSICAL_ABUSE = "physical_abuse"
    SEXUAL_ABUSE = "sexual_abuse"
    HARMFUL_SEXUAL_BEHAVIOUR = "harmful_sexual_behaviour"
    EMOTIONAL_ABUSE = "emotional_abuse"
    NEGLECT = "neglect"
    DOMESTIC_ABUSE = "domestic_abuse"
    PARENTAL_MENTAL_HEALTH = "parental_mental_health"
    PARENTAL_SUBSTANCE_MISUSE = "parental_substance_misuse"
    PARENTAL_LEARNING_DISABILITY = "parental_learning_disability"
    CHILD_MENTAL_HEALTH = "child_mental_health"
    CHILD_DISABILITY_HEALTH = "child_disability_health"
    CHILD_SUBSTANCE_MISUSE = "child_substance_misuse"
    EXPLOITATION_SEXUAL = "exploitation_sexual"
    EXPLOITATION_CRIMINAL = "exploitation_criminal"
    MISSING = "missing"
    HARMFUL_PRACTICES = "harmful_practices"
    RADICALISATION = "radicalisation"
    PRE_BIRTH = "pre_birth"
    YOUNG_CARER = "young_carer"
    HOUSING_POVERTY = "housing_poverty"
    ONLINE_HARM = "online_harm"
    EDUCATION = "education"
    YOUTH_VIOLENCE = "youth_violence"
    FAMILY_CONFLICT = "family_conflict"
    PRIVATE_FOSTERING = "private_fostering"
    UASC_NRPF = "uasc_nrpf"
    BEREAVEMENT = "bereavement"
    BULLYING = "bullying"
    PARENTING_SUPPORT = "parenting_support"


class SafetyFlag(StrEnum):
    """What a screener must see first (guide, section 4)."""

    INJURY_NON_MOBILE = "injury_non_mobile"
    UNEXPLAINED_INJURY = "unexplained_injury"
    PHYSICAL_DISCLOSURE = "physical_disclosure"
    SEXUAL_DISCLOSURE = "sexual_disclosure"
    SEXUAL_ABUSE_SIGN = "sexual_abuse_sign"
    STRANGULATION = "strangulation"
    WEAPON = "weapon"
    THREAT_TO_KILL = "threat_to_kill"
    CHILD_SUICIDAL = "child_suicidal"
    CARER_SUICIDAL_OR_HARM_INTENT = "carer_suicidal_or_harm_intent"
    CHILD_LEFT_ALONE = "child_left_alone"
    URGENT_MEDICAL_NEGLECT = "urgent_medical_neglect"
    INGESTION_OVERDOSE = "ingestion_overdose"
    FGM_RISK = "fgm_risk"
    FORCED_MARRIAGE_HONOUR = "forced_marriage_honour"
    EXPLOITATION_NOW = "exploitation_now"
    MISSING_NOW = "missing_now"
    KNOWN_RISK_PERSON_ACCESS = "known_risk_person_access"
    POLICE_PROTECTION_USED = "police_protection_used"
    UNBORN_HIGH_RISK = "unborn_high_risk"


class Assertion(StrEnum):
    """Whether a flagged fact holds, now, for this child or carer."""

    PRESENT = "present"
    NEGATED = "negated"
    HISTORIC = "historic"
    HYPOTHETICAL = "hypothetical"
    OTHER_PERSON = "other_person"


class Reason(StrEnum):
    """Why a police notification is inappropriate (guide, section 6)."""

    NO_CHILD_LINKED = "no_child_linked"
    NO_WELFARE_CONCERN = "no_welfare_concern"
    SINGLE_LOW_LEVEL_INCIDENT = "single_low_level_incident"
    ADULT_PATHWAY = "adult_pathway"
    ALREADY_OPEN_NO_NEW_INFORMATION = "already_open_no_new_information"
    YOUTH_OFFENDING_ONLY = "youth_offending_only"
    OTHER_AGENCY_RESPONDING = "other_agency_responding"
    HISTORIC_NO_CURRENT_RISK = "historic_no_current_risk"
    OUTSIDE_SCOPE = "outside_scope"


class Rating(IntEnum):
    """Ofsted's four words, for completeness; a higher number is better."""

    INADEQUATE = 0
    REQUIRES_IMPROVEMENT = 1
    GOOD = 2
    OUTSTANDING = 3

    @property
    def code(self) -> str:
        """The code used in records."""
        return self.name.lower()


@dataclass(frozen=True)
class Contact:
    """What a partner sends.

    ``earlier_contacts`` counts contacts about the same child in the last
    twelve months; ``None`` where it is not known.
    """

    text: str
    form: Form
    agency: Agency | None = None
    earlier_contacts: int | None = None


@dataclass(frozen=True)
class Span:
    """A stretch of the original text."""

    start: int
    end: int


@dataclass(frozen=True)
class Section:
    """A stretch of a contact under one heading of its form.

    ``kind`` is the heading's code in ``rulebook/headings.yaml``; ``None`` for
    text before the first heading. ``heading`` is where the heading itself
    stands, ``None`` where there is none.
    """

    kind: str | None
    heading: Span | None
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """A sentence, heading or fragment that stands as one.

    ``text`` is the normalised text (what readers and rules read), so its
    length may differ from ``end - start``.
    """

    start: int
    end: int
    text: str
    section: str | None = None
    is_heading: bool = False


@dataclass(frozen=True)
class Document:
    """A contact's text, read into sections and sentences in order."""

    text: str
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
