"""One training run as a typed object, read from TOML."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from models.joining import FlagLimits
from models.transformer.document import HeadShape


@dataclass(frozen=True)
class Losses:
    """Weight of each head's loss."""

    elements: float = 0.4
    present: float = 0.3
    mentioned: float = 0.3
    assertions: float = 0.3
    status: float = 2.0
    level: float = 1.0
    level_distance: float = 1.0
    certainty: float = 0.2
    domains: float = 0.3
    urgency: float = 0.5
    inappropriate: float = 0.5
    reasons: float = 0.2


@dataclass(frozen=True)
class Run:
    """A run: the same file and corpus give the same weights.

    It learns from `annotation.contrast_sets` too: every epoch shows another share ``contrasts`` of
    them.
    """

    version: str = "1"
    seed: int = 1
    epochs: int = 8
    batch: int = 8
    layers: int = 6
    frozen: int = 2
    heads: int = 3
    encoder_rate: float = 1e-4
    head_rate: float = 5e-4
    decay: float = 0.02
    warm_up: float = 0.1
    average: float = 0.99
    encoder_dropout: float = 0.1
    taken_out: float = 0.3
    retypings: int = 0
    retyped: float = 0.0
    positive_power: float = 0.5
    positive_most: float = 8.0
    threads: int = 2
    processes: int = 1
    bfloat16: bool = True
    folds: int = 3
    contrasts: float = 0.0
    shape: HeadShape = field(default_factory=HeadShape)
    losses: Losses = field(default_factory=Losses)
    flags: FlagLimits = field(default_factory=FlagLimits)


def read_run(path: Path) -> Run:
    """The run that a TOML file describes.

    Raises:
        TypeError: If the file names an option that a run does not have.
    """
    options = tomllib.loads(path.read_text(encoding="utf-8"))
    shape = HeadShape(**options.pop("shape", {}))
    losses = Losses(**options.pop("losses", {}))
    flags = FlagLimits(**options.pop("flags", {}))
    return Run(**options, shape=shape, losses=losses, flags=flags)
