"""Where does a new sentence begin in writing that has no full stops?

Some partners write a whole contact in one breath. The gaps between its words are scored by the
words around them, with weights fitted by ``python -m models.run_ons`` on sentences whose stops were
taken away. Only a long stretch that its writer did not end with a stop is read in this way.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from nlp.errors import ArtefactError

RUN_ONS = Path(__file__).parent / "run_ons.json"

# Of the training contacts' stretches without a stop at the end, 34 of the 40 with sixty words or
# more hold a boundary, 11 of the 57 with forty to sixty; with a stop at the end, 1 of 31.
FEWEST_WORDS = 60
# Two gaps in a row score high together: 'at two | theres | still'.
SHORTEST = 3

_EDGES = "\"'()[]{}*.,;:!?-\u2013"
_COMMAS = ",;:-\u2013"
NUMBER = "0"
_RARE, _OUTSIDE = "?", "|"
_DIGITS = str.maketrans("123456789", "000000000", "'")


class RunOnModel(BaseModel):
    """The kinds of common words, and what each thing that stands around a gap weighs.

    ``weights`` are by place (as `describe_gaps` names it) and by what stands there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kinds: Mapping[str, str]
    intercept: float
    weights: Mapping[str, Mapping[str, float]]


class RunOnSplitter:
    """Finds the words that begin a sentence in a run-on."""

    def __init__(self, model: RunOnModel) -> None:
        self._kinds = to_kinds(model.kinds)
        self._intercept = model.intercept
        self._weights = model.weights

    def find_starts(self, words: Sequence[str]) -> Iterator[int]:
        """The positions in *words*, a stretch without a stop, that begin a sentence; not the first.

        Nothing is found in fewer than ``FEWEST_WORDS`` words.
        """
        if len(words) < FEWEST_WORDS:
            return
        last = 0
        for start in (1 + np.flatnonzero(self._scores(words) > 0)).tolist():
            if min(start - last, len(words) - start) >= SHORTEST:
                last = start
                yield start

    def _scores(self, words: Sequence[str]) -> npt.NDArray[np.float64]:
        """The log odds that a sentence begins, by gap."""
        scores = np.full(len(words) - 1, self._intercept)
        for place, values in describe_gaps(words, self._kinds).items():
            weights = self._weights.get(place, {})
            scores += [weights.get(value, 0.0) for value in values]
        return scores


def to_kinds(words: Mapping[str, str]) -> dict[str, str]:
    """The kind of each word, from the words of each kind with spaces between."""
    return {word: kind for kind, listed in words.items() for word in listed.split()}


def to_plain(word: str) -> str:
    """The word in small letters, its digits noughts, without the marks around it."""
    return word.lower().translate(_DIGITS).strip(_EDGES) or word


def describe_gaps(words: Sequence[str], kinds: Mapping[str, str]) -> dict[str, list[str]]:
    """What stands at each place around the gaps between *words*, gap by gap.

    A place is told by its words, of which 'a', 'b' and 'c' stand before the gap and 'd', 'e' and
    'f' after it.
    """
    known = [(word, kinds.get(word) or _unknown(word)) for word in map(to_plain, words)]
    a, b, c, d, e, f = _around([word if word in kinds else kind for word, kind in known])
    _, kind_b, kind_c, kind_d, kind_e, _ = _around([kind for _, kind in known])
    _, comma_b, comma_c, comma_d, _, _ = _around(["," * (word[-1] in _COMMAS) for word in words])
    _, _, capital_c, capital_d, _, _ = _around(["aA"[word[0].isupper()] for word in words])
    return dict(zip("abcdef", (a, b, c, d, e, f), strict=True)) | {
        "comma and capitals of c d": _join(comma_c, capital_c, capital_d),
        "comma of c, kind of d": _join(comma_c, kind_d),
        "commas of b d": _join(comma_b, comma_d),
        "kinds of b c": _join(kind_b, kind_c),
        "kinds of c d": _join(kind_c, kind_d),
        "kinds of d e": _join(kind_d, kind_e),
        "kinds of c d e": _join(kind_c, kind_d, kind_e),
    }


def _around(values: Sequence[str]) -> list[list[str]]:
    """What the three words before and after each gap have, a list for each of the six."""
    padded = [_OUTSIDE] * 2 + list(values) + [_OUTSIDE] * 2
    return [padded[first : first + len(values) - 1] for first in range(6)]


def _join(*columns: Sequence[str]) -> list[str]:
    return [" ".join(values) for values in zip(*columns, strict=True)]


def _unknown(plain: str) -> str:
    """The kind of a word that is not common, as names are not: one name reads as another."""
    return NUMBER if plain[0] == NUMBER else _RARE


@cache
def load_run_on_splitter(path: Path = RUN_ONS) -> RunOnSplitter:
    """The splitter with the weights in the file at *path*.

    Raises:
        ArtefactError: If the file cannot be read or is not one of ours.
    """
    return RunOnSplitter(read_run_on_model(path))


def read_run_on_model(path: Path = RUN_ONS) -> RunOnModel:
    """The kinds and weights in the file at *path*.

    Raises:
        ArtefactError: As `load_run_on_splitter`.
    """
    try:
        return RunOnModel.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError) as error:
        raise ArtefactError(
            f"{path.name}: cannot be used ({type(error).__name__}); "
            "restore it, or fit it again with python -m models.run_ons"
        ) from None
