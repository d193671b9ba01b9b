"""Who is compared: each learns from two thirds of the authors, and judges the contacts of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from evaluation.baselines import KEYWORDS, Predict, fit_majority, load_keywords
from evaluation.judge import judge_with
from evaluation.other_tools.classifier_reader import fit_reader
from evaluation.other_tools.classifiers import Tool
from evaluation.other_tools.errors import CannotRunError
from evaluation.other_tools.linear import linear_folder, linear_reader
from evaluation.other_tools.sizes import MEGABYTE, folder_megabytes
from evaluation.other_tools.textcat import fit_textcat
from evaluation.other_tools.thirds import FOLDS, Thirds
from models.predict import TFIDF, TRANSFORMER, load_reader
from nlp.rule_files import RuleFile, load_rule_file

# Every other contestant is measured against this one.
AGAINST = "tfidf"
WORDS = Path(__file__).with_name("contestants.yaml")
EXTRA = "pip install torch==2.13.0 and the extra 'compare' of pyproject.toml"


class ContestantWords(RuleFile):
    """What is said of a contestant, and the packages that it needs."""

    title: str
    how: str
    packages: tuple[str, ...]


class ContestantFile(RuleFile):
    """The words of all, in the order of the report."""

    contestants: dict[str, ContestantWords]


@dataclass(frozen=True)
class Fitted:
    """Something that judges contacts, and the megabytes of its own files.

    ``timed`` is what is timed in its place, where its answers were known before.
    """

    predict: Predict
    megabytes: float
    timed: Predict | None = None


@dataclass(frozen=True)
class Contestant:
    """``fit`` learns from all but one third; ``folds`` are the thirds it is given time for."""

    fit: Callable[[Thirds, int], Fitted]
    folds: int = FOLDS


def load_words(path: Path = WORDS) -> Mapping[str, ContestantWords]:
    """Give what is said of each contestant.

    Raises:
        RulebookError: If the file holds mistakes.
    """
    return load_rule_file(path, ContestantFile).contestants


def _majority(thirds: Thirds, fold: int) -> Fitted:
    return Fitted(fit_majority(thirds.train(fold)), 0.0)


def _keywords(thirds: Thirds, fold: int) -> Fitted:
    del thirds, fold
    return Fitted(load_keywords().predict, KEYWORDS.stat().st_size / MEGABYTE)


def _tfidf(thirds: Thirds, fold: int) -> Fitted:
    reader = linear_reader(thirds, fold)
    return Fitted(judge_with(reader), folder_megabytes(linear_folder(thirds, fold)))


def _minilm(thirds: Thirds, fold: int) -> Fitted:
    _require("sentence_transformers", "setfit")
    from evaluation.other_tools.encoders import fit_frozen

    return _with_tool("frozen MiniLM", fit_frozen, thirds, fold)


def _textcat(thirds: Thirds, fold: int) -> Fitted:
    return _with_tool("textcat", fit_textcat, thirds, fold)


def _setfit(thirds: Thirds, fold: int) -> Fitted:
    _require("sentence_transformers", "setfit")
    from evaluation.other_tools.encoders import Tuner

    return _with_tool("SetFit", Tuner(), thirds, fold)


def _released(thirds: Thirds, fold: int) -> Fitted:
    _require("torch", "safetensors", "setfit")
    from evaluation.other_tools.released import fit_joined

    return Fitted(
        judge_with(fit_joined(thirds, fold)),
        folder_megabytes(TRANSFORMER, TFIDF),
        timed=judge_with(load_reader()),
    )


def _with_tool(name: str, tool: Tool, thirds: Thirds, fold: int) -> Fitted:
    reader = fit_reader(name, tool, thirds.train(fold))
    return Fitted(judge_with(reader), reader.megabytes)


def _require(*modules: str) -> None:
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        raise CannotRunError(f"{', '.join(missing)} not installed; {EXTRA}")


CONTESTANTS: Mapping[str, Contestant] = {
    "majority": Contestant(_majority),
    "keywords": Contestant(_keywords),
    "tfidf": Contestant(_tfidf),
    "minilm": Contestant(_minilm),
    "textcat": Contestant(_textcat),
    "setfit": Contestant(_setfit, folds=1),
    "released": Contestant(_released),
}
