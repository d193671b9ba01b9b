"""One thread for each process: speed is told for one core, and trainings must not fight for two."""

from __future__ import annotations

import os

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def use_one_thread() -> None:
    """Say so to the numerical libraries; to be called before any of them is imported."""
    os.environ.update(dict.fromkeys(_THREADS, "1"))
