"""Print how well run-ons are parted: ``python -m evaluation.run_ons``.

Of ``annotation/run_ons/unread.jsonl``, by writers whose texts taught nothing.
"""

from __future__ import annotations

import numpy as np

from annotation.run_ons import UNREAD, load_run_ons
from evaluation.metrics import f1_score
from evaluation.run_ons import count_boundaries


def main() -> None:
    """Measure what is served."""
    counts = count_boundaries(load_run_ons(UNREAD))
    for writer in sorted({writer for writer, _ in counts}):
        own = {str(style): each for (who, style), each in counts.items() if who == writer}
        for name, each in (own | {"all": np.sum(list(own.values()), axis=0)}).items():
            hits, false, missed = each
            precision, recall = hits / (hits + false), hits / (hits + missed)
            print(
                f"{writer} {name:9} F1 {f1_score(each):.2f}, precision {precision:.2f}, "
                f"recall {recall:.2f} of {hits + missed:.0f} boundaries"
            )


if __name__ == "__main__":
    main()
