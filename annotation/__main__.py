"""Check the corpus, take it to labelling tools and back, tell how far annotators agree.

``python -m annotation check [FILE ...]``, ``agree``, ``demonstration --seed N``,
``export --to TOOL IN OUT``, ``import --from TOOL IN OUT``, ``label-studio-project``,
``redaction-recall``, ``compare`` and ``disagreements FILE FILE ...``, and ``adjudicate queue FILE
FILE ...`` and ``adjudicate close DIR FILE``.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from annotation.adjudication import close_queue, open_queue, write_closing
from annotation.agreement import compare_annotators, write_table
from annotation.comparison import (
    Annotators,
    group,
    measure_alphas,
    measure_kappas,
    measure_spans,
    write_comparison,
)
from annotation.corpus import (
    CORPUS,
    SETS,
    fingerprint,
    load_corpus,
    load_first,
    load_twice_labelled,
    save_corpus,
)
from annotation.demonstration import DEMONSTRATION, choose, write
from annotation.disagreements import find_disagreements, to_lines, write_queue
from annotation.exchange.formats import FORMATS, export_records, import_contacts
from annotation.exchange.fresh import load_fresh
from annotation.exchange.label_studio_project import PROJECT, write_project
from annotation.records import to_record
from annotation.redaction.recall import measure_examples, measure_names, write_recall
from annotation.redaction.replacing import redact_record, restore_contacts
from nlp.errors import CorpusError, ReferralQualityError


def main(arguments: list[str] | None = None) -> int:
    """Run the command of the given arguments; 0 where all is well."""
    chosen = _parser().parse_args(arguments)
    verbs = {
        "check": _check,
        "agree": _agree,
        "demonstration": _choose,
        "export": _export,
        "import": _import,
        "label-studio-project": _write_project,
        "redaction-recall": _measure_redaction,
        "compare": _compare,
        "disagreements": _list_disagreements,
        "adjudicate": _adjudicate,
    }
    try:
        verbs[chosen.verb](chosen)
    except ReferralQualityError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m annotation", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    check = verbs.add_parser("check", help="list every mistake of every record")
    check.add_argument("files", nargs="*", type=Path, help="JSON Lines files; the corpus if none")
    verbs.add_parser("agree", help="print the agreement of the annotators of dev")
    demonstration = verbs.add_parser("demonstration", help="choose contacts of train to show")
    demonstration.add_argument("--seed", type=int, default=7, help="another seed, other contacts")
    demonstration.add_argument("--output", type=Path, default=DEMONSTRATION, help="JSON Lines file")
    _add_exchange(verbs)
    _add_agreement(verbs)
    _add_adjudication(verbs)
    return parser


def _add_agreement(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    compare = verbs.add_parser("compare", help="print how far people agree, with intervals")
    queue = verbs.add_parser("disagreements", help="list what is in dispute, the gravest first")
    queue.add_argument("--output", type=Path, help="write it as JSON Lines too")
    for verb in (compare, queue):
        verb.add_argument("files", nargs="+", type=Path, help="a corpus file for each annotator")


def _add_adjudication(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    adjudicate = verbs.add_parser("adjudicate", help="settle what annotators dispute")
    steps = adjudicate.add_subparsers(dest="step", required=True)
    queue = steps.add_parser("queue", help="write what is in dispute as a Label Studio project")
    queue.add_argument("files", nargs="+", type=Path, help="a corpus file for each annotator")
    queue.add_argument("--output", type=Path, required=True, metavar="DIR")
    close = steps.add_parser("close", help="check that all is decided; write the final labels")
    close.add_argument("folder", type=Path, metavar="DIR", help="as queue wrote it")
    close.add_argument("adjudicated", type=Path, help="Label Studio's export, or a corpus file")
    close.add_argument("--output", type=Path, required=True, help="the final corpus file")
    close.add_argument("--by", help="who decided, where the file does not say")


def _agree(_: argparse.Namespace) -> None:
    print(write_table(compare_annotators(load_twice_labelled())))


def _choose(chosen: argparse.Namespace) -> None:
    number = write(choose(load_first(), seed=chosen.seed), chosen.output)
    print(f"{number} contacts written to {chosen.output.name}")


def _write_project(_: argparse.Namespace) -> None:
    PROJECT.write_text(write_project(), encoding="utf-8")
    print(f"written to {PROJECT.name}")


def _measure_redaction(_: argparse.Namespace) -> None:
    print(write_recall(measure_names(load_first()), measure_examples()))


def _read_people(files: list[Path]) -> Annotators:
    if len({path.stem for path in files}) < len(files):
        raise CorpusError("two files have one name; name each after its annotator")
    return group({path.stem: load_corpus(path) for path in files})


def _compare(chosen: argparse.Namespace) -> None:
    people = _read_people(chosen.files)
    print(write_comparison(measure_alphas(people), measure_kappas(people), measure_spans(people)))


def _list_disagreements(chosen: argparse.Namespace) -> None:
    queue = find_disagreements(_read_people(chosen.files))
    print(write_queue(queue))
    if chosen.output:
        chosen.output.write_text(to_lines(queue), encoding="utf-8")


def _adjudicate(chosen: argparse.Namespace) -> None:
    if chosen.step == "queue":
        queue = open_queue(_read_people(chosen.files), chosen.output)
        contacts = len({each.contact for each in queue})
        print(f"{len(queue)} disputes on {contacts} contacts written to {chosen.output.name}")
        return
    closed = close_queue(chosen.folder, chosen.adjudicated, by=chosen.by)
    save_corpus(closed.contacts, chosen.output)
    print(write_closing(closed))
    print(f"{len(closed.contacts)} contacts written to {chosen.output.name}")


def _add_exchange(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    away = verbs.add_parser("export", help="write labelled contacts as a labelling tool reads them")
    away.add_argument("--to", required=True, choices=FORMATS, dest="tool")
    away.add_argument("--blank", action="store_true", help="sentences without labels, to be given")
    away.add_argument("--redact", action="store_true", help="take out names, numbers, addresses")
    back = verbs.add_parser("import", help="read what a labelling tool exported")
    back.add_argument("--from", required=True, choices=FORMATS, dest="tool")
    back.add_argument("--annotator", help="whose answers, where several people answered")
    back.add_argument("--onto", type=Path, metavar="ORIGINAL", help="the file before --redact")
    for verb in (away, back):
        verb.add_argument("source", type=Path, metavar="IN")
        verb.add_argument("target", type=Path, metavar="OUT")
    verbs.add_parser("label-studio-project", help="write the labelling interface")
    verbs.add_parser("redaction-recall", help="print how much redaction finds; half a minute")


def _export(chosen: argparse.Namespace) -> None:
    if chosen.blank and chosen.tool != "label-studio":
        raise CorpusError("--blank is for label-studio alone: the others cannot ask for a level")
    records = (
        load_fresh(chosen.source)
        if chosen.blank
        else tuple(to_record(contact) for contact in load_corpus(chosen.source))
    )
    if chosen.redact:
        records = tuple(redact_record(record) for record in records)
    export_records(records, chosen.tool, chosen.target)
    print(f"{len(records)} contacts written to {chosen.target.name}")
    print(f"{chosen.tool} {FORMATS[chosen.tool].limits}")
    if chosen.redact:
        print("redaction misses some names and what else tells who a child is: keep it as personal")


def _import(chosen: argparse.Namespace) -> None:
    imported = import_contacts(chosen.source, chosen.tool, annotator=chosen.annotator)
    contacts = imported.contacts
    if chosen.onto:
        contacts = restore_contacts(contacts, load_fresh(chosen.onto))
    save_corpus(contacts, chosen.target)
    print(f"{len(imported.contacts)} contacts written to {chosen.target.name}")
    if imported.left_out:
        print(f"{imported.left_out} tasks that nobody finished were left out")


def _check(chosen: argparse.Namespace) -> None:
    for path in chosen.files or [CORPUS / f"{name}.jsonl" for name in SETS]:
        contacts = load_corpus(path)
        authors = Counter(contact.author for contact in contacts)
        sentences = sum(len(contact.sentences) for contact in contacts)
        print(
            f"{path.name}: {len(contacts)} contacts, {sentences} sentences, "
            f"{len(authors)} authors, fingerprint {fingerprint(contacts)}"
        )


if __name__ == "__main__":
    sys.exit(main())
