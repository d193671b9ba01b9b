"""Where a training run stands, so that one that was cut off goes on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch


@dataclass
class Standing:
    """Everything that changes from epoch to epoch."""

    network: Any
    averaged: Any
    optimiser: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LRScheduler
    random: np.random.Generator
    curve: list[float]

    @property
    def epoch(self) -> int:
        """Epochs done."""
        return len(self.curve)

    def save(self, path: Path) -> None:
        """Write to *path*, whole or not at all."""
        begun = path.with_suffix(".part")
        torch.save(self._content(), begun)
        begun.replace(path)

    def resume(self, path: Path) -> None:
        """Go on from what :meth:`save` wrote, where there is such a file."""
        if not path.exists():
            return
        content: dict[str, Any] = torch.load(path, weights_only=True)
        self.network.load_state_dict(content["network"])
        self.averaged.load_state_dict(content["averaged"])
        self.optimiser.load_state_dict(content["optimiser"])
        self.schedule.load_state_dict(content["schedule"])
        self.random.bit_generator.state = content["random"]
        torch.set_rng_state(content["torch"])
        self.curve[:] = content["curve"]

    def _content(self) -> dict[str, Any]:
        return {
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "schedule": self.schedule.state_dict(),
            "random": self.random.bit_generator.state,
            "torch": torch.get_rng_state(),
            "curve": list(self.curve),
        }
