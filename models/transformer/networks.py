"""The networks of a release: one of every author, and one without each group of them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch

from annotation.flag_sentences import FlagText
from annotation.labels import LabelledContact
from annotation.splits import group_authors
from models.transformer.as_served import answer_as_served, known_of
from models.transformer.batches import TokenCache, cache_tokens
from models.transformer.config import Run
from models.transformer.encoding import open_tokenizer, token_ids
from models.transformer.reader import TOKENIZER
from models.transformer.retyped import retype
from models.transformer.targets import Example, examples, flag_examples
from models.transformer.training import Logits, Network, fit, new_network
from models.words import as_of_anybody

Curves = dict[str, list[float]]


@dataclass(frozen=True)
class Networks:
    """Trains the networks of *run*, from the published encoder in the folder *base*.

    Every network learns from all of *contrasts* and *flag_texts*, and from the *contacts* of its
    authors. A network that was begun or finished before goes on from its checkpoint in *work*.
    """

    run: Run
    base: Path
    contacts: Sequence[LabelledContact]
    contrasts: Sequence[LabelledContact]
    flag_texts: Sequence[FlagText]
    work: Path

    @cached_property
    def asked(self) -> list[Example]:
        """The contacts as they stand."""
        return examples(self.contacts)

    @cached_property
    def taught(self) -> list[tuple[int, Example]]:
        """The contacts, then the contrasts and flag texts, by their place in the cache."""
        wholes = [*self.asked, *examples(self.contrasts)]
        return list(enumerate([*wholes, *flag_examples(self.flag_texts)]))

    @cached_property
    def cache(self) -> TokenCache:
        """Every example as it stands, then in the words of each retyping."""
        tokenizer = open_tokenizer(self.base / TOKENIZER)
        tokens = [token_ids(tokenizer, said) for said in self._said()]
        encoder = new_network(self.run, self.base).encoder
        return cache_tokens(encoder, tokens, retypings=self.run.retypings)

    def train(self) -> None:
        """Train every network, so many at a time as the run has processes."""
        if self.run.processes == 1:
            return  # each is trained when it is asked for
        # Started afresh rather than forked: a fork of a process with threads may hang.
        pool = ProcessPoolExecutor(self.run.processes, mp_context=get_context("spawn"))
        with pool:
            waiting = [pool.submit(_train, self, fold) for fold in (None, *range(self.run.folds))]
            for each in waiting:
                each.result()

    def fit(self, fold: int | None) -> tuple[Network, list[float]]:
        """Give the network that has not read *fold*, or has read all, and its curve."""
        name = "all.pt" if fold is None else f"fold_{fold}.pt"
        known = [pair for pair in self.taught if fold is None or self._fold_of(pair[0]) != fold]
        network = new_network(self.run, self.base)
        return fit(self.run, network, lambda: self.cache, known, checkpoint=self.work / name)

    def answers_left_out(self) -> tuple[list[Logits], Curves]:
        """Give answers about every contact by a network that had not read its author, in order.

        They are of sentences as of anybody, with no word known that the network had not read.
        """
        answers: dict[int, Logits] = {}
        curves = {}
        for fold in range(self.run.folds):
            out = [i for i in range(len(self.asked)) if self._fold_of(i) == fold]
            network, curves[f"fold {fold}"] = self.fit(fold)
            read = [c for i, c in enumerate(self.contacts) if self._fold_of(i) != fold]
            known = known_of([*read, *self.contrasts])
            asked = [self.asked[i] for i in out]
            given = answer_as_served(network, asked, base=self.base, known=known)
            answers |= dict(zip(out, given, strict=True))
        return [answers[index] for index in range(len(self.contacts))], curves

    def _fold_of(self, place: int) -> int | None:
        """None for what every network learns from."""
        return int(self._folds[place]) if place < len(self._folds) else None

    @cached_property
    def _folds(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return group_authors([contact.author for contact in self.contacts], folds=self.run.folds)

    def _said(self) -> list[tuple[str, ...]]:
        """The sentences of every example as they stand, then retyped and as of anybody.

        Both, for a network that had only met one name and one sex read the level worse.
        """
        random = np.random.default_rng(self.run.seed)
        known = known_of([*self.contacts, *self.contrasts])
        own = [example.texts for _, example in self.taught]
        retyped = [
            tuple(as_of_anybody(text, known=known) for text in retype(texts, random=random))
            for _ in range(self.run.retypings)
            for texts in own
        ]
        return own + retyped


def _train(networks: Networks, fold: int | None) -> None:
    """In a process of its own: leave the network's checkpoint."""
    torch.set_num_threads(networks.run.threads)
    networks.fit(fold)
