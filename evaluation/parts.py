"""What every part of a report is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

# How often each contact is drawn in each resample: ``[resample, contact]``.
Draws = NDArray[np.float64]


class Part(BaseModel):
    """A frozen part of the report."""

    model_config = ConfigDict(frozen=True, extra="forbid")
