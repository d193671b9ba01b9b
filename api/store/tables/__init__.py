"""Every table; import it from here, so that all are known to the metadata."""

from api.store.tables.access import Agency, ApiKey, SignIn, User
from api.store.tables.audit import AuditRow
from api.store.tables.contacts import (
    Contact,
    ContactPerson,
    Draft,
    ImportProfile,
    PersonKey,
    StoredAssessment,
)
from api.store.tables.figures import (
    MonthlyFigure,
    Publication,
    PublishedFigure,
    Rebase,
    StaleMonth,
)
from api.store.tables.hub import Correction, Decision, FirstView, Reply, SameChild, SavedView
from api.store.tables.quality import DipRating, DipSample, SampledContact
from api.store.tables.silent import SilentAnswer, SilentRun

__all__ = [
    "Agency",
    "ApiKey",
    "AuditRow",
    "Contact",
    "ContactPerson",
    "Correction",
    "Decision",
    "DipRating",
    "DipSample",
    "Draft",
    "FirstView",
    "ImportProfile",
    "MonthlyFigure",
    "PersonKey",
    "Publication",
    "PublishedFigure",
    "Rebase",
    "Reply",
    "SameChild",
    "SampledContact",
    "SavedView",
    "SignIn",
    "SilentAnswer",
    "SilentRun",
    "StaleMonth",
    "StoredAssessment",
    "User",
]
