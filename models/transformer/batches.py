"""Contacts as tensors: tokens cached below the frozen layers, batches of like lengths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from models.transformer.encoder import SentenceEncoder
from models.transformer.lessons import Lesson

CHUNK_TOKENS = 2048


@dataclass(frozen=True)
class TokenCache:
    """What the frozen layers gave, once, for every sentence of every example and its retypings.

    ``hidden`` is all tokens x width in bfloat16; sentence *i* of example *e* in its retyping *r*
    (0 for its own words) is the stretch that ``starts`` and ``lengths`` give at
    ``[r * examples + e][i]``.
    """

    hidden: Tensor
    starts: list[Tensor]
    lengths: list[Tensor]
    examples: int

    def stretches(self, lesson: Lesson) -> tuple[Tensor, Tensor]:
        """Start and length of each sentence that *lesson* keeps."""
        place = lesson.retyping * self.examples + lesson.index
        return self.starts[place][lesson.keep], self.lengths[place][lesson.keep]


def cache_tokens(
    encoder: SentenceEncoder, tokens: Sequence[Sequence[Sequence[int]]], *, retypings: int = 0
) -> TokenCache:
    """Run the frozen layers over *tokens* (example, sentence, id).

    All examples stand in it, then each of the *retypings* of all of them.
    """
    lengths = [torch.tensor([len(ids) for ids in document]) for document in tokens]
    flat = [ids for document in tokens for ids in document]
    ends = torch.cat(lengths).cumsum(0)
    starts = ends - torch.cat(lengths)
    hidden = torch.empty(int(ends[-1]), encoder.kind.shape[0], dtype=torch.bfloat16)
    order = sorted(range(len(flat)), key=lambda i: len(flat[i]))
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for chosen in tqdm(list(chunks([len(flat[i]) for i in order])), desc="frozen layers"):
            rows = [order[i] for i in chosen]
            ids, mask = padded([flat[i] for i in rows])
            lower = encoder.lower(ids, mask)
            for row, i in enumerate(rows):
                start = int(starts[i])
                hidden[start : start + len(flat[i])] = lower[row, : len(flat[i])].bfloat16()
    parted = list(torch.split(starts, [len(n) for n in lengths]))
    return TokenCache(hidden, parted, lengths, len(tokens) // (1 + retypings))


def padded(sentences: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Ids and mask (batch x longest)."""
    longest = max(len(ids) for ids in sentences)
    ids = torch.zeros(len(sentences), longest, dtype=torch.long)
    mask = torch.zeros(len(sentences), longest, dtype=torch.long)
    for row, sentence in enumerate(sentences):
        ids[row, : len(sentence)] = torch.tensor(sentence)
        mask[row, : len(sentence)] = 1
    return ids, mask


def chunks(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Positions of *lengths*, which rise, in runs of about ``CHUNK_TOKENS`` padded tokens."""
    run: list[int] = []
    for position, length in enumerate(lengths):
        if run and length * (len(run) + 1) > CHUNK_TOKENS:
            yield run
            run = []
        run.append(position)
    if run:
        yield run


def encode(encoder: SentenceEncoder, cache: TokenCache, lessons: Sequence[Lesson]) -> Tensor:
    """Sentence vectors of every lesson (lessons x most sentences x vector), zero where padded."""
    starts, lengths = map(torch.cat, zip(*map(cache.stretches, lessons), strict=True))
    order = torch.argsort(lengths, stable=True)
    parts = []
    for chosen in chunks(lengths[order].tolist()):
        rows = order[torch.tensor(chosen)]
        steps = torch.arange(int(lengths[rows].max()))
        mask = (steps < lengths[rows, None]).long()
        places = (starts[rows, None] + steps).clamp(max=len(cache.hidden) - 1)
        parts.append(encoder.upper(cache.hidden[places].float(), mask))
    vectors = torch.cat(parts)[torch.argsort(order)]
    return torch.nn.utils.rnn.pad_sequence(
        list(torch.split(vectors, [len(x.keep) for x in lessons])), batch_first=True
    )


def stacked(lessons: Sequence[Lesson], name: str) -> Tensor:
    """Sentence labels *name* of the kept sentences, padded with zeros."""
    rows = [torch.from_numpy(getattr(x.example, name)[x.keep]) for x in lessons]
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)


def whole(lessons: Sequence[Lesson], name: str) -> Tensor:
    """Document labels *name*, one row a lesson."""
    return torch.from_numpy(np.stack([np.asarray(getattr(x.example, name)) for x in lessons]))


def present_sentences(lessons: Sequence[Lesson]) -> Tensor:
    """Mask (lessons x most sentences): 1 where there is a sentence."""
    return torch.nn.utils.rnn.pad_sequence(
        [torch.ones(len(x.keep), dtype=torch.long) for x in lessons], batch_first=True
    )
