"""Fit where sentences begin in writing without full stops: ``python -m models.run_ons``.

Run-ons are few, so most lessons are the corpus' own sentences set one after another without their
stops: in small letters, and with their capitals except at the start. Run-ons as they were written
are added, and count for more. What is printed was read by weights fitted without the author.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from annotation.corpus import load_train
from annotation.labels import LabelledContact
from annotation.splits import leave_one_author_out
from nlp.run_ons import (
    FEWEST_WORDS,
    NUMBER,
    RUN_ONS,
    RunOnModel,
    RunOnSplitter,
    describe_gaps,
    to_kinds,
    to_plain,
)
from nlp.text import normalise

WORDS = Path(__file__).parent / "run_on_words.toml"

# Chosen with authors left out, of costs 0.01 to 0.2 and importances 5 to 100.
COST = 0.1
RUN_ON_IMPORTANCE = 40.0
# A word is common, a feature is kept, and a weight is worth a place in the file from here. With
# authors left out 60 boundaries are found and 27 are false; at a least weight of 0.3, 47 and 19.
FEWEST_USES = 25
FEWEST_GAPS = 30
LEAST_WEIGHT = 0.2
# Headings and labels ('CONSENT', 'DASH: medium') are no part of a run-on.
_FEWEST_LESSON_WORDS = 3

_ENDINGS = ("ing", "ed", "ly", "s")
_STOPS = ".!?"
_CLOSERS = "\"')]"


@dataclass(frozen=True)
class Stretch:
    """Words in a row, and the positions of those that begin a sentence."""

    words: Sequence[str]
    starts: frozenset[int]
    importance: float = 1.0


def fit(contacts: Sequence[LabelledContact], chosen: Mapping[str, str]) -> RunOnModel:
    """Give the model fitted on *contacts*; *chosen* are the words of the kinds set by hand."""
    kinds = _kinds_of_common_words(contacts, chosen)
    stretches = [stretch for contact in contacts for stretch in _lessons(contact)]
    features, columns = _to_matrix(stretches, to_kinds(kinds))
    begins = [n in s.starts for s in stretches for n in range(1, len(s.words))]
    importance = np.repeat([s.importance for s in stretches], [len(s.words) - 1 for s in stretches])
    heads = LogisticRegression(C=COST, solver="liblinear", tol=1e-2, random_state=0)
    heads.fit(features, begins, sample_weight=importance)
    weights: dict[str, dict[str, float]] = {place: {} for place, _ in columns}
    for (place, value), weight in sorted(zip(columns, heads.coef_[0], strict=True)):
        if abs(weight) >= LEAST_WEIGHT:
            weights[place][value] = round(float(weight), 2)
    return RunOnModel(kinds=kinds, intercept=round(float(heads.intercept_[0]), 2), weights=weights)


def _kinds_of_common_words(
    contacts: Sequence[LabelledContact], chosen: Mapping[str, str]
) -> dict[str, str]:
    """The words of each kind: those chosen, and every other common word by its ending.

    A person's name is never common, so that another name makes no other sentences.
    """
    names = {to_plain(n) for contact in contacts for p in contact.people for n in p.split()}
    counts = Counter(to_plain(word) for contact in contacts for word in contact.text.split())
    kinds = {kind: words.split() for kind, words in chosen.items()}
    taken = names.union(*kinds.values())
    for word in sorted(word for word, count in counts.items() if count >= FEWEST_USES):
        if word not in taken:
            kinds.setdefault(_kind_by_ending(word), []).append(word)
    return {kind: " ".join(words) for kind, words in kinds.items()}


def _kind_by_ending(word: str) -> str:
    if word[0] == NUMBER:
        return NUMBER
    return next((ending for ending in _ENDINGS if word.endswith(ending)), "other")


def run_ons(contact: LabelledContact) -> Iterator[Stretch]:
    """Give the stretches of *contact* that a splitter is asked about, as they were written."""
    plain, spans = _normalise(contact)
    starts = {start for start, _ in spans}
    for line in re.finditer(r"[^\n]+", plain):
        words = [(line.start() + w.start(), w.group()) for w in re.finditer(r"\S+", line.group())]
        ends = [n for n, (_, word) in enumerate(words, 1) if word.rstrip(_CLOSERS)[-1:] in _STOPS]
        last = words[ends[-1] if ends else 0 :]
        if len(last) >= FEWEST_WORDS:
            begins = frozenset(n for n, (where, _) in enumerate(last) if where in starts)
            yield Stretch([word for _, word in last], begins, RUN_ON_IMPORTANCE)


def _normalise(contact: LabelledContact) -> tuple[str, list[tuple[int, int]]]:
    """The normalised text, and where its labelled sentences start and end in it."""
    plain = normalise(contact.text)
    bounds = ((sentence.start, sentence.end) for sentence in contact.sentences)
    spans = [(bisect_left(plain.starts, s), bisect_left(plain.starts, e)) for s, e in bounds]
    return plain.text, spans


def _lessons(contact: LabelledContact) -> Iterator[Stretch]:
    yield from run_ons(contact)
    plain, spans = _normalise(contact)
    sentences = [plain[start:end].split() for start, end in spans]
    names = {word for words in sentences for word in words[1:] if word[0].isupper()}
    group: list[list[str]] = []
    for words in [*sentences, []]:
        if len(words) >= _FEWEST_LESSON_WORDS and not " ".join(words).isupper():
            group.append(_without_stops(words))
        elif group:
            yield _join([[word.lower() for word in words] for words in group])
            yield _join([_without_capital(words, names) for words in group])
            group = []


def _without_stops(words: Sequence[str]) -> list[str]:
    return [bare for word in words if (bare := word.rstrip(_STOPS))]


def _without_capital(words: Sequence[str], names: Container[str]) -> list[str]:
    """The words, the first in small letters unless it is a name."""
    return [words[0] if words[0] in names else words[0].lower(), *words[1:]]


def _join(group: Sequence[Sequence[str]]) -> Stretch:
    starts = np.cumsum([0, *(len(words) for words in group)])
    return Stretch([word for words in group for word in words], frozenset(starts.tolist()))


def _to_matrix(
    stretches: Sequence[Stretch], kind_of: Mapping[str, str]
) -> tuple[csr_matrix, list[tuple[str, str]]]:
    """The features of every gap, gaps x features, and what each feature is."""
    numbers: dict[tuple[str, str], int] = {}
    columns, width = array("i"), 0
    for stretch in stretches:
        places = describe_gaps(stretch.words, kind_of)
        width = len(places)
        for values in zip(*places.values(), strict=True):
            features = zip(places, values, strict=True)
            columns.extend(numbers.setdefault(feature, len(numbers)) for feature in features)
    found: npt.NDArray[np.int32] = np.frombuffer(columns, dtype=np.int32)
    rows = len(found) // width
    bounds = np.arange(0, len(found) + 1, width, dtype=np.int32)
    matrix = csr_matrix(
        (np.ones(len(found), dtype=np.float32), found, bounds), shape=(rows, len(numbers))
    )
    often = np.flatnonzero(np.bincount(found, minlength=len(numbers)) >= FEWEST_GAPS)
    names = list(numbers)
    return matrix[:, often], [names[column] for column in often]


def main() -> None:
    """Say how each author's run-ons are read by weights of the others; fit and write the file."""
    contacts, chosen = load_train(), tomllib.loads(WORDS.read_text(encoding="utf-8"))["kinds"]
    folds = list(leave_one_author_out(contacts))
    lines = ["author  found  false  missed"]
    for fold in tqdm(folds, desc="leaving authors out"):
        found, false, missed = count(RunOnSplitter(fit(fold.train, chosen)), fold.test)
        lines.append(f"{fold.authors[0]:6}{found:7}{false:7}{missed:8}")
    write(fit(contacts, chosen), RUN_ONS)
    sys.stdout.write("\n".join([*lines, ""]))


def count(splitter: RunOnSplitter, contacts: Iterable[LabelledContact]) -> tuple[int, int, int]:
    """How many boundaries *splitter* finds in the run-ons of *contacts*, are false, and it misses.

    Quotations are not left whole here, as they are when a contact is read.
    """
    found = false = missed = 0
    for stretch in (stretch for contact in contacts for stretch in run_ons(contact)):
        read, true = set(splitter.find_starts(stretch.words)), stretch.starts - {0}
        found += len(read & true)
        false += len(read - true)
        missed += len(true - read)
    return found, false, missed


def write(model: RunOnModel, path: Path) -> None:
    """Write *model* to *path*, a line for each place."""
    weights = ",\n".join(
        f"{json.dumps(place)}: {json.dumps(values, ensure_ascii=False)}"
        for place, values in model.weights.items()
    )
    head = json.dumps({"kinds": dict(model.kinds), "intercept": model.intercept}, indent=1)
    path.write_text(f'{head[:-2]},\n "weights": {{\n{weights}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
