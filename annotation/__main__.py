"""Check the corpus, and tell how far its annotators agree.

``python -m annotation check [FILE ...]`` and ``python -m annotation agree``.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from annotation.agreement import compare_annotators, write_table
from annotation.corpus import CORPUS, fingerprint, load_corpus, load_twice_labelled
from nlp.errors import CorpusError


def main(arguments: list[str] | None = None) -> int:
    """Run the command of the given arguments; 0 where all is well."""
    parser = argparse.ArgumentParser(prog="python -m annotation", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    check = verbs.add_parser("check", help="list every mistake of every record")
    check.add_argument("files", nargs="*", type=Path, help="JSON Lines files; the corpus if none")
    verbs.add_parser("agree", help="print the agreement of the annotators of dev")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.verb == "check":
            _check(chosen.files or [CORPUS / "train.jsonl", CORPUS / "dev.jsonl"])
        else:
            print(write_table(compare_annotators(load_twice_labelled())))
    except CorpusError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _check(files: list[Path]) -> None:
    for path in files:
        contacts = load_corpus(path)
        authors = Counter(contact.author for contact in contacts)
        sentences = sum(len(contact.sentences) for contact in contacts)
        print(
            f"{path.name}: {len(contacts)} contacts, {sentences} sentences, "
            f"{len(authors)} authors, fingerprint {fingerprint(contacts)}"
        )


if __name__ == "__main__":
    sys.exit(main())
