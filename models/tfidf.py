"""The TF-IDF reader: reads a contact with counted words and linear models.

Sentences are read first; what they say of each element, weighed by how likely they are to say it,
is read for the element's status; level, needs, urgency and the rest are read from the words of the
whole contact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

import numpy as np
from scipy.sparse import csr_matrix, hstack

from models.conformal import LevelSets
from models.features import (
    DOCUMENT_BLOCKS,
    SENTENCE_BLOCKS,
    Block,
    SentenceWords,
    read_words,
)
from models.heads import Floats, Heads, logistic, steps_to_classes
from models.needs import NeedWords, weigh
from models.needs import share_out as share_needs
from models.term_memory import Found, TermMemory
from nlp.assessment import FlagFinding
from nlp.domain import (
    LEVELS,
    STATUSES,
    Certainty,
    Contact,
    Document,
    Element,
    Form,
    NeedDomain,
    Reason,
    Urgency,
)
from nlp.reading import Reading, SentenceReading, Thresholds

Label = TypeVar("Label", bound=StrEnum)

# Urgency and level are read in steps: at least amber, at least red; at least level 2, 3, 4.
URGENCIES = (Urgency.GREEN, Urgency.AMBER, Urgency.RED)
ELEMENT_NUMBERS = 7
LEAST_EVIDENCE = 0.1


@dataclass(frozen=True)
class StatusHeads:
    """Two questions for each element: is it there at all, and if so is it met?

    ``words`` (F x 32) reads the sentences, ``numbers`` (16 x 7 x 2) what they were read as; both
    are ordered by element, then question.
    """

    words: Floats
    numbers: Floats
    intercept: Floats
    slope: Floats
    offset: Floats

    def read(self, sentences: csr_matrix, probabilities: Floats) -> Floats:
        """Give the probability of each status of each element, 16 x 3."""
        said = np.asarray(sentences @ self.words)  # sentences x 32
        weights = evidence_weights(probabilities)  # sentences x 16
        margins = np.einsum(
            "se,seq->eq", weights, said.reshape(len(said), len(Element), 2), optimize=False
        )
        margins += np.einsum("en,enq->eq", element_numbers(probabilities), self.numbers)
        margins = (margins + self.intercept) * self.slope + self.offset
        return status_shares(logistic(margins))


@dataclass(frozen=True)
class TfidfReader:
    """Everything fitted; see `models.train.fit_tfidf`, which makes one.

    ``documents`` holds the heads read from the whole contact: level (3 steps), urgency (2 steps),
    certainty, domains, inappropriate and reasons.
    """

    name: str
    thresholds: Thresholds
    known: frozenset[str]
    sentence_blocks: Mapping[str, Block]
    document_blocks: Mapping[str, Block]
    needs: NeedWords
    elements: Heads
    status: StatusHeads
    documents: Mapping[str, Heads]
    level_sets: LevelSets

    def read(
        self, contact: Contact, document: Document, _ruled: Sequence[FlagFinding] = (), /
    ) -> Reading:
        """Read one contact, already split into *document*'s sentences."""
        words = read_words(document, known=self.known)
        found = self._memory.find(words)
        sentences = found_rows(found, self.sentence_blocks)
        elements = self.elements.probabilities(sentences)
        status = self.status.read(sentences, elements)
        counts = count_sentences(found, self.document_blocks)
        whole = weigh_whole(counts, self.document_blocks)
        named_needs = self.needs.count(words)
        row = csr_matrix(weigh(named_needs.sum(axis=0)))
        needs = csr_matrix(hstack([whole, row], format="csr"))
        level = steps_to_classes(self._ask("level", whole))[0]
        ppn = contact.form is Form.PPN
        return Reading(
            sentences=tuple(SentenceReading(named(Element, row)) for row in elements),
            status={e: named(STATUSES, row) for e, row in zip(Element, status, strict=True)},
            level=named(LEVELS, level),
            plausible=self.level_sets.plausible(level),
            certainty=named(Certainty, shares(self._ask("certainty", whole)[0])),
            domains=named(NeedDomain, self._ask("domains", needs)[0]),
            urgency=named(URGENCIES, steps_to_classes(self._ask("urgency", whole))[0]),
            inappropriate=float(self._ask("inappropriate", whole)[0, 0]) if ppn else None,
            reasons=named(Reason, self._ask("reasons", whole)[0]) if ppn else {},
            weights=self._weigh_needs(share_out(counts, whole), share_needs(named_needs)),
        )

    @cached_property
    def _memory(self) -> TermMemory:
        return TermMemory(self.sentence_blocks, self.document_blocks)

    def _weigh_needs(self, terms: csr_matrix, needs: Floats) -> dict[NeedDomain, list[float]]:
        """Give what each sentence adds to the log-odds of each domain.

        *terms* and *needs* are the sentences' shares of the contact's features. The score is a sum
        over features, so what the sentences add is, with the intercept, all of it.
        """
        head = self.documents["domains"]
        split = terms.shape[1]
        added = terms @ head.coef[:split] + needs @ head.coef[split:]
        return dict(zip(NeedDomain, (added * head.slope).T.tolist(), strict=True))

    def _ask(self, head: str, rows: csr_matrix) -> Floats:
        return self.documents[head].probabilities(rows)


def sentence_rows(words: tuple[SentenceWords, ...], blocks: Mapping[str, Block]) -> csr_matrix:
    """Give the features of each sentence, a row each."""
    counted = [
        blocks[name].transform([terms(s) for s in words]) for name, terms in SENTENCE_BLOCKS.items()
    ]
    return csr_matrix(hstack(counted, format="csr"))


def found_rows(found: Sequence[Found], blocks: Mapping[str, Block]) -> csr_matrix:
    """Give the rows of `sentence_rows` of sentences whose terms were found."""
    counted = [
        blocks[name].weigh(blocks[name].tally([f.own[name] for f in found]))
        for name in SENTENCE_BLOCKS
    ]
    return csr_matrix(hstack(counted, format="csr"))


def document_rows(
    words: Sequence[Sequence[SentenceWords]], blocks: Mapping[str, Block]
) -> csr_matrix:
    """Give the features of each contact, a row each."""
    counted = [
        blocks[name].transform([[t for s in sentences for t in terms(s)] for sentences in words])
        for name, terms in DOCUMENT_BLOCKS.items()
    ]
    return csr_matrix(hstack(counted, format="csr"))


def count_sentences(found: Sequence[Found], blocks: Mapping[str, Block]) -> csr_matrix:
    """Count what each sentence gives to the words of the whole contact, a row each."""
    counted = [blocks[name].tally([f.whole[name] for f in found]) for name in DOCUMENT_BLOCKS]
    return csr_matrix(hstack(counted, format="csr"))


def weigh_whole(counts: csr_matrix, blocks: Mapping[str, Block]) -> csr_matrix:
    """Give the features of the contact whose sentences were counted: one row of `document_rows`."""
    together = csr_matrix(np.ones((1, counts.shape[0]), dtype=np.float32)) @ counts
    together.sort_indices()
    ends = np.cumsum([0, *(len(blocks[name].vocabulary) for name in DOCUMENT_BLOCKS)])
    weighed = [
        blocks[name].weigh(together[:, start:end])
        for name, start, end in zip(DOCUMENT_BLOCKS, ends[:-1], ends[1:], strict=True)
    ]
    return csr_matrix(hstack(weighed, format="csr"))


def share_out(counts: csr_matrix, whole: csr_matrix) -> csr_matrix:
    """Share the features of a contact (1 x F) among its sentences, by how often each has the term.

    The rows add up to *whole*.
    """
    times = np.bincount(counts.indices, counts.data, minlength=counts.shape[1])
    once = np.zeros(counts.shape[1], dtype=np.float32)
    once[whole.indices] = whole.data / times[whole.indices]
    data = counts.data * once[counts.indices]
    return csr_matrix((data, counts.indices, counts.indptr), shape=counts.shape)


def need_rows(
    whole: csr_matrix, words: Sequence[Sequence[SentenceWords]], needs: NeedWords
) -> csr_matrix:
    """Give the features that need domains are read from: a contact's, and what needs are called."""
    return csr_matrix(hstack([whole, needs.transform(words)], format="csr"))


def evidence_weights(elements: Floats) -> Floats:
    """Give each sentence's share in what is said of an element, sentences x 16.

    The squares let sentences that surely speak of it drown those that might, and those that hardly
    could have none; a little is added to the sum, so that an element which no sentence speaks of
    gets little weight in all.
    """
    squares = np.where(elements < LEAST_EVIDENCE, 0, elements**2)
    return np.asarray(squares / (squares.sum(axis=0) + 0.25), dtype=np.float32)


def status_shares(answers: Floats) -> Floats:
    """Turn 'is it there?' and 'if so, is it met?', n x 2, into the three statuses, n x 3."""
    there, met = answers[:, 0], answers[:, 1]
    return np.stack([1 - there, there * (1 - met), there * met], axis=1)


def element_numbers(elements: Floats) -> Floats:
    """Give for each element how sure its best sentences are, 16 x 7."""
    best = np.zeros((3, elements.shape[1]), dtype=np.float32)
    ordered = -np.sort(-elements, axis=0)[:3]
    best[: len(ordered)] = ordered
    total = elements.sum(axis=0)
    nowhere = np.log(np.clip(1 - elements, 1e-4, 1)).sum(axis=0)
    return np.stack(
        [
            *best,
            np.log1p(total),
            np.log1p((elements > 0.5).sum(axis=0)),
            np.exp(nowhere),
            np.log(np.clip(best[0], 1e-3, 1)) / 3,
        ],
        axis=1,
    ).astype(np.float32)


def shares(probabilities: Floats) -> Floats:
    """Bring the answers to one question each for every label to a sum of 1."""
    return np.asarray(probabilities / probabilities.sum(axis=-1, keepdims=True))


def named(labels: type[Label] | tuple[Label, ...], values: Floats) -> dict[Label, float]:
    """Give each label its value."""
    return dict(zip(labels, values.tolist(), strict=True))
