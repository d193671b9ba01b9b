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
    by_origin,
    calibration,
    choose_threshold,
    count,
)
from api.matching.searching import Pair, Search, search
from api.matching.weights import TRAINED, load_trained
from nlp.errors import ReferralQualityError

# A match shown wrongly costs a person one look; a missed one costs the child their history. The
# least is asked of all contacts and of those of each origin of names: nobody's children are to be
# taken for others' more often because fewer surnames are usual among them.
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
    for verb, run, seed, each_origin, words in (
        ("threshold", _threshold, 2001, 400, "choose the thresholds and write them to trained/"),
        ("measure", _measure, 2002, 300, "print precision and recall at the thresholds"),
    ):
        command = verbs.add_parser(verb, help=words)
        command.add_argument("--seed", type=int, default=seed)
        command.add_argument("--contacts", type=int, default=100_000, help="contacts stored")
        command.add_argument("--queries", type=int, default=3_000, help="contacts asked about")
        command.add_argument(
            "--each-origin",
            type=int,
            default=each_origin,
            help="at least so many of each origin of names",
        )
        command.set_defaults(run=run)
    return parser


def _train(options: argparse.Namespace) -> None:
    # Only here: nothing else needs Splink.
    from api.matching.training import train

    train(TRAINED, seed=options.seed, families=options.families)


def _threshold(options: argparse.Namespace) -> None:
    pairs, _ = _search(options)
    groups = [[pair for pair in pairs if pair.query < options.queries], *by_origin(pairs).values()]
    chosen = {
        what: choose_threshold(groups, what=what, least_precision=LEAST_PRECISION) for what in WHAT
    }
    (TRAINED / "thresholds.json").write_text(json.dumps(chosen, indent=1) + "\n", "utf-8")
    print(chosen)


def _measure(options: argparse.Namespace) -> None:
    pairs, searches = _search(options)
    _print_searches(searches)
    trained = load_trained()
    for what in WHAT:
        threshold = getattr(trained, what)
        _print_figures(pairs, what=what, threshold=threshold, queries=options.queries)


def _search(options: argparse.Namespace) -> tuple[list[Pair], list[Search]]:
    return search(
        contacts=options.contacts,
        queries=options.queries,
        seed=options.seed,
        each_origin=options.each_origin,
    )


def _print_searches(searches: Sequence[Search]) -> None:
    for name in ("before_limit", "candidates", "milliseconds"):
        values = [getattr(each, name) for each in searches]
        middle, high, most = np.percentile(values, (50, 95, 100))
        print(f"{name}: median {middle:.0f}, 95th percentile {high:.0f}, most {most:.0f}")


def _print_figures(pairs: Sequence[Pair], *, what: str, threshold: float, queries: int) -> None:
    """Print the figures of all from the first *queries*, of each origin from all asked about."""
    of_all = [pair for pair in pairs if pair.query < queries]
    print(f"\n{what} at {threshold}\n  blocking recall {blocking_recall(of_all, what=what)}")
    slices: dict[str, list[Pair]] = {"all": of_all}
    for pair in of_all:
        name = "name not seen in training" if pair.new_name else "name seen"
        slices.setdefault(name, []).append(pair)
    slices |= {f"origin {origin}": found for origin, found in by_origin(pairs).items()}
    for name in sorted(slices):
        counts = count(slices[name], what=what, threshold=threshold)
        print(f"  {name:28} {_line(counts.precision(), counts.recall())}")
    for believed, true, number in calibration(of_all, what=what):
        print(f"  believed {believed:.3f}, true {true:.3f}, of {number:,}")


def _line(precision: Figure, recall: Figure) -> str:
    return f"precision {precision}, recall {recall}"


if __name__ == "__main__":
    sys.exit(main())
