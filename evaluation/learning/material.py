"""Contacts that are read and counted once, and trained on in many combinations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from scipy.sparse import csr_matrix

from annotation.labels import LabelledContact
from annotation.splits import group_authors
from models.config import TfidfConfig
from models.features import DOCUMENT_BLOCKS, SENTENCE_BLOCKS, SentenceWords, read_words
from models.tfidf import document_rows, sentence_rows
from models.train import fit_blocks
from models.training_corpus import TrainingCorpus, read_corpus
from nlp.document import read_document


@dataclass(frozen=True)
class Rows:
    """Features of contacts: a row for each sentence, and one for each contact."""

    sentences: csr_matrix
    whole: csr_matrix


class Material:
    """What may be trained on, and the features that its words give to any contact.

    Terms and their frequencies come from the texts of all *contacts*, labelled yet or not: a
    council has its texts before it has labels.
    """

    def __init__(
        self, contacts: Sequence[LabelledContact], groups: Sequence[str], config: TfidfConfig
    ) -> None:
        """Groups are whose contact each is: terms of one alone and folds go by them."""
        self._config = config
        self._groups = np.array(groups)
        self._corpus = corpus = read_corpus(contacts, folds=config.folds)
        sizes = [len(sentences) for sentences in corpus.words]
        self._first = np.concatenate([[0], np.cumsum(sizes)])
        by_sentence = [g for g, size in zip(groups, sizes, strict=True) for _ in range(size)]
        self._sentence_blocks = fit_blocks(
            SENTENCE_BLOCKS,
            config.sentence_blocks,
            [[sentence] for sentence in corpus.sentences],
            by_sentence,
        )
        self._document_blocks = fit_blocks(
            DOCUMENT_BLOCKS, config.document_blocks, corpus.words, groups
        )
        self._rows = self._count(corpus.words)

    def take(self, numbers: Sequence[int], weights: Sequence[float]) -> tuple[TrainingCorpus, Rows]:
        """Give the contacts of these numbers, each with how much it counts, and their features."""
        corpus = self._corpus
        sentences = [range(self._first[n], self._first[n + 1]) for n in numbers]
        taken = TrainingCorpus(
            contacts=tuple(corpus.contacts[n] for n in numbers),
            words=tuple(corpus.words[n] for n in numbers),
            tagged=tuple(corpus.tagged[s] for s in chain.from_iterable(sentences)),
            known=corpus.known,
            folds=group_authors(self._groups[list(numbers)].tolist(), folds=self._config.folds),
            weights=np.array(weights, dtype=np.float64),
            writers=tuple(corpus.writers[n] for n in numbers),
        )
        rows = self._rows.sentences[list(chain.from_iterable(sentences))]
        return taken, Rows(rows, self._rows.whole[list(numbers)])

    def rows_of(self, contact: LabelledContact) -> Rows:
        """Give the features of one contact, of these or another."""
        words = read_words(read_document(contact.text), known=self._corpus.known)
        return self._count([words])

    def _count(self, words: Sequence[tuple[SentenceWords, ...]]) -> Rows:
        sentences = tuple(chain.from_iterable(words))
        return Rows(
            sentence_rows(sentences, self._sentence_blocks),
            document_rows(words, self._document_blocks),
        )
