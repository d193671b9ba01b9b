"""Measure what is served, hold it to its floors, and time it.

``python -m evaluation run``, ``gate``, ``decide``, ``bench``, ``behaviour``, ``compare``,
``learning`` and ``papers``.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from evaluation.one_thread import use_one_thread
from nlp.errors import ReferralQualityError


def main(arguments: list[str] | None = None) -> int:
    """Run the command of the given arguments; 0 where all is well."""
    chosen = _parser().parse_args(arguments)
    use_one_thread()
    verbs = {
        "run": _run,
        "gate": _gate,
        "decide": _decide,
        "bench": _bench,
        "behaviour": _behaviour,
        "papers": _papers,
        "compare": _compare,
        "learning": _learning,
    }
    try:
        return verbs[chosen.verb](chosen)
    except ReferralQualityError as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)

    run = verbs.add_parser("run", help="measure and write the report")
    run.add_argument("--fast", action="store_true", help="few authors and few resamples")
    run.add_argument("--no-dev", action="store_true", help="do not look at dev (while developing)")
    run.add_argument("--decided", help="what is decided after this look at dev")
    run.add_argument("--processes", type=int, default=2, help="trainings at a time (2)")
    run.add_argument("--output", type=Path, help="folder (evaluation/reports/latest)")

    gate = verbs.add_parser("gate", help="compare the latest report with the pinned floors")
    gate.add_argument("--report", type=Path, help="folder of the report (the latest)")
    gate.add_argument("--no-dev", action="store_true", help="pass over the floors of dev")
    gate.add_argument("--pin", action="store_true", help="raise the floors to the report")
    gate.add_argument("--lower", action="store_true", help="with --pin: lower floors too")

    decide = verbs.add_parser("decide", help="note what was decided after the last look at dev")
    decide.add_argument("decided")

    bench = verbs.add_parser("bench", help="time assessments, bulk, start-up; measure memory")
    bench.add_argument("--fast", action="store_true", help="few samples, short hostile texts")
    bench.add_argument("--output", type=Path, help="JSON file (evaluation/reports/bench.json)")

    behaviour = verbs.add_parser("behaviour", help="run the behavioural suite on the reader")
    behaviour.add_argument("--only", nargs="+", metavar="CAPABILITY", help="these alone")
    behaviour.add_argument("--pin", action="store_true", help="raise the floors to what is found")
    behaviour.add_argument("--output", type=Path, help="folder (evaluation/reports/behaviour)")

    compare = verbs.add_parser("compare", help="may a candidate replace the reader in service?")
    compare.add_argument("candidate", type=Path, help="folder that models train --local wrote")
    compare.add_argument(
        "--against", type=Path, help="folder of readers, or of one reader (the shipped one)"
    )
    compare.add_argument(
        "--on", type=Path, required=True, metavar="LOCKED", help="folder that models split wrote"
    )
    compare.add_argument("--only", nargs="+", metavar="CAPABILITY", help="a part of the behaviour")
    compare.add_argument("--rule", type=Path, help="what is refused (comparing/rule.toml)")

    learning = verbs.add_parser("learning", help="labels that a new council needs, by simulation")
    learning.add_argument("--fast", action="store_true", help="one author, few labels")
    learning.add_argument("--processes", type=int, default=1, help="councils at a time (1)")
    learning.add_argument("--output", type=Path, help="folder (evaluation/reports/learning)")

    papers = verbs.add_parser(
        "papers", help="write docs/papers and README's table from what was measured"
    )
    papers.add_argument("--output", type=Path, help="folder (docs/papers)")
    return parser


# Imports stand in the verbs: the benchmark's processes import this module, and what it imports
# would be counted as start-up and memory of the product.


def _run(chosen: argparse.Namespace) -> int:
    from evaluation import looks, report
    from evaluation.run import run_evaluation

    dev = not chosen.no_dev
    made = run_evaluation(dev=dev, quick=chosen.fast, processes=chosen.processes, log=looks.LOG)
    page = report.write_report(made, chosen.output or report.LATEST)
    if dev and chosen.decided:
        looks.note_decision(chosen.decided, looks.LOG)
    print(report.write_summary(made))
    print(f"written to {page}")
    return 0


def _gate(chosen: argparse.Namespace) -> int:
    from evaluation import gate, report
    from models.predict import load_reader
    from nlp.rules import load_rulebook

    made = report.load_report(chosen.report or report.LATEST)
    if chosen.pin:
        old = gate.load_floors(gate.FLOORS) if gate.FLOORS.exists() else None
        gate.save_floors(gate.pin_floors(made, old, lower=chosen.lower), gate.FLOORS)
        print(f"floors pinned to the report of {made.made}")
        return 0
    complaints = (
        *gate.check_current(made, reader=load_reader().name, rulebook=load_rulebook().version),
        *gate.check_gate(made, gate.load_floors(gate.FLOORS), dev=not chosen.no_dev),
    )
    print("\n".join(complaints) or f"open: {made.reader} is at or above every floor")
    return 1 if complaints else 0


def _decide(chosen: argparse.Namespace) -> int:
    from evaluation import looks

    look = looks.note_decision(chosen.decided, looks.LOG)
    print(f"noted for the look of {look.made}")
    return 0


def _bench(chosen: argparse.Namespace) -> int:
    from evaluation.bench import LATEST, run_bench, write_table

    bench = run_bench(fast=chosen.fast)
    path = chosen.output or LATEST
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(bench.model_dump_json(indent=1) + "\n", encoding="utf-8")
    print(write_table(bench))
    print(f"written to {path}")
    return 0


def _behaviour(chosen: argparse.Namespace) -> int:
    from tqdm import tqdm

    from evaluation.behaviour import page, suite, trials
    from models.predict import load_reader

    made = datetime.now(UTC).isoformat(timespec="seconds")
    loaded = suite.load_suite()
    if chosen.only:
        loaded = loaded.only(chosen.only)
    with tqdm(total=len(loaded.trials), unit="test") as bar:
        found = trials.run_suite(loaded, load_reader(), made=made, step=lambda: bar.update())
    if chosen.pin:
        pinned = trials.pin_floors(found, suite.load_floors())
        page.save_floors(pinned, suite.FOLDER / suite.FLOORS)
        found = trials.with_floors(found, pinned)
    written = page.write_behaviour(found, chosen.output or page.LATEST)
    print(page.write_table(found))
    print(f"written to {written}")
    complaints = list(page.complain(found))
    print("\n".join(complaints) or "every check is at or above its floor")
    return 1 if complaints else 0


def _compare(chosen: argparse.Namespace) -> int:
    from evaluation.behaviour import suite
    from evaluation.comparing import comparison, page, rule
    from models import releases
    from models.local.splitting import load_locked

    loaded = suite.load_suite()
    made = comparison.compare(
        chosen.candidate,
        releases.served_folder(chosen.against),
        load_locked(chosen.on),
        rule.load_rule(chosen.rule or rule.RULE),
        loaded.only(chosen.only) if chosen.only else loaded,
        whole_suite=not chosen.only,
    )
    written = page.write_comparison(made, chosen.candidate)
    print(page.write_summary(made))
    print(f"written to {written}")
    return 0 if made.verdict.opened else 1


def _learning(chosen: argparse.Namespace) -> int:
    from annotation.corpus import load_first
    from evaluation.contestants import CONFIG
    from evaluation.learning import page, plan, running
    from models.choosing.config import load_choosing_config
    from models.config import load_config

    made = running.run_learning(
        load_first(),
        plan.FAST if chosen.fast else plan.Plan(),
        config=load_config(CONFIG),
        choosing=load_choosing_config(),
        processes=chosen.processes,
    )
    written = page.write_learning(made, chosen.output or page.LATEST)
    print(page.write_table(made))
    print(f"written to {written}")
    return 0


def _papers(chosen: argparse.Namespace) -> int:
    from evaluation.papers import facts, readme, writing

    gathered = facts.gather()
    for path in writing.write_papers(gathered, chosen.output or writing.PAPERS):
        print(f"written to {path}")
    if chosen.output is None:
        told = readme.with_table(readme.README.read_text(encoding="utf-8"), gathered)
        readme.README.write_text(told, encoding="utf-8")
        print(f"the table of measured results written to {readme.README}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
