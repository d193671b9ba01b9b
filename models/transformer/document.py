"""The document head: sentence vectors in, every answer out.

Two transformer layers let sentences read each other in order; each element and need domain has
an attention pool of its own, which looks first where the sentence logits point. The level is
read from pools of its own together with what the other heads found (flags, domains, status),
since severity, pattern, vulnerability and protection decide it together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.transformer.document_outputs import OUTPUTS
from models.transformer.encoder import VECTOR
from nlp.domain import (
    Assertion,
    Certainty,
    Element,
    Level,
    NeedDomain,
    Reason,
    SafetyFlag,
    Status,
    Urgency,
)

PLACES = 64
"""Sentences after this one share a place."""

SENTENCE_SIZES = {
    "elements": len(Element),
    "present": len(SafetyFlag),
    "mentioned": len(SafetyFlag),
    "assertions": len(Assertion),
    "domains": len(NeedDomain),
}


@dataclass(frozen=True)
class HeadShape:
    """Sizes of a document head."""

    width: int = 256
    layers: int = 2
    heads: int = 4
    views: int = 4
    dropout: float = 0.2


class LabelPool(nn.Module):
    """One attention pool a label over the sentences, drawn to where its logit is high."""

    def __init__(self, width: int, labels: int) -> None:
        super().__init__()
        self.query = nn.Parameter(torch.randn(labels, width) * 0.02)
        self.key = nn.Linear(width, width)
        self.trust = nn.Parameter(torch.ones(labels))

    def forward(self, sentences: Tensor, logits: Tensor, hide: Tensor) -> Tensor:
        """Pools (batch x labels x width) of sentences (batch x sentences x width)."""
        scores = self.key(sentences) @ self.query.T + self.trust * logits + hide.unsqueeze(-1)
        return torch.softmax(scores, dim=1).transpose(1, 2) @ sentences


class DocumentLayer(nn.Module):
    """Self-attention over sentences and a feed-forward block, each after a layer norm."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.before = nn.LayerNorm(width)
        self.joint = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.inner = nn.Sequential(
            nn.LayerNorm(width),
            nn.Linear(width, 2 * width),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(2 * width, width),
        )
        self.dropout = nn.Dropout(dropout)

    def forward(self, sentences: Tensor, hide: Tensor) -> Tensor:
        """Read sentences (batch x sentences x width); *hide* is added to the attention scores."""
        batch, count, width = sentences.shape
        joint = self.joint(self.before(sentences)).view(batch, count, 3, self.heads, -1)
        query, key, value = joint.permute(2, 0, 3, 1, 4).unbind(0)
        scores = query @ key.transpose(-1, -2) / math.sqrt(width // self.heads) + hide
        mixed = torch.softmax(scores, dim=-1).to(value.dtype) @ value
        mixed = self.out(mixed.transpose(1, 2).reshape(batch, count, width))
        sentences = sentences + self.dropout(mixed)
        read: Tensor = sentences + self.dropout(self.inner(sentences))
        return read


class DocumentHead(nn.Module):
    """Reads the sentence vectors of a contact in order."""

    def __init__(self, shape: HeadShape) -> None:
        super().__init__()
        width = shape.width
        self.enter = nn.Sequential(
            nn.LayerNorm(VECTOR), nn.Dropout(shape.dropout), nn.Linear(VECTOR, width)
        )
        self.place = nn.Embedding(PLACES, width)
        self.form = nn.Embedding(2, width)
        self.layers = nn.ModuleList(
            DocumentLayer(width, shape.heads, shape.dropout) for _ in range(shape.layers)
        )
        self.leave = nn.LayerNorm(width)
        self.sentence = nn.ModuleDict(
            {name: nn.Linear(2 * width, size) for name, size in SENTENCE_SIZES.items()}
        )
        self.element_pool = LabelPool(width, len(Element))
        self.status_weight = nn.Parameter(torch.randn(len(Element), width + 2, len(Status)) * 0.02)
        self.status_bias = nn.Parameter(torch.zeros(len(Element), len(Status)))
        self.domain_pool = LabelPool(width, len(NeedDomain))
        self.domain_weight = nn.Parameter(torch.randn(len(NeedDomain), width) * 0.02)
        self.domain_bias = nn.Parameter(torch.zeros(len(NeedDomain)) - 2)
        self.whole_pool = LabelPool(width, shape.views)
        found = len(SafetyFlag) + len(NeedDomain) + len(Element) * len(Status)
        whole = shape.views * width + width + found
        self.level = _judge(whole, len(Level), shape.dropout)
        after = whole + len(Level)
        self.certainty = _judge(after, len(Certainty), shape.dropout)
        self.urgency = _judge(after, len(Urgency), shape.dropout)
        self.notification = _judge(after, 1 + len(Reason), shape.dropout)
        self.dropout = nn.Dropout(shape.dropout)

    def forward(self, vectors: Tensor, mask: Tensor, form: Tensor) -> dict[str, Tensor]:
        """Logits by name.

        Args:
            vectors: batch x sentences x ``VECTOR``.
            mask: batch x sentences, 1 where there is a sentence.
            form: batch, 1 for a PPN.
        """
        hide = (mask.float() - 1) * 1e4
        entered = self.enter(vectors)
        sentences = self._read(entered, mask, form)
        both = torch.cat([self.dropout(entered), self.dropout(sentences)], dim=-1)
        answers = {name: head(both) for name, head in self.sentence.items()}
        answers["status"] = self._status(sentences, answers["elements"], hide)
        answers["domains"] = self._domains(sentences, answers["domains"], hide)
        return answers | self._whole(sentences, answers, hide, form)

    def _read(self, entered: Tensor, mask: Tensor, form: Tensor) -> Tensor:
        places = torch.arange(entered.shape[1], device=entered.device).clamp(max=PLACES - 1)
        sentences = entered + self.place(places) + self.form(form).unsqueeze(1)
        hide = ((mask.float() - 1) * 1e4)[:, None, None, :]
        for layer in self.layers:
            sentences = layer(sentences, hide)
        read: Tensor = self.leave(sentences)
        return read

    def _status(self, sentences: Tensor, logits: Tensor, hide: Tensor) -> Tensor:
        pooled = self.dropout(self.element_pool(sentences, logits, hide))
        shown = logits + hide.unsqueeze(-1)
        seen = torch.stack([shown.amax(1), torch.sigmoid(shown).sum(1)], dim=-1)
        features = torch.cat([pooled, seen], dim=-1)
        scores: Tensor = torch.einsum("blw,lws->bls", features, self.status_weight)
        return scores + self.status_bias

    def _domains(self, sentences: Tensor, logits: Tensor, hide: Tensor) -> Tensor:
        pooled = self.dropout(self.domain_pool(sentences, logits, hide))
        read: Tensor = (pooled * self.domain_weight).sum(-1)
        return read + (logits + hide.unsqueeze(-1)).amax(1) + self.domain_bias

    def _whole(
        self, sentences: Tensor, answers: dict[str, Tensor], hide: Tensor, form: Tensor
    ) -> dict[str, Tensor]:
        nothing = torch.zeros_like(sentences[..., :1])
        pooled = self.whole_pool(sentences, nothing, hide).flatten(1)
        found = [
            torch.sigmoid((answers["present"] + hide.unsqueeze(-1)).amax(1)),
            torch.sigmoid(answers["domains"]),
            torch.softmax(answers["status"], dim=-1).flatten(1),
        ]
        whole = torch.cat([pooled, self.form(form), *found], dim=-1)
        level = self.level(whole)
        after = torch.cat([whole, torch.softmax(level, dim=-1)], dim=-1)
        notification = self.notification(after)
        return {
            "level": level,
            "certainty": self.certainty(after),
            "urgency": self.urgency(after),
            "inappropriate": notification[:, 0],
            "reasons": notification[:, 1:],
        }


def _judge(inputs: int, outputs: int, dropout: float) -> nn.Sequential:
    return nn.Sequential(
        nn.Dropout(dropout),
        nn.Linear(inputs, 128),
        nn.GELU(),
        nn.Dropout(dropout),
        nn.Linear(128, outputs),
    )


class HeadEnsemble(nn.Module):
    """Several document heads over the same vectors; served as the mean of their logits."""

    def __init__(self, shape: HeadShape, heads: int) -> None:
        super().__init__()
        self.heads = nn.ModuleList(DocumentHead(shape) for _ in range(heads))

    def each(self, vectors: Tensor, mask: Tensor, form: Tensor) -> list[dict[str, Tensor]]:
        """The answers of every head, for training."""
        return [head(vectors, mask, form) for head in self.heads]

    def forward(self, vectors: Tensor, mask: Tensor, form: Tensor) -> tuple[Tensor, ...]:
        """Mean logits, in the order of ``OUTPUTS``."""
        answers = self.each(vectors, mask, form)
        return tuple(torch.stack([a[name] for a in answers]).mean(0) for name in OUTPUTS)
