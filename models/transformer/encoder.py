"""The sentence encoder: the lower layers of MiniLM-L6 (BERT), the lowest of them frozen.

Written out rather than taken from ``transformers`` so that the output of the frozen layers can
be computed once and kept, and so that the exported graph holds nothing that serving does not
use. Layer norms come after each block, as in Devlin et al. 2019, doi 10.18653/v1/N19-1423.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor, nn

WIDTH = 384
HEADS = 12
INNER = 1536
VOCABULARY = 30522
POSITIONS = 512
VECTOR = 2 * WIDTH
"""Width of a sentence vector: the mean of its tokens, and their attention pool."""


class EncoderLayer(nn.Module):
    """Self-attention and a feed-forward block."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.joint = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.attention_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, hidden: Tensor, hide: Tensor) -> Tensor:
        """Read tokens (batch x tokens x width); *hide* is added to the attention scores."""
        attended = self.out(self._attend(hidden, hide))
        hidden = self.attention_norm(hidden + self.dropout(attended))
        inner = nn.functional.gelu(self.up(hidden))
        read: Tensor = self.norm(hidden + self.dropout(self.down(inner)))
        return read

    def _attend(self, hidden: Tensor, hide: Tensor) -> Tensor:
        batch, tokens, _ = hidden.shape
        joint = self.joint(hidden).view(batch, tokens, 3, HEADS, WIDTH // HEADS)
        query, key, value = joint.permute(2, 0, 3, 1, 4).unbind(0)
        scores = query @ key.transpose(-1, -2) / math.sqrt(WIDTH // HEADS) + hide
        mixed = torch.softmax(scores, dim=-1).to(value.dtype) @ value
        joined: Tensor = mixed.transpose(1, 2).reshape(batch, tokens, WIDTH)
        return joined


class SentenceEncoder(nn.Module):
    """Token ids of sentences to one vector a sentence."""

    def __init__(self, *, layers: int, frozen: int, dropout: float) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        self.places = nn.Embedding(POSITIONS, WIDTH)
        self.kind = nn.Parameter(torch.zeros(WIDTH))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(
            EncoderLayer(dropout if i >= frozen else 0.0) for i in range(layers)
        )
        self.interest = nn.Linear(WIDTH, 1)
        self.frozen = frozen

    def trainable(self) -> list[nn.Parameter]:
        """The parameters above the frozen layers."""
        above = [p for layer in self.layers[self.frozen :] for p in layer.parameters()]
        return [*above, *self.interest.parameters()]

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Vectors (batch x ``VECTOR``) of sentences (ids and mask: batch x tokens)."""
        return self.upper(self.lower(ids, mask), mask)

    def lower(self, ids: Tensor, mask: Tensor) -> Tensor:
        """What the frozen layers make of the tokens (batch x tokens x width)."""
        places = self.places(torch.arange(ids.shape[1], device=ids.device))
        hidden: Tensor = self.norm(self.words(ids) + places + self.kind)
        hide = _hide(mask)
        for layer in self.layers[: self.frozen]:
            hidden = layer(hidden, hide)
        return hidden

    def upper(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """Vectors from what :meth:`lower` gave."""
        hide = _hide(mask)
        for layer in self.layers[self.frozen :]:
            hidden = layer(hidden, hide)
        hidden = hidden.float()
        weight = mask.float().unsqueeze(-1)
        mean = (hidden * weight).sum(1) / weight.sum(1)
        interest = self.interest(hidden).float() + (weight - 1) * 1e4
        pooled = (torch.softmax(interest, dim=1) * hidden).sum(1)
        return torch.cat([mean, pooled], dim=-1)


def _hide(mask: Tensor) -> Tensor:
    return ((mask.float() - 1) * 1e4)[:, None, None, :]


def published_weights(tensors: Mapping[str, Tensor], *, layers: int) -> dict[str, Tensor]:
    """The weights of a published BERT's lower *layers*, under the names used here."""
    weights = {
        "words.weight": tensors["embeddings.word_embeddings.weight"],
        "places.weight": tensors["embeddings.position_embeddings.weight"],
        "kind": tensors["embeddings.token_type_embeddings.weight"][0],
        "norm.weight": tensors["embeddings.LayerNorm.weight"],
        "norm.bias": tensors["embeddings.LayerNorm.bias"],
    }
    for number in range(layers):
        weights |= _layer_weights(tensors, number)
    return weights


_LAYER_NAMES = {
    "out": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm": "output.LayerNorm",
}


def _layer_weights(tensors: Mapping[str, Tensor], number: int) -> dict[str, Tensor]:
    theirs, ours = f"encoder.layer.{number}", f"layers.{number}"
    weights: dict[str, Tensor] = {}
    for kind in ("weight", "bias"):
        parts = [tensors[f"{theirs}.attention.self.{p}.{kind}"] for p in ("query", "key", "value")]
        weights[f"{ours}.joint.{kind}"] = torch.cat(parts)
        for name, published in _LAYER_NAMES.items():
            weights[f"{ours}.{name}.{kind}"] = tensors[f"{theirs}.{published}.{kind}"]
    return weights
