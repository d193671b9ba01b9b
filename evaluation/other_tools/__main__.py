"""Compare the reader with other tools on authors left out, and write the tables.

``python -m evaluation.other_tools``; dev is not read. Answers are kept in the work folder, a file
for each contestant and third, so that a run that was cut off goes on; remove one to ask again.
MiniLM, SetFit and the released reader need the extra ``compare`` and torch, the last also the
checkpoints of the transformer's training; who cannot run is left out with the reason.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from evaluation.one_thread import use_one_thread
from nlp.errors import ReferralQualityError


def main(arguments: list[str] | None = None) -> int:
    """Run the command of the given arguments; 0 where all is well."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.other_tools", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="CODE", help="these contestants alone")
    parser.add_argument("--thirds", type=int, default=3, help="leave out no more in turn (3)")
    parser.add_argument("--work", type=Path, default=Path("data/other_tools"), help="kept answers")
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints"), help="of training")
    parser.add_argument("--output", type=Path, help="folder (evaluation/reports)")
    chosen = parser.parse_args(arguments)
    use_one_thread()
    os.environ["HF_HUB_OFFLINE"] = "1"  # no hub is asked
    try:
        return _compare(chosen)
    except ReferralQualityError as error:
        print(error, file=sys.stderr)
        return 2


def _compare(chosen: argparse.Namespace) -> int:
    from annotation.corpus import fingerprint, load_train
    from evaluation.bootstrap import RESAMPLES, SEED
    from evaluation.other_tools.answering import ask_all
    from evaluation.other_tools.contestants import AGAINST, CONTESTANTS, load_words
    from evaluation.other_tools.figures import Comparison, measure
    from evaluation.other_tools.page import REPORTS, write_comparison
    from evaluation.other_tools.thirds import FOLDS, part_authors

    contacts, words = load_train(), load_words()
    corpus = fingerprint(contacts)
    thirds = part_authors(contacts, work=chosen.work / corpus[:12], checkpoints=chosen.checkpoints)
    asked = {
        code: replace(each, folds=min(each.folds, chosen.thirds))
        for code, each in CONTESTANTS.items()
        if not chosen.only or code in chosen.only
    }
    answers, left_out = ask_all(asked, words, thirds)
    left_out |= {code: "not asked in this run" for code in CONTESTANTS if code not in asked}
    comparison = Comparison(
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        corpus=corpus,
        thirds=tuple(tuple(sorted({c.author for c in thirds.test(fold)})) for fold in range(FOLDS)),
        against=AGAINST,
        resamples=RESAMPLES,
        seed=SEED,
        rows=measure(answers, words, contacts),
        left_out={words[code].title: reason for code, reason in left_out.items()},
    )
    for path in write_comparison(comparison, chosen.output or REPORTS):
        print(f"written to {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
