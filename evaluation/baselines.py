"""What a reader must beat: the commonest label, and a list of keywords."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from annotation.labels import LabelledContact
from evaluation.outcomes import Prediction, mark_sentences
from nlp.document import read_document
from nlp.domain import (
    LEVELS,
    STATUSES,
    Document,
    Element,
    Form,
    Level,
    NeedDomain,
    Reason,
    SafetyFlag,
    Span,
    Status,
    Urgency,
)
from nlp.rule_files import RuleFile, load_rule_file

KEYWORDS = Path(__file__).parent / "keywords.yaml"

Predict = Callable[[LabelledContact], Prediction]
Code = TypeVar("Code", bound=Hashable)

# The share of contacts that the plausible levels of the majority baseline must hold.
_PLAUSIBLE_SHARE = 0.9


def fit_majority(train: Iterable[LabelledContact]) -> Predict:
    """Give the baseline that says of every contact what most of *train* are.

    A label that may stand beside others (element, flag, domain, reason) is said where more than
    half of the training cases have it.
    """
    known = tuple(train)
    evidence = _usual(sentence.elements for c in known for sentence in c.sentences)
    levels = Counter(contact.level for contact in known)
    usual = Prediction(
        status={e: _commonest(c.status[e] for c in known) for e in Element},
        evidence=(),
        quoted=(),
        level=_commonest(c.level for c in known),
        level_probabilities={level: levels[level] / len(known) for level in LEVELS},
        plausible=_narrowest(levels),
        flags=_usual(c.flags_present() for c in known),
        domains=_usual(c.domains for c in known),
        urgency=_commonest(c.urgency for c in known),
        inappropriate=None,
        reasons=frozenset(),
    )
    notified = [c.notification for c in known if c.notification is not None]
    inappropriate = 2 * sum(not n.appropriate for n in notified) > len(notified)
    reasons = _usual(n.reasons for n in notified if not n.appropriate)

    def predict(contact: LabelledContact) -> Prediction:
        marked = (evidence,) * len(contact.sentences)
        said = replace(usual, evidence=marked, quoted=marked)
        if contact.form is not Form.PPN:
            return said
        told = reasons if inappropriate else frozenset[Reason]()
        return replace(said, inappropriate=inappropriate, reasons=told)

    return predict


class Keywords(RuleFile):
    """The words of ``keywords.yaml``, by code."""

    elements: dict[Element, tuple[str, ...]]
    levels: dict[Level, tuple[str, ...]]
    flags: dict[SafetyFlag, tuple[str, ...]]
    domains: dict[NeedDomain, tuple[str, ...]]
    reasons: dict[Reason, tuple[str, ...]]


@dataclass(frozen=True)
class KeywordBaseline:
    """Says what the words say, without context: 'no knife' is a knife.

    The most serious level whose words stand in the text, early help where none does; met for an
    element with words in two sentences, partly with one; a notification with words of a reason
    and a level below child in need is inappropriate.
    """

    words: Mapping[Hashable, re.Pattern[str]]

    def predict(self, contact: LabelledContact) -> Prediction:
        """Give what the words of the contact say."""
        document = read_document(contact.text)
        found = self._sentences(document, Element)
        evidence = mark_sentences(contact.sentences, found)
        level = max(self._found(contact.text, Level), key=LEVELS.index, default=Level.EARLY_HELP)
        reasons = self._found(contact.text, Reason)
        low = level in (Level.UNIVERSAL, Level.EARLY_HELP)
        inappropriate = bool(reasons) and low if contact.form is Form.PPN else None
        return Prediction(
            status={e: STATUSES[min(len(found[e]), Status.MET.points)] for e in Element},
            evidence=evidence,
            quoted=evidence,
            level=level,
            level_probabilities={},
            plausible=(level,),
            flags=self._found(contact.text, SafetyFlag),
            domains=self._found(contact.text, NeedDomain),
            urgency=_URGENCY[level],
            inappropriate=inappropriate,
            reasons=reasons if inappropriate else frozenset(),
        )

    def _found(self, text: str, codes: Iterable[Code]) -> frozenset[Code]:
        return frozenset(code for code in codes if self.words[code].search(text))

    def _sentences(self, document: Document, codes: Iterable[Code]) -> dict[Code, list[Span]]:
        return {
            code: [
                Span(sentence.start, sentence.end)
                for sentence in document.sentences
                if self.words[code].search(sentence.text)
            ]
            for code in codes
        }


_URGENCY = {
    Level.UNIVERSAL: Urgency.GREEN,
    Level.EARLY_HELP: Urgency.GREEN,
    Level.CHILD_IN_NEED: Urgency.AMBER,
    Level.CHILD_PROTECTION: Urgency.RED,
}


def load_keywords(path: Path = KEYWORDS) -> KeywordBaseline:
    """Give the keyword baseline.

    Raises:
        RulebookError: If the file holds mistakes.
    """
    lists = load_rule_file(path, Keywords)
    fields = (lists.elements, lists.levels, lists.flags, lists.domains, lists.reasons)
    return KeywordBaseline(
        {code: _any_of(words) for field in fields for code, words in field.items()}
    )


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Match any of the words; a trailing ``*`` stands for any ending."""
    options = "|".join(re.escape(word).replace(r"\*", r"\w*") for word in words)
    return re.compile(rf"\b(?:{options})\b" if options else r"(?!)", re.IGNORECASE)


def _commonest(labels: Iterable[Code]) -> Code:
    return Counter(labels).most_common(1)[0][0]


def _usual(cases: Iterable[frozenset[Code]]) -> frozenset[Code]:
    known = tuple(cases)
    counts = Counter(code for case in known for code in case)
    return frozenset(code for code, count in counts.items() if 2 * count > len(known))


def _narrowest(levels: Mapping[Level, int]) -> tuple[Level, ...]:
    """The fewest neighbouring levels that hold the share, the fullest where several do."""
    runs = [LEVELS[i:j] for i in range(len(LEVELS)) for j in range(i + 1, len(LEVELS) + 1)]
    held = {run: sum(levels.get(level, 0) for level in run) for run in runs}
    needed = _PLAUSIBLE_SHARE * sum(levels.values())
    return min((run for run in runs if held[run] >= needed), key=lambda run: (len(run), -held[run]))
