"""Fine-tune the upper encoder layers and the document heads together."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor, nn
from tqdm import tqdm

from models.transformer.batches import TokenCache, encode, present_sentences, whole
from models.transformer.config import Run
from models.transformer.document import HeadEnsemble
from models.transformer.document_outputs import OUTPUTS
from models.transformer.encoder import SentenceEncoder, published_weights
from models.transformer.lessons import Lesson, epoch_size, lessons_of_epoch, whole_lesson
from models.transformer.losses import PositiveWeights, losses
from models.transformer.progress import Standing
from models.transformer.targets import Example

Logits = dict[str, NDArray[np.float32]]

_BY_SENTENCE = {"elements", "present", "mentioned", "assertions"}
_WARM_AVERAGE = 10
"""Steps over which the average of the weights comes to lag behind them."""


class Network(nn.Module):
    """Encoder and heads."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.encoder = SentenceEncoder(
            layers=run.layers, frozen=run.frozen, dropout=run.encoder_dropout
        )
        self.heads = HeadEnsemble(run.shape, run.heads)

    def trained(self) -> list[nn.Parameter]:
        """Everything above the frozen layers."""
        return [*self.encoder.trainable(), *self.heads.parameters()]

    def each(self, cache: TokenCache, lessons: Sequence[Lesson]) -> list[dict[str, Tensor]]:
        """The answers of every head about *lessons*."""
        return self.heads.each(*self._inputs(cache, lessons))

    def mean(self, cache: TokenCache, lessons: Sequence[Lesson]) -> tuple[Tensor, ...]:
        """The mean answers about *lessons*, in the order of ``OUTPUTS``."""
        given: tuple[Tensor, ...] = self.heads(*self._inputs(cache, lessons))
        return given

    def _inputs(
        self, cache: TokenCache, lessons: Sequence[Lesson]
    ) -> tuple[Tensor, Tensor, Tensor]:
        vectors = encode(self.encoder, cache, lessons)
        return vectors, present_sentences(lessons), whole(lessons, "form")


def new_network(run: Run, base: Path) -> Network:
    """Put fresh heads over the published encoder, whose folder is *base*."""
    torch.manual_seed(run.seed)
    network = Network(run)
    published = published_weights(load_file(base / "model.safetensors"), layers=run.layers)
    network.encoder.load_state_dict(published, strict=False)
    return network


def fit(
    run: Run,
    network: Network,
    cache: Callable[[], TokenCache],
    taught: Sequence[tuple[int, Example]],
    *,
    checkpoint: Path,
) -> tuple[Network, list[float]]:
    """Train on *taught* (index in *cache*, example), going on from *checkpoint* if it exists.

    *cache* is asked for only if there is an epoch left: to make one takes minutes.

    Returns:
        The network with averaged weights, and the mean loss of each epoch.
    """
    positive = PositiveWeights.of([e for _, e in taught], run.positive_power, run.positive_most)
    lessons = epoch_size(taught, contrasts=run.contrasts)
    standing = _begin(run, network, steps=run.epochs * math.ceil(lessons / run.batch))
    standing.resume(checkpoint)
    while standing.epoch < run.epochs:
        standing.curve.append(_epoch(run, standing, cache(), taught, positive))
        standing.save(checkpoint)
    averaged: Network = standing.averaged
    return averaged, standing.curve


def answer(
    network: Network, cache: TokenCache, asked: Sequence[tuple[int, Example]]
) -> list[Logits]:
    """Give the logits of every contact, by name."""
    network.eval()
    answers: list[Logits] = []
    with torch.no_grad():
        for start in range(0, len(asked), 16):
            lessons = [whole_lesson(example, i) for i, example in asked[start : start + 16]]
            answers += _apart(lessons, network.mean(cache, lessons))
    return answers


def _apart(lessons: Sequence[Lesson], given: Sequence[Tensor]) -> list[Logits]:
    return [
        {
            name: (values[row, : len(lesson.keep)] if name in _BY_SENTENCE else values[row])
            .float()
            .numpy()
            for name, values in zip(OUTPUTS, given, strict=True)
        }
        for row, lesson in enumerate(lessons)
    ]


def _begin(run: Run, network: Network, *, steps: int) -> Standing:
    for parameter in network.encoder.parameters():
        parameter.requires_grad = False
    for parameter in network.encoder.trainable():
        parameter.requires_grad = True
    groups = [
        {"params": network.encoder.trainable(), "lr": run.encoder_rate},
        {"params": list(network.heads.parameters()), "lr": run.head_rate},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=run.decay, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, _rate(steps, run.warm_up))
    random = np.random.default_rng(run.seed)
    return Standing(network, copy.deepcopy(network), optimiser, schedule, random, [])


def _rate(steps: int, warm_up: float) -> Callable[[int], float]:
    """Rise evenly over the first *warm_up* of the steps, and never above a falling cosine."""

    def rate(step: int) -> float:
        left = 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))
        return min(left, step / max(1.0, warm_up * steps))

    return rate


def _epoch(
    run: Run,
    standing: Standing,
    cache: TokenCache,
    taught: Sequence[tuple[int, Example]],
    positive: PositiveWeights,
) -> float:
    standing.network.train()
    order = lessons_of_epoch(
        taught,
        contrasts=run.contrasts,
        chance=run.taken_out,
        retypings=run.retypings,
        retyped=run.retyped,
        random=standing.random,
    )
    starts = range(0, len(order), run.batch)
    total = 0.0
    for start in tqdm(starts, desc=f"epoch {standing.epoch + 1} of {run.epochs}"):
        loss = _loss(run, standing.network, cache, order[start : start + run.batch], positive)
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(standing.network.trained(), 1.0)
        standing.optimiser.step()
        standing.optimiser.zero_grad()
        standing.schedule.step()
        _average(run, standing)
        total += float(loss.detach())
    return total / len(starts)


def _loss(
    run: Run,
    network: Network,
    cache: TokenCache,
    lessons: Sequence[Lesson],
    positive: PositiveWeights,
) -> Tensor:
    """Weighted sum over heads of answers, mean over the heads of the ensemble."""
    weights: dict[str, Any] = asdict(run.losses)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=run.bfloat16):
        answers = network.each(cache, lessons)
    found = [losses({k: v.float() for k, v in a.items()}, lessons, positive) for a in answers]
    sums = [torch.stack([weights[k] * v for k, v in f.items()]).sum() for f in found]
    return torch.stack(sums).mean()


def _average(run: Run, standing: Standing) -> None:
    """Let the averaged weights follow: a short memory at first, ``run.average`` later."""
    step = standing.schedule.last_epoch
    keep = min(run.average, step / (_WARM_AVERAGE + step))
    pairs = zip(standing.averaged.trained(), standing.network.trained(), strict=True)
    with torch.no_grad():
        for mean, now in pairs:
            mean.lerp_(now, 1 - keep)
