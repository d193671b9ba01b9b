"""Print the figures of the rules, the reader and both.

``python -m evaluation.flag_contacts [FILE ...]``; without names, the files that may be looked at
at any time. ``third`` and ``fourth`` are looked at once a release: name them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

from evaluation.bootstrap import Figure
from evaluation.flag_contacts import (
    FILES,
    FlagContact,
    Source,
    find_by,
    load_flag_contacts,
    measure_flags,
)
from models.predict import load_reader
from nlp.domain import SafetyFlag

Find = Callable[[FlagContact], dict[Source, set[SafetyFlag]]]


def _show(figure: Figure) -> str:
    if figure.value is None:
        return "none"
    return f"{figure.value:.3f} ({figure.low:.2f} to {figure.high:.2f})"


def main(arguments: list[str] | None = None) -> None:
    """Measure the files that *arguments* name."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.flag_contacts", description=__doc__)
    parser.add_argument("files", nargs="*", choices=[*FILES, []])
    names = parser.parse_args(arguments).files or FILES[:2]
    reader = load_reader()
    print(f"read by {reader.name}")
    for name in names:
        _measure(name, find_by(reader))


def _measure(name: str, find: Find) -> None:
    contacts = load_flag_contacts(name)
    found = [find(contact) for contact in contacts]
    figures = {
        source: measure_flags(contacts, [each[source] for each in found]) for source in Source
    }
    print(f"\n{name}, {len(contacts)} contacts")
    for source, shown in figures.items():
        print(
            f"  {source:6} contact recall {_show(shown.recall)}, "
            f"precision {_show(shown.precision)}; contact and flag, F1 {_show(shown.f1)}"
        )
    print("  hits, false alarms, misses by flag:" + "".join(f"{s:>14}" for s in Source))
    for flag in SafetyFlag:
        cells = ("{}, {}, {}".format(*figures[source].by_flag[flag]) for source in Source)
        print(f"  {flag:35}" + "".join(f"{cell:>14}" for cell in cells))


if __name__ == "__main__":
    main()
