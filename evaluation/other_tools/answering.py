"""Ask every contestant about every contact of the authors left out, and keep the answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import process_time
from typing import Any

from tqdm import tqdm

from annotation.labels import LabelledContact
from evaluation.baselines import Predict
from evaluation.other_tools.contestants import Contestant, ContestantWords
from evaluation.other_tools.errors import CannotRunError
from evaluation.other_tools.sizes import installed_megabytes
from evaluation.other_tools.thirds import FOLDS, Thirds
from evaluation.outcomes import Prediction
from evaluation.parts import Part

# So many contacts are timed with what is served in place of answers known before.
TIMED = 60


class Answers(Part):
    """What one contestant said of one third, by contact; codes and numbers, no words of it.

    ``milliseconds`` are of processor time, a contact each; sizes are in megabytes.
    """

    contestant: str
    fold: int
    predictions: Mapping[str, Prediction]
    milliseconds: tuple[float, ...]
    model: float
    installed: float


def ask_all(
    contestants: Mapping[str, Contestant], words: Mapping[str, ContestantWords], thirds: Thirds
) -> tuple[dict[str, tuple[Answers, ...]], dict[str, str]]:
    """Give each contestant's answers; and of those that cannot run here, the reason.

    Answers that were kept in ``thirds.work`` are given, and not asked for again.
    """
    answers: dict[str, tuple[Answers, ...]] = {}
    left_out: dict[str, str] = {}
    with tqdm(total=sum(each.folds for each in contestants.values()), unit="third") as bar:
        for code, contestant in contestants.items():
            bar.set_description(code)
            try:
                answers[code] = tuple(_thirds(code, contestant, words[code], thirds, bar))
            except CannotRunError as error:
                left_out[code] = str(error)
                bar.update(contestant.folds)
    return answers, left_out


def _thirds(
    code: str, contestant: Contestant, words: ContestantWords, thirds: Thirds, bar: tqdm[Any]
) -> Iterator[Answers]:
    for fold in range(FOLDS):
        kept = thirds.work / f"{code}_{fold}.json"
        if not kept.exists():
            if fold >= contestant.folds:
                continue
            _keep(_ask(code, contestant, words, thirds, fold), kept)
        yield Answers.model_validate_json(kept.read_text(encoding="utf-8"))
        bar.update()


def _ask(
    code: str, contestant: Contestant, words: ContestantWords, thirds: Thirds, fold: int
) -> Answers:
    fitted = contestant.fit(thirds, fold)
    predictions, milliseconds = _judge(fitted.predict, thirds.test(fold))
    if fitted.timed is not None:
        _, milliseconds = _judge(fitted.timed, thirds.test(fold)[:TIMED])
    return Answers(
        contestant=code,
        fold=fold,
        predictions=predictions,
        milliseconds=tuple(milliseconds),
        model=fitted.megabytes,
        installed=installed_megabytes(words.packages),
    )


def _judge(
    predict: Predict, contacts: Sequence[LabelledContact]
) -> tuple[dict[str, Prediction], list[float]]:
    predictions, milliseconds = {}, []
    for contact in contacts:
        started = process_time()
        predictions[contact.id] = predict(contact)
        milliseconds.append(1000 * (process_time() - started))
    return predictions, milliseconds


def _keep(answers: Answers, path: Path) -> None:
    """Write to *path*, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    begun = path.with_suffix(".part")
    begun.write_text(answers.model_dump_json(), encoding="utf-8")
    begun.replace(path)
