"""Fit where sentences begin in writing without full stops: ``python -m models.run_ons --base DIR``.

DIR is the published encoder that `models.transformer` begins with: its embeddings of words, in
fewer dimensions, are what the network starts from. Five minutes a network on one core. What is
printed was found by a network that had not read these authors; `evaluation.run_ons` measures what
was written.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from tqdm import tqdm

from annotation.contrast_sets import load_contrasts
from annotation.corpus import load_train
from annotation.labels import LabelledContact
from annotation.run_ons import load_run_ons
from annotation.splits import group_authors, refuse_held_back
from models.run_on_lessons import Lessons, Stretch, make_lessons, runs_on, stretches
from models.words import find_known
from nlp.run_ons import (
    DILATIONS,
    FEWEST_WORDS,
    FIRST_WORD,
    MARKS,
    RUN_ONS,
    UNKNOWN,
    RunOnNetwork,
    RunOnSplitter,
    marks_of,
    number_of,
    pack,
    to_plain,
)

# Chosen on the first writer of `annotation/run_ons/unread.jsonl`.
NUMBERS, CHANNELS = 48, 96
EPOCHS = 8
LEARNING_RATE, DECAY = 2e-3, 0.01
DROPOUT, HIDDEN_WORDS = 0.2, 0.04
BEGINS_FROM = -1.0
FEWEST_USES = 8
AT_ONCE = 32
GROUPS = 4
SEED = 1


class Network(nn.Module):
    """Scores the gap after each word but the last."""

    def __init__(self, embeddings: NDArray[np.float32]) -> None:
        super().__init__()
        self.embeddings = nn.Embedding.from_pretrained(torch.tensor(embeddings), freeze=False)
        self.entry = nn.Conv1d(embeddings.shape[1] + MARKS, CHANNELS, 3, padding=1)
        self.layers = nn.ModuleList(
            nn.Conv1d(CHANNELS, CHANNELS, 3, padding=dilation, dilation=dilation)
            for dilation in DILATIONS
        )
        self.last = nn.Conv1d(CHANNELS, 1, 2)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, rows: Tensor, marks: Tensor, there: Tensor) -> Tensor:
        """Read words (batch x words), their marks, and which of them are there."""
        if self.training:
            hide = torch.rand(rows.shape) < HIDDEN_WORDS
            rows = torch.where(hide, torch.full_like(rows, UNKNOWN), rows)
        described = torch.cat([self.dropout(self.embeddings(rows)), marks], dim=-1)
        kept = there[:, None]
        hidden = torch.relu(self.entry((described * there[..., None]).transpose(1, 2))) * kept
        for layer in self.layers:
            hidden = (hidden + torch.relu(layer(self.dropout(hidden)))) * kept
        scores: Tensor = self.last(hidden)[:, 0]
        return scores


def fit(lessons: Lessons, words: Sequence[str], embeddings: NDArray[np.float32]) -> RunOnNetwork:
    """Give the network fitted on *lessons*.

    Args:
        lessons: What it learns from.
        words: Those that are known.
        embeddings: To start from: of any number, any other word, and each of *words*.
    """
    torch.manual_seed(SEED)
    random = np.random.default_rng(SEED)
    numbers = {word: number for number, word in enumerate(words, FIRST_WORD)}
    network = Network(embeddings)
    optimiser = torch.optim.AdamW(network.parameters(), lr=LEARNING_RATE, weight_decay=DECAY)
    steps = EPOCHS * (len(lessons.epoch(np.random.default_rng(SEED))) // AT_ONCE + 1)
    pace = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, step / 100) * max(0.03, 1 - step / steps)
    )
    for _ in tqdm(range(EPOCHS), desc="epochs"):
        for batch in _batches(lessons.epoch(random), random):
            loss = _loss(network, batch, numbers)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            pace.step()
    return _as_served(network.eval(), words)


def _batches(stretches: list[Stretch], random: np.random.Generator) -> list[list[Stretch]]:
    """Stretches of about one length together, the batches in the order that chance gives."""
    lengths = [len(stretch.words) for stretch in stretches] + random.random(len(stretches)) * 10
    ordered = [stretches[place] for place in np.argsort(lengths)]
    batches = [ordered[at : at + AT_ONCE] for at in range(0, len(ordered), AT_ONCE)]
    return [batches[place] for place in random.permutation(len(batches))]


def _loss(network: Network, batch: Sequence[Stretch], numbers: dict[str, int]) -> Tensor:
    longest = max(len(stretch.words) for stretch in batch)
    rows = torch.full((len(batch), longest), UNKNOWN)
    marks = torch.zeros(len(batch), longest, MARKS)
    there, begins, counts = (torch.zeros(len(batch), longest) for _ in range(3))
    for place, stretch in enumerate(batch):
        count = len(stretch.words)
        rows[place, :count] = torch.tensor([number_of(word, numbers) for word in stretch.words])
        marks[place, :count] = torch.tensor([marks_of(w) for w in stretch.words]).float()
        begins[place, list(stretch.starts)] = 1
        there[place, :count], counts[place, :count] = 1, stretch.importance
    found = nn.functional.binary_cross_entropy_with_logits(
        network(rows, marks, there), begins[:, 1:], weight=counts[:, 1:], reduction="sum"
    )
    return found / counts[:, 1:].sum()


def _as_served(network: Network, words: Sequence[str]) -> RunOnNetwork:
    def of(layer: nn.Module) -> NDArray[np.float32]:
        weights: NDArray[np.float32] = layer.weight.detach().numpy().transpose(2, 1, 0)
        return weights

    return RunOnNetwork(
        words=tuple(words),
        embeddings=network.embeddings.weight.detach().numpy(),
        entry=of(network.entry),
        entry_bias=network.entry.bias.detach().numpy(),
        layers=np.stack([of(layer) for layer in network.layers]),
        layer_biases=np.stack([layer.bias.detach().numpy() for layer in network.layers]),
        last=of(network.last)[..., 0],
        last_bias=float(network.last.bias.detach()),
        begins_from=BEGINS_FROM,
    )


def known_words(contacts: Iterable[LabelledContact]) -> tuple[str, ...]:
    """Give the words that are often in *contacts* in small letters, less the names of people."""
    contacts = tuple(contacts)
    people = chain.from_iterable(contact.people for contact in contacts)
    known = find_known((c.text for c in contacts), names=people, at_least=FEWEST_USES)
    return tuple(sorted({to_plain(word) for word in known}))


def begin_with(base: Path, words: Sequence[str]) -> NDArray[np.float32]:
    """Give the published embeddings of *words* in ``NUMBERS`` dimensions, after two of nought.

    A word of several pieces has their mean. What is kept is where words differ most.
    """
    pieces = load_file(base / "model.safetensors")["embeddings.word_embeddings.weight"].numpy()
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokens = tokenizer.encode_batch(list(words), add_special_tokens=False)
    means = np.stack([pieces[token.ids].mean(axis=0) for token in tokens])
    _, _, axes = np.linalg.svd(means - means.mean(axis=0), full_matrices=False)
    fewer = (means - means.mean(axis=0)) @ axes[:NUMBERS].T
    return np.vstack([np.zeros((FIRST_WORD, NUMBERS)), fewer / fewer.std() / 2]).astype(np.float32)


def count(splitter: RunOnSplitter, asked: Iterable[Stretch]) -> NDArray[np.int64]:
    """Give how many boundaries of *asked* are found, found in vain, and missed.

    Quotations are not left whole here, as they are when a contact is read.
    """
    total = np.zeros(3, dtype=np.int64)
    for stretch in asked:
        found = set(splitter.find_starts(stretch.words))
        hits = len(found & stretch.starts)
        total += [hits, len(found) - hits, len(stretch.starts) - hits]
    return total


def write(network: RunOnNetwork, path: Path) -> None:
    """Write *network* to *path*."""
    arrays: dict[str, Any] = pack(network)
    np.savez_compressed(path, **arrays)


def main() -> None:
    """Say how the run-ons of authors left out are read; fit on all, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True, help="folder of the published encoder")
    base = parser.parse_args().base
    contacts, contrasts, texts = load_train(), load_contrasts(), load_run_ons()
    refuse_held_back(contacts)
    words = known_words([*contacts, *contrasts])
    begin = begin_with(base, words)
    groups = group_authors([contact.author for contact in contacts], folds=GROUPS)
    known = [contact for contact, group in zip(contacts, groups, strict=True) if group]
    asked = [c for c, group in zip(contacts, groups, strict=True) if not group and runs_on(c)]
    part = RunOnSplitter(fit(make_lessons([*known, *contrasts], texts), words, begin))
    write(fit(make_lessons([*contacts, *contrasts], texts), words, begin), RUN_ONS)
    hits, false, missed = count(part, [s for c in asked for s in stretches(c, fewest=FEWEST_WORDS)])
    sys.stdout.write(f"authors left out: {hits} found, {false} in vain, {missed} missed\n")


if __name__ == "__main__":
    main()
