"""Train the flag reader on the released encoder's vectors, and save it with its card.

``python -m models.flag_training models/configs/flags.toml``; run it again whenever another
transformer is released, since another encoder's vectors mean nothing to it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from annotation.corpus import fingerprint, load_train
from annotation.flag_sentences import fingerprint_texts, load_flag_sentences
from annotation.splits import refuse_held_back
from models.fitting import Doubles, Truth
from models.flag_artefact import save_flags
from models.flag_config import FlagConfig, read_flag_config
from models.flag_heads import QUESTIONS, FlagHeads, flag_rows
from models.flag_lessons import Lesson, to_lessons
from models.heads import Floats
from models.predict import FLAGS, TRANSFORMER
from models.transformer.encoding import SentenceVectors
from models.transformer.reader import ENCODER, open_vectors
from nlp.errors import ArtefactError, ReferralQualityError

REMEMBERED = 1
"""Sentences: none is read twice here."""


def fit_flags(lessons: Sequence[Lesson], vectors: SentenceVectors, config: FlagConfig) -> FlagHeads:
    """Fit a logistic regression for each flag and for any flag."""
    rows, present, weights = gather(lessons, vectors, config)
    coef = np.zeros((rows.shape[1], QUESTIONS), dtype=np.float32)
    intercept = np.zeros(QUESTIONS, dtype=np.float32)
    for question in tqdm(range(QUESTIONS), desc="fitting flags", unit="flag"):
        yes = present[:, question]
        if yes.all() or not yes.any():  # nothing to tell apart: a constant answer
            intercept[question] = 10.0 if yes.any() else -10.0
            continue
        machine = LogisticRegression(C=config.cost, max_iter=config.iterations, tol=1e-6)
        machine.fit(rows, yes, sample_weight=weights)
        coef[:, question], intercept[question] = machine.coef_[0], machine.intercept_[0]
    return FlagHeads(coef, intercept)


def gather(
    lessons: Sequence[Lesson], vectors: SentenceVectors, config: FlagConfig
) -> tuple[Floats, Truth, Doubles]:
    """Give features, answers and weights of the sentences that are taught, a row each."""
    rows, present, weights = [], [], []
    unflagged = 0
    for lesson in tqdm(lessons, desc="reading sentences", unit="contact"):
        weight = np.full(len(lesson.texts), config.wide if lesson.wide else 1.0)
        taken = np.ones(len(lesson.texts), dtype=bool)
        if not lesson.wide:
            idle = np.flatnonzero(~lesson.telling)
            taken[idle] = (unflagged + np.arange(len(idle))) % config.every == 0
            weight[idle] = config.every
            unflagged += len(idle)
        rows.append(flag_rows(vectors(lesson.texts))[taken])
        present.append(lesson.present[taken])
        weights.append(weight[taken])
    return np.concatenate(rows), np.concatenate(present), np.concatenate(weights)


def main(arguments: list[str] | None = None) -> int:
    """Run the command of the given arguments; 0 where all is well."""
    parser = argparse.ArgumentParser(prog="python -m models.flag_training", description=__doc__)
    parser.add_argument("config", type=Path, help="the training run, a TOML file")
    parser.add_argument("--transformer", type=Path, default=TRANSFORMER, help="released folder")
    parser.add_argument("--output", type=Path, default=FLAGS, help="folder of the flag reader")
    chosen = parser.parse_args(arguments)
    try:
        _train(chosen.config, chosen.transformer, chosen.output)
    except ReferralQualityError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _train(path: Path, transformer: Path, output: Path) -> None:
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ArtefactError(f"{path.name}: cannot be read ({type(error).__name__})") from None
    config = read_flag_config(source)
    contacts, texts = load_train(), load_flag_sentences()
    refuse_held_back(contacts)
    vectors = open_vectors(transformer, threads=2, remember=REMEMBERED)
    heads = fit_flags(list(to_lessons(contacts, texts)), vectors, config)
    save_flags(
        heads,
        output,
        source=source,
        encoder=transformer / ENCODER,
        corpus={
            "contacts": len(contacts),
            "fingerprint": fingerprint(contacts),
            "flag texts": len(texts),
            "flag texts' fingerprint": fingerprint_texts(texts),
        },
    )


if __name__ == "__main__":
    sys.exit(main())
