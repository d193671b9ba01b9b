"""How often referrers dismiss a finding or call it wrong: counts by code, never any text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from enum import StrEnum
from pathlib import Path
from threading import Lock

from nlp.domain import Element, Level, NeedDomain, Reason, SafetyFlag, Urgency
from nlp.errors import UnknownChoiceError


class FindingKind(StrEnum):
    """What a finding is about."""

    SAFETY_FLAG = "safety_flag"
    ELEMENT = "element"
    LEVEL = "level"
    NEED_DOMAIN = "need_domain"
    URGENCY = "urgency"
    NOTIFICATION = "notification"


class Verdict(StrEnum):
    """What the referrer says of it."""

    DISMISSED = "dismissed"
    WRONG = "wrong"


# Closed sets, so that nobody can put words of a referral where a code belongs.
LABELS: Mapping[FindingKind, Collection[str]] = {
    FindingKind.SAFETY_FLAG: frozenset(SafetyFlag),
    FindingKind.ELEMENT: frozenset(Element),
    FindingKind.LEVEL: frozenset(Level),
    FindingKind.NEED_DOMAIN: frozenset(NeedDomain),
    FindingKind.URGENCY: frozenset(Urgency),
    FindingKind.NOTIFICATION: frozenset(Reason),
}


class FindingCounts:
    """Counts kept in memory, and in a small JSON file where *path* is given.

    Several processes that share one file each write their own view of it: give each its own.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lock = Lock()
        self._counts = Counter(_read(path) if path else {})

    def add(
        self, kind: FindingKind, *, code: str, verdict: Verdict, rules: Collection[str]
    ) -> None:
        """Count one; *code* is a label of *kind*, or for a safety flag one of *rules*.

        Raises:
            UnknownChoiceError: If *code* is neither; it is not repeated in the message.
        """
        known = code in LABELS[kind] or (kind is FindingKind.SAFETY_FLAG and code in rules)
        if not known:
            raise UnknownChoiceError(f"code is not a label or rule of {kind}; see the assessment")
        with self._lock:
            self._counts[f"{kind}/{code}/{verdict}"] += 1
            if self._path:
                _write(self._path, self._counts)

    def totals(self) -> dict[str, int]:
        """Give each count by ``kind/code/verdict``."""
        with self._lock:
            return dict(sorted(self._counts.items()))


def _read(path: Path) -> dict[str, int]:
    if not path.exists():
        return {}
    return {str(key): int(count) for key, count in json.loads(path.read_text("utf-8")).items()}


def _write(path: Path, counts: Mapping[str, int]) -> None:
    """Replace the file whole, so that a crash never leaves half of one."""
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(counts, indent=1, sort_keys=True), "utf-8")
    beside.replace(path)
