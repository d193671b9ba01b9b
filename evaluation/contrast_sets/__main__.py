"""Print how the served reader, the linear reader and keywords do on the held contrast sets.

``python -m evaluation.contrast_sets``; then all again, beside a second annotator, on the families
that one labelled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from annotation.contrast_sets import Family
from annotation.labels import LabelledContact
from evaluation.baselines import Predict, load_keywords
from evaluation.contrast_sets import load_held, load_second, measure, show
from evaluation.judge import judge_with
from evaluation.outcomes import Prediction, from_labels
from models.artefact import load_tfidf
from models.predict import TFIDF, load_reader


def main() -> None:
    """Measure and print."""
    known, second, reader = load_held(), load_second(), load_reader()
    twice = [family for family in known if all(contact.id in second for contact in family)]
    contestants: dict[str, Predict] = {
        "reader": judge_with(reader),
        "linear": judge_with(load_tfidf(TFIDF)),
        "keywords": load_keywords().predict,
    }
    print(f"the reader is {reader.name}")
    _print("all", known, contestants)

    def annotated(contact: LabelledContact) -> Prediction:
        return from_labels(second[contact.id])

    _print("labelled twice", twice, {"second annotator": annotated, **contestants})


def _print(title: str, known: Sequence[Family], contestants: Mapping[str, Predict]) -> None:
    contacts = sum(map(len, known))
    print(f"\n{title}: {contacts} contacts in {len(known)} families\n")
    print(show({name: measure(known, predict) for name, predict in contestants.items()}))


if __name__ == "__main__":
    main()
