"""Train, set the thresholds of, and measure the matching, all on made-up families.

``python -m api.matching train`` (needs Splink; some minutes), then ``threshold`` on one seed,
then ``measure`` on another.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

import numpy as np

from api.matching.measuring import (
    Figure,
    blocking_recall,
    calibration,
    choose_threshold,
    count,
)
from api.matching.searching import Pair, Search, search
from api.matching.weights import TRAINED, load_trained
from nlp.errors import ReferralQualityError

# A match shown wrongly costs a person one look; a missed one costs the child their history.
LEAST_PRECISION = 0.9
WHAT = ("same_child", "same_family")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that *arguments* name; give its exit status."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except ReferralQualityError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m api.matching", description=__doc__)
    verbs = parser.add_subparsers(required=True)
    train = verbs.add_parser("train", help="train the weights and write them to trained/")
    train.add_argument("--seed", type=int, default=1969)
    train.add_argument("--families", type=int, default=20_000)
    train.set_defaults(run=_train)
    for verb, run, seed, words in (
        ("threshold", _threshold, 2001, "choose the thresholds and write them to trained/"),
        ("measure", _measure, 2002, "print precision and recall at the thresholds"),
    ):
        command = verbs.add_parser(verb, help=words)
        command.add_argument("--seed", type=int, default=seed)
        command.add_argument("--contacts", type=int, default=100_000, help="contacts stored")
        command.add_argument("--queries", type=int, default=3_000, help="contacts asked about")
        command.set_defaults(run=run)
    return parser


def _train(options: argparse.Namespace) -> None:
    # Only here: nothing else needs Splink.
    from api.matching.training import train

    train(TRAINED, seed=options.seed, families=options.families)


def _threshold(options: argparse.Namespace) -> None:
    pairs, _ = _search(options)
    chosen = {
        what: choose_threshold(pairs, what=what, least_precision=LEAST_PRECISION) for what in WHAT
    }
    (TRAINED / "thresholds.json").write_text(json.dumps(chosen, indent=1) + "\n", "utf-8")
    print(chosen)


def _measure(options: argparse.Namespace) -> None:
    pairs, searches = _search(options)
    _print_searches(searches)
    trained = load_trained()
    for what in WHAT:
        _print_figures(pairs, what=what, threshold=getattr(trained, what))


def _search(options: argparse.Namespace) -> tuple[list[Pair], list[Search]]:
    return search(contacts=options.contacts, queries=options.queries, seed=options.seed)


def _print_searches(searches: Sequence[Search]) -> None:
    for name in ("before_limit", "candidates", "milliseconds"):
        values = [getattr(each, name) for each in searches]
        middle, high, most = np.percentile(values, (50, 95, 100))
        print(f"{name}: median {middle:.0f}, 95th percentile {high:.0f}, most {most:.0f}")


def _print_figures(pairs: Sequence[Pair], *, what: str, threshold: float) -> None:
    print(f"\n{what} at {threshold}\n  blocking recall {blocking_recall(pairs, what=what)}")
    slices: dict[str, list[Pair]] = {"all": list(pairs)}
    for pair in pairs:
        slices.setdefault(f"origin {pair.origin}", []).append(pair)
        slices.setdefault("name not seen in training" if pair.new_name else "name seen", []).append(
            pair
        )
    for name in sorted(slices):
        counts = count(slices[name], what=what, threshold=threshold)
        print(f"  {name:28} {_line(counts.precision(), counts.recall())}")
    for believed, true, number in calibration(pairs, what=what):
        print(f"  believed {believed:.3f}, true {true:.3f}, of {number:,}")


def _line(precision: Figure, recall: Figure) -> str:
    return f"precision {precision}, recall {recall}"


if __name__ == "__main__":
    sys.exit(main())
