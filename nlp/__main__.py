"""``python -m nlp check``: read every rule file and say every mistake, or what is there."""

from __future__ import annotations

import argparse
import sys

from nlp.errors import RulebookError
from nlp.guidance import load_forms, load_frameworks, load_guidance
from nlp.rules import load_rulebook


def main() -> int:
    """Run the command given; 0 where the rulebook is sound, 1 where it holds mistakes."""
    parser = argparse.ArgumentParser(prog="python -m nlp", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="read every rule file and say every mistake in it")
    parser.parse_args()
    return check()


def check() -> int:
    """Print every mistake in the rule files, or how much they hold and their version."""
    said, mistakes = [], []
    for load in (_rules, _forms, _frameworks, _wording):
        try:
            said.append(load())
        except RulebookError as error:
            mistakes.append(str(error))
    print("\n".join(mistakes or said), file=sys.stderr if mistakes else sys.stdout)
    return 1 if mistakes else 0


def _rules() -> str:
    book = load_rulebook()
    return (
        f"rulebook {book.version}: {len(book.flag_rules)} flag rules, "
        f"{len(book.vague_rules)} vague wordings, "
        f"{len(book.never_inappropriate)} conditions for notifications"
    )


def _forms() -> str:
    return f"forms: {', '.join(load_forms())}"


def _frameworks() -> str:
    return f"frameworks: {', '.join(load_frameworks())}"


def _wording() -> str:
    guide = load_guidance()
    questions = sum(1 + len(text.prompts) for text in guide.prompts.elements.values())
    return (
        f"wording: {len(guide.prompts.elements)} elements with {questions} questions, "
        f"{len(guide.reasons.reasons)} reasons"
    )


if __name__ == "__main__":
    sys.exit(main())
