"""Print how well run-ons are parted: ``python -m evaluation.run_ons``.

Of ``annotation/run_ons/unread.jsonl``, by writers whose texts taught nothing.
"""

from __future__ import annotations

import numpy as np

from annotation.run_ons import UNREAD, load_run_ons
from evaluation.metrics import f1_score, precision_score, recall_score
from evaluation.run_ons import count_boundaries


def main() -> None:
    """Measure what is served."""
    counts = count_boundaries(load_run_ons(UNREAD))
    for writer in sorted({writer for writer, _ in counts}):
        own = {str(style): each for (who, style), each in counts.items() if who == writer}
        for name, each in (own | {"all": np.sum(list(own.values()), axis=0)}).items():
            print(
                f"{writer} {name:9} F1 {f1_score(each):.2f}, "
                f"precision {precision_score(each):.2f}, recall {recall_score(each):.2f} "
                f"of {each[0] + each[2]:.0f} boundaries"
            )


if __name__ == "__main__":
    main()
