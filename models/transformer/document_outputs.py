"""What the document head answers, by name, in the order of the exported graph."""

from __future__ import annotations

from nlp.domain import (
    LEVELS,
    STATUSES,
    Assertion,
    Certainty,
    Element,
    NeedDomain,
    Reason,
    SafetyFlag,
    Urgency,
)

OUTPUTS = (
    "elements",
    "present",
    "mentioned",
    "assertions",
    "status",
    "level",
    "certainty",
    "domains",
    "urgency",
    "inappropriate",
    "reasons",
)
"""All logits. The first four have a row for each sentence."""

LABELS: dict[str, tuple[str, ...]] = {
    "elements": tuple(Element),
    "present": tuple(SafetyFlag),
    "mentioned": tuple(SafetyFlag),
    "assertions": tuple(Assertion),
    "status": STATUSES,
    "level": LEVELS,
    "certainty": tuple(Certainty),
    "domains": tuple(NeedDomain),
    "urgency": tuple(Urgency),
    "reasons": tuple(Reason),
}
"""The labels of each answer, in order; ``status`` has them for each element."""
