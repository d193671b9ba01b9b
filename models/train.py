"""Train the TF-IDF reader from labelled contacts, on every author but the held back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack, vstack

from annotation.agreement import macro_f1, quadratic_kappa
from annotation.labels import LabelledContact
from annotation.splits import refuse_held_back
from models.config import BlockConfig, HeadConfig, TfidfConfig
from models.conformal import LevelSets, fit_level_sets
from models.features import (
    DOCUMENT_BLOCKS,
    SENTENCE_BLOCKS,
    Block,
    SentenceWords,
    fit_block,
    read_words,
)
from models.fitting import FittedHeads, Truth, choose_thresholds, fit_heads, group_authors
from models.heads import Floats, Heads, steps_to_classes
from models.tfidf import (
    ELEMENT_NUMBERS,
    URGENCIES,
    StatusHeads,
    TfidfReader,
    document_rows,
    element_numbers,
    evidence_weights,
    named,
    sentence_rows,
    status_shares,
)
from models.words import find_known
from nlp.document import read_document
from nlp.domain import LEVELS, Certainty, Document, Element, NeedDomain, Reason, Status
from nlp.errors import CorpusError
from nlp.reading import Thresholds

Label = TypeVar("Label", bound=StrEnum)
Step = Callable[[], None]


@dataclass(frozen=True)
class Trained:
    """A reader, with figures on contacts by authors that it had not seen, by measure."""

    reader: TfidfReader
    figures: Mapping[str, float]


@dataclass(frozen=True)
class _Corpus:
    """Contacts as the reader will meet them: read from their text alone, then given labels."""

    contacts: tuple[LabelledContact, ...]
    words: list[tuple[SentenceWords, ...]]
    known: frozenset[str]
    folds: npt.NDArray[np.int64]

    @property
    def authors(self) -> list[str]:
        return [contact.author for contact in self.contacts]

    @property
    def ends(self) -> npt.NDArray[np.int64]:
        """Where each contact's sentences end among all sentences."""
        return np.cumsum([len(sentences) for sentences in self.words])

    def by_contact(self, rows: Floats) -> list[Floats]:
        """Part sentence rows by contact."""
        return np.split(rows, self.ends[:-1])

    def for_sentences(self, values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Repeat a contact's value for each of its sentences."""
        return np.repeat(values, [len(sentences) for sentences in self.words])


def fit_steps(config: TfidfConfig, *, authors: int) -> int:
    """Give how many times `fit_tfidf` calls its *step*, for a progress bar."""
    families = 1 + 2 * len(Element) + 6
    return families * (min(config.folds, authors) + 1)


def fit_tfidf(
    contacts: Sequence[LabelledContact],
    config: TfidfConfig,
    *,
    seed: int | None = None,
    step: Step = lambda: None,
) -> TfidfReader:
    """Give the reader of `train_tfidf` alone; same arguments, same errors."""
    return train_tfidf(contacts, config, seed=seed, step=step).reader


def train_tfidf(
    contacts: Sequence[LabelledContact],
    config: TfidfConfig,
    *,
    seed: int | None = None,
    step: Step = lambda: None,
) -> Trained:
    """Give a reader trained on *contacts*, with calibration and thresholds from unseen authors.

    Args:
        contacts: labelled contacts by two authors or more.
        config: the training run.
        seed: in place of the run's own.
        step: called after each fit; see `fit_steps`.

    Raises:
        CorpusError: If a contact of the dev split is among them, or there is but one author.
    """
    refuse_held_back(contacts)
    if len({contact.author for contact in contacts}) < 2:
        raise CorpusError("found contacts by fewer than two authors; calibration needs two or more")
    run = _Run(config, config.seed if seed is None else seed, step)
    documents = [read_document(contact.text) for contact in contacts]
    corpus = _read_corpus(tuple(contacts), documents, folds=config.folds)
    return run.fit(corpus, documents)


def align_elements(contact: LabelledContact, document: Document) -> list[frozenset[Element]]:
    """Give the labelled elements of each sentence that the product reads.

    A sentence has the labels of every labelled stretch that it shares more than half of the
    shorter of the two with.
    """
    found = []
    for sentence in document.sentences:
        elements: set[Element] = set()
        for labelled in contact.sentences:
            shared = min(sentence.end, labelled.end) - max(sentence.start, labelled.start)
            shorter = min(sentence.end - sentence.start, labelled.end - labelled.start)
            if shared * 2 > shorter:
                elements |= labelled.elements
        found.append(frozenset(elements))
    return found


def _read_corpus(
    contacts: tuple[LabelledContact, ...], documents: list[Document], *, folds: int
) -> _Corpus:
    known = find_known(
        (contact.text for contact in contacts),
        names=(person for contact in contacts for person in contact.people),
    )
    return _Corpus(
        contacts,
        [read_words(document, known=known) for document in documents],
        known,
        group_authors([contact.author for contact in contacts], folds=folds),
    )


@dataclass(frozen=True)
class _Run:
    config: TfidfConfig
    seed: int
    step: Step

    def fit(self, corpus: _Corpus, documents: list[Document]) -> Trained:
        sentences = [sentence for words in corpus.words for sentence in words]
        authors = np.repeat(corpus.authors, [len(words) for words in corpus.words]).tolist()
        blocks = _fit_blocks(self.config.sentence_blocks, SENTENCE_BLOCKS, sentences, authors)
        rows = sentence_rows(tuple(sentences), blocks)
        tagged = [
            elements
            for contact, document in zip(corpus.contacts, documents, strict=True)
            for elements in align_elements(contact, document)
        ]
        truth = _truth(Element, tagged)
        elements = self._heads("elements", rows, truth, corpus.for_sentences(corpus.folds))
        read = corpus.by_contact(elements.probabilities)
        whole_blocks = _fit_document_blocks(self.config, corpus)
        whole = document_rows(corpus.words, read, whole_blocks)
        heads = self._fit_documents(corpus, whole)
        status, figures = self._fit_status(corpus, rows, read)
        reader = TfidfReader(
            name=f"{self.config.name} {self.config.version}",
            thresholds=_thresholds(corpus, elements, truth, heads),
            known=corpus.known,
            sentence_blocks=blocks,
            document_blocks=whole_blocks,
            elements=elements.heads,
            status=status,
            documents={name: fitted.heads for name, fitted in heads.items()},
            level_sets=self._level_sets(corpus, heads["level"]),
        )
        return Trained(reader, _figures(corpus, reader, elements, truth, heads) | figures)

    def _level_sets(self, corpus: _Corpus, level: FittedHeads) -> LevelSets:
        levels = _levels(corpus)
        return fit_level_sets(
            steps_to_classes(level.probabilities[: len(levels)]),
            levels,
            coverage=self.config.plausible.coverage,
            coverage_protection=self.config.plausible.coverage_protection,
        )

    def _heads(
        self,
        family: str,
        rows: csr_matrix,
        truth: Truth,
        folds: npt.NDArray[np.int64],
        weights: npt.NDArray[np.float64] | None = None,
    ) -> FittedHeads:
        chosen: HeadConfig = getattr(self.config, family)
        return fit_heads(
            rows,
            truth,
            folds,
            cost=chosen.cost,
            balance=chosen.balance,
            weights=weights,
            seed=self.seed,
            step=self.step,
        )

    def _fit_documents(self, corpus: _Corpus, whole: csr_matrix) -> dict[str, FittedHeads]:
        ppn = _notified(corpus)
        folds = corpus.folds
        certainty = _truth(Certainty, [frozenset({c.certainty}) for c in corpus.contacts])
        urgency = _urgencies(corpus)
        notified = whole[ppn], folds[ppn]
        return {
            "level": self._fit_level(corpus, whole),
            "certainty": self._heads("certainty", whole, certainty, folds),
            "domains": self._heads("domains", whole, _domains(corpus), folds),
            "urgency": self._heads("urgency", whole, _at_least(urgency, len(URGENCIES)), folds),
            "inappropriate": self._heads(
                "notification", notified[0], _inappropriate(corpus)[ppn], notified[1]
            ),
            "reasons": self._heads("notification", notified[0], _reasons(corpus)[ppn], notified[1]),
        }

    def _fit_level(self, corpus: _Corpus, whole: csr_matrix) -> FittedHeads:
        """A contact with a second likely level stands twice, its weight shared between them."""
        second = [contact.alternative_level for contact in corpus.contacts]
        has = np.array([level is not None for level in second])
        share = self.config.soft.alternative_level
        levels = [contact.level for contact in corpus.contacts]
        numbers = np.array([LEVELS.index(level) for level in [*levels, *filter(None, second)]])
        return self._heads(
            "level",
            vstack([whole, whole[has]], format="csr"),
            _at_least(numbers, len(LEVELS)),
            np.concatenate([corpus.folds, corpus.folds[has]]),
            np.concatenate([np.where(has, 1 - share, 1.0), np.full(has.sum(), share)]),
        )

    def _fit_status(
        self, corpus: _Corpus, rows: csr_matrix, read: list[Floats]
    ) -> tuple[StatusHeads, dict[str, float]]:
        shape = len(Element), 2
        words = np.zeros((rows.shape[1], *shape), dtype=np.float32)
        numbers = np.zeros((len(Element), ELEMENT_NUMBERS, 2), dtype=np.float32)
        intercept, slope, offset = (np.zeros(shape, dtype=np.float32) for _ in range(3))
        scores = []
        for e, element in enumerate(Element):
            unseen = np.zeros((len(read), 2), dtype=np.float32)
            whole = _status_rows(corpus, rows, read, e)
            status = [contact.status[element] for contact in corpus.contacts]
            there = np.array([s is not Status.MISSING for s in status])
            met = np.array([s is Status.MET for s in status])
            for q, (asked, answer) in enumerate(((np.ones_like(there), there), (there, met))):
                if not asked.any():  # never there: 'met' is never asked
                    continue
                fitted = self._heads(
                    "status", whole[asked], answer[asked][:, None], corpus.folds[asked]
                )
                heads = fitted.heads
                # Where an element is missing 'met' was never asked, so its answer is not unseen
                # by right; it is by fact, for those contacts trained no 'met'.
                unseen[:, q] = heads.probabilities(whole)[:, 0]
                unseen[asked, q] = fitted.probabilities[:, 0]
                words[:, e, q] = heads.coef[: rows.shape[1], 0]
                numbers[e, :, q] = heads.coef[rows.shape[1] :, 0]
                intercept[e, q], slope[e, q] = heads.intercept[0], heads.slope[0]
                offset[e, q] = heads.offset[0]
            guess = np.argmax(status_shares(unseen), axis=1)
            scores.append(macro_f1(guess, np.where(there, np.where(met, 2, 1), 0)))
        reader = StatusHeads(words.reshape(rows.shape[1], -1), numbers, intercept, slope, offset)
        return reader, {"element status, mean macro-F1": float(np.mean(scores))}


def _status_rows(corpus: _Corpus, rows: csr_matrix, read: list[Floats], element: int) -> csr_matrix:
    """What is said of one element, by contact: its sentences' words, weighed, and its numbers."""
    weights = np.concatenate([evidence_weights(p)[:, element] for p in read])
    of = np.repeat(np.arange(len(read)), [len(p) for p in read])
    gather = csr_matrix((weights, (of, np.arange(len(weights)))), shape=(len(read), len(weights)))
    numbers = np.stack([element_numbers(p)[element] for p in read])
    gather.eliminate_zeros()
    return hstack([gather @ rows, csr_matrix(numbers)], format="csr").astype(np.float32)


def _fit_blocks(
    config: object,
    terms: Mapping[str, Callable[[SentenceWords], list[str]]],
    sentences: list[SentenceWords],
    authors: list[str],
) -> dict[str, Block]:
    return {
        name: _fit_block(getattr(config, name), [find(s) for s in sentences], authors)
        for name, find in terms.items()
    }


def _fit_document_blocks(config: TfidfConfig, corpus: _Corpus) -> dict[str, Block]:
    return {
        name: _fit_block(
            getattr(config.document_blocks, name),
            [[term for s in sentences for term in find(s)] for sentences in corpus.words],
            corpus.authors,
        )
        for name, find in DOCUMENT_BLOCKS.items()
    }


def _fit_block(config: BlockConfig, rows: list[list[str]], authors: list[str]) -> Block:
    return fit_block(rows, authors, weight=config.weight, at_least=config.at_least)


def _truth(labels: type[Label], marked: Sequence[frozenset[Label]]) -> Truth:
    return np.array([[label in given for label in labels] for given in marked])


def _at_least(numbers: npt.NDArray[np.int64], classes: int) -> Truth:
    return numbers[:, None] >= np.arange(1, classes)


def _domains(corpus: _Corpus) -> Truth:
    return _truth(NeedDomain, [contact.domains for contact in corpus.contacts])


def _inappropriate(corpus: _Corpus) -> Truth:
    notified = [contact.notification for contact in corpus.contacts]
    return np.array([[n is not None and not n.appropriate] for n in notified])


def _reasons(corpus: _Corpus) -> Truth:
    notified = [contact.notification for contact in corpus.contacts]
    return _truth(Reason, [n.reasons if n else frozenset() for n in notified])


def _levels(corpus: _Corpus) -> npt.NDArray[np.int64]:
    return np.array([LEVELS.index(contact.level) for contact in corpus.contacts])


def _notified(corpus: _Corpus) -> npt.NDArray[np.bool_]:
    return np.array([contact.notification is not None for contact in corpus.contacts])


def _thresholds(
    corpus: _Corpus, elements: FittedHeads, truth: Truth, heads: Mapping[str, FittedHeads]
) -> Thresholds:
    ppn = _notified(corpus)
    inappropriate = heads["inappropriate"].probabilities, _inappropriate(corpus)[ppn]
    return Thresholds(
        elements=_choose(Element, elements, truth),
        domains=_choose(NeedDomain, heads["domains"], _domains(corpus)),
        reasons=_choose(Reason, heads["reasons"], _reasons(corpus)[ppn]),
        inappropriate=choose_thresholds(*inappropriate)[0],
    )


def _choose(labels: type[Label], fitted: FittedHeads, truth: Truth) -> dict[Label, float]:
    return named(labels, np.array(choose_thresholds(fitted.probabilities, truth)))


def _figures(
    corpus: _Corpus,
    reader: TfidfReader,
    elements: FittedHeads,
    truth: Truth,
    heads: Mapping[str, FittedHeads],
) -> dict[str, float]:
    """Figures of the out-of-fold answers that thresholds and calibration were fitted on."""
    levels, ppn = _levels(corpus), _notified(corpus)
    level = steps_to_classes(heads["level"].probabilities[: len(levels)])
    likely = np.argmax(level, axis=1)
    sets = [reader.level_sets.plausible(row) for row in level]
    urgency = np.argmax(steps_to_classes(heads["urgency"].probabilities), axis=1)
    protection = levels == len(LEVELS) - 1
    chosen = reader.thresholds
    return {
        "sentence elements, micro-F1": _f1(elements, truth, chosen.elements.values()),
        "level, quadratic kappa": quadratic_kappa(likely, levels, classes=len(LEVELS)),
        "level, accuracy": float(np.mean(likely == levels)),
        "level, recall of child_protection": float(
            np.mean(likely[protection] == levels[protection])
        ),
        "plausible sets, mean number of levels": float(np.mean([len(each) for each in sets])),
        "need domains, micro-F1": _f1(heads["domains"], _domains(corpus), chosen.domains.values()),
        "urgency, macro-F1": macro_f1(urgency, _urgencies(corpus)),
        "inappropriate PPN, F1": _f1(
            heads["inappropriate"], _inappropriate(corpus)[ppn], [chosen.inappropriate]
        ),
        "PPN reasons, micro-F1": _f1(
            heads["reasons"], _reasons(corpus)[ppn], chosen.reasons.values()
        ),
    }


def _f1(fitted: FittedHeads, truth: Truth, thresholds: Iterable[float]) -> float:
    marked = fitted.probabilities >= np.array([*thresholds])
    total = marked.sum() + truth.sum()
    return float(2 * (marked & truth).sum() / total) if total else 1.0


def _urgencies(corpus: _Corpus) -> npt.NDArray[np.int64]:
    return np.array([URGENCIES.index(contact.urgency) for contact in corpus.contacts])
