"""Train the TF-IDF reader from labelled contacts, on every author but the held back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.sparse import csr_matrix, vstack

from annotation.labels import LabelledContact
from annotation.splits import refuse_held_back
from models.config import (
    BlockConfig,
    DocumentBlocksConfig,
    HeadConfig,
    SentenceBlocksConfig,
    TfidfConfig,
)
from models.conformal import LevelSets, fit_level_sets
from models.features import (
    DOCUMENT_BLOCKS,
    SENTENCE_BLOCKS,
    SPLIT,
    Block,
    SentenceWords,
    Terms,
    fit_block,
)
from models.fit_status import fit_status
from models.fitting import (
    BESIDE,
    LIKELIER_THAN_NOT,
    Doubles,
    FittedHeads,
    Truth,
    choose_thresholds,
    fit_heads,
)
from models.heads import steps_to_classes
from models.needs import NeedWords, load_need_words
from models.out_of_fold import out_of_fold_figures
from models.tfidf import URGENCIES, TfidfReader, document_rows, named, need_rows, sentence_rows
from models.training_corpus import Label, Numbers, TrainingCorpus, read_corpus, steps
from nlp.domain import LEVELS, Element, NeedDomain, Reason
from nlp.errors import CorpusError
from nlp.reading import Thresholds

# Every family of heads is fitted once for each fold and once on everything; two questions are
# asked of the status of each element.
FAMILIES = ("elements", "level", "certainty", "domains", "urgency", "inappropriate", "reasons")

Step = Callable[[], None]


@dataclass(frozen=True)
class Trained:
    """A reader, with figures on contacts by authors that it had not seen, by measure."""

    reader: TfidfReader
    figures: Mapping[str, float]


def fit_steps(config: TfidfConfig, *, authors: int) -> int:
    """Give about how many times `train_tfidf` calls its *step*, for a progress bar."""
    return (len(FAMILIES) + 2 * len(Element)) * (min(config.folds, authors) + 1)


def fit_tfidf(
    contacts: Sequence[LabelledContact],
    config: TfidfConfig,
    *,
    contrasts: Sequence[LabelledContact] = (),
    seed: int | None = None,
) -> TfidfReader:
    """Give the reader of `train_tfidf` alone; same arguments, same errors."""
    return train_tfidf(contacts, config, contrasts=contrasts, seed=seed).reader


def train_tfidf(
    contacts: Sequence[LabelledContact],
    config: TfidfConfig,
    *,
    contrasts: Sequence[LabelledContact] = (),
    seed: int | None = None,
    weights: Sequence[float] | None = None,
    writers: Sequence[str] | None = None,
    jobs: int = 1,
    step: Step = lambda: None,
) -> Trained:
    """Give a reader trained on *contacts*, with calibration and thresholds from unseen authors.

    Args:
        contacts: labelled contacts by two authors or more.
        config: the training run.
        contrasts: contacts without elements, which teach beside them where the run gives them
            weight (`annotation.contrast_sets`).
        seed: in place of the run's own.
        weights: how much each contact counts, 1 where not given.
        writers: who wrote each, their authors where not given: a term must be used by two.
        jobs: how many processes fit at a time; the reader is the same.
        step: called after each fit; see `fit_steps`.

    Raises:
        CorpusError: If a contact of the dev split is among them, or there is but one author.
    """
    contrasts = config.takes(contrasts)
    refuse_held_back([*contacts, *contrasts])
    authors = len({contact.author for contact in contacts})
    if authors < 2:
        raise CorpusError(f"found contacts by {authors} author; calibration needs two or more")
    corpus = read_corpus(
        contacts, contrasts=contrasts, folds=config.folds, weights=weights, writers=writers
    )
    taught = corpus.beside(contrasts, weight=config.contrasts.weight)
    run = _Run(config, config.seed if seed is None else seed, jobs, step)
    return run.train(corpus, taught)


@dataclass(frozen=True)
class _Run:
    config: TfidfConfig
    seed: int
    jobs: int
    step: Step

    def train(self, corpus: TrainingCorpus, taught: TrainingCorpus) -> Trained:
        """Learn elements from *corpus*, and what is said of a whole contact from *taught*."""
        blocks = fit_blocks(
            SENTENCE_BLOCKS,
            self.config.sentence_blocks,
            [[sentence] for sentence in corpus.sentences],
            corpus.writers_of_sentences,
        )
        rows = sentence_rows(corpus.sentences, blocks)
        elements = self._fit(
            "elements",
            rows,
            corpus.elements,
            corpus.for_sentences(corpus.folds),
            corpus.for_sentences(corpus.weights),
        )
        read = corpus.by_contact(elements.probabilities)
        needs = load_need_words()
        whole_blocks = fit_blocks(
            DOCUMENT_BLOCKS, self.config.document_blocks, taught.words, taught.writers
        )
        fitted = {
            "elements": elements,
            **self._fit_documents(taught, document_rows(taught.words, whole_blocks), needs),
        }
        status, guesses = fit_status(corpus, rows, read, partial(self._fit, "status"))
        thresholds = _choose_thresholds(corpus, fitted)
        reader = TfidfReader(
            name=f"{self.config.name} {self.config.version}",
            thresholds=thresholds,
            known=corpus.known,
            sentence_blocks=blocks,
            document_blocks=whole_blocks,
            needs=needs,
            elements=elements.heads,
            status=status,
            documents={family: fitted[family].heads for family in FAMILIES[1:]},
            level_sets=self._level_sets(corpus, fitted["level"]),
        )
        return Trained(reader, out_of_fold_figures(corpus, reader, fitted, guesses))

    def _fit(
        self,
        family: str,
        rows: csr_matrix,
        truth: Truth,
        folds: Numbers,
        weights: Doubles,
    ) -> FittedHeads:
        chosen: HeadConfig = getattr(self.config, family)
        return fit_heads(
            rows,
            truth,
            folds,
            cost=chosen.cost,
            balance=chosen.balance,
            smoothing=chosen.smoothing,
            emphasis=chosen.emphasis,
            weights=weights,
            seed=self.seed,
            jobs=self.jobs,
            step=self.step,
        )

    def _fit_documents(
        self, corpus: TrainingCorpus, whole: csr_matrix, needs: NeedWords
    ) -> dict[str, FittedHeads]:
        every, ppn = (corpus.folds, corpus.weights), corpus.notified
        notices = whole[ppn], corpus.folds[ppn], corpus.weights[ppn]
        urgency = steps(corpus.urgencies, classes=len(URGENCIES))
        return {
            "level": self._fit_level(corpus, whole),
            "certainty": self._fit("certainty", whole, corpus.certainties, *every),
            "domains": self._fit(
                "domains", need_rows(whole, corpus.words, needs), corpus.domains, *every
            ),
            "urgency": self._fit("urgency", whole, urgency, *every),
            "inappropriate": self._fit_notices(notices, corpus.inappropriate),
            "reasons": self._fit_notices(notices, corpus.reasons),
        }

    def _fit_notices(
        self, notices: tuple[csr_matrix, Numbers, Doubles], truth: Truth
    ) -> FittedHeads:
        rows, folds, weights = notices
        return self._fit("notification", rows, truth, folds, weights)

    def _fit_level(self, corpus: TrainingCorpus, whole: csr_matrix) -> FittedHeads:
        """A contact with a second likely level stands twice, its weight shared between them."""
        second = [contact.alternative_level for contact in corpus.contacts]
        has = np.array([level is not None for level in second])
        share = self.config.soft.alternative_level
        seconds = np.array([LEVELS.index(level) for level in second if level], dtype=np.int64)
        fitted = self._fit(
            "level",
            csr_matrix(vstack([whole, whole[has]], format="csr")),
            steps(np.concatenate([corpus.levels, seconds]), classes=len(LEVELS)),
            np.concatenate([corpus.folds, corpus.folds[has]]),
            np.concatenate(
                [corpus.weights * np.where(has, 1 - share, 1.0), corpus.weights[has] * share]
            ),
        )
        return FittedHeads(fitted.heads, fitted.unseen[: int((corpus.folds != BESIDE).sum())])

    def _level_sets(self, corpus: TrainingCorpus, level: FittedHeads) -> LevelSets:
        return fit_level_sets(
            steps_to_classes(level.probabilities),
            corpus.levels,
            coverage=self.config.plausible.coverage,
            coverage_protection=self.config.plausible.coverage_protection,
        )


def fit_blocks(
    kinds: Mapping[str, Terms],
    config: SentenceBlocksConfig | DocumentBlocksConfig,
    rows: Sequence[Sequence[SentenceWords]],
    writers: Sequence[str],
) -> dict[str, Block]:
    """Fit the block of each kind of term to rows of sentences and who wrote each row."""
    chosen: Mapping[str, BlockConfig] = dict(config)
    return {
        name: fit_block(
            [[term for sentence in row for term in find(sentence)] for row in rows],
            writers,
            weight=chosen[name].weight,
            at_least=chosen[name].at_least,
            split=SPLIT.get(name),
        )
        for name, find in kinds.items()
    }


def _choose_thresholds(corpus: TrainingCorpus, fitted: Mapping[str, FittedHeads]) -> Thresholds:
    def choose(labels: type[Label], family: str, truth: Truth) -> dict[Label, float]:
        return named(labels, np.array(choose_thresholds(fitted[family].probabilities, truth)))

    notice = fitted["inappropriate"].probabilities
    return Thresholds(
        elements=choose(Element, "elements", corpus.elements),
        domains=choose(NeedDomain, "domains", corpus.domains),
        reasons=choose(Reason, "reasons", corpus.reasons),
        inappropriate=choose_thresholds(notice, corpus.inappropriate, lowest=LIKELIER_THAN_NOT)[0],
    )
