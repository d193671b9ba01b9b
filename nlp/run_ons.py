"""Where does a new sentence begin in writing that has no full stops?

Some partners write a whole contact in one breath. A small convolutional network (residual and
dilated, after Bai et al. 2018, arXiv 1803.01271, but looking both ways) scores the gaps between its
words by the sixteen words on either side. Its weights are fitted by ``python -m models.run_ons``;
numpy alone reads with them. Which stretches are asked about, `nlp.sentence_starts` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from nlp.errors import ArtefactError

RUN_ONS = Path(__file__).parent / "run_ons.npz"

FEWEST_WORDS = 60
"""A shorter stretch is left whole. Of those without a stop at the end, in training and unread
contacts, 179 of 40 to 60 words hold 21 boundaries (11 would be found, and 213 in vain), and 94
longer ones 908 (641, and 686)."""

MOST_WORDS = 10_000
"""What is longer was pasted over and over, and is left whole: parted, it might have more sentences
than a contact may."""

# Two gaps in a row score high together: 'at two | theres | still'.
SHORTEST = 3

DILATIONS = (1, 2, 4, 8)
REACH = 1 + sum(DILATIONS)
"""How many words away a word can tell something of a gap."""

AT_ONCE = 4096
"""Words scored in one go, so that memory does not grow with what is pasted."""

NUMBER, UNKNOWN, FIRST_WORD = 0, 1, 2
"""Rows of the embeddings: of any number, of any word that is not known, and of the first word."""

MARKS = 6
_EDGES = "\"'()[]{}*.,;:!?-\u2013"
_COMMAS = ",;:-\u2013"
_CLOSERS, _OPENERS = "\"')", "\"'("
_DIGITS = str.maketrans("123456789", "000000000", "'\u2019")

_WEIGHTS = ("embeddings", "entry", "layers", "last")
_PLAIN = ("entry_bias", "layer_biases", "last_bias", "begins_from")

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class RunOnNetwork:
    """The weights, for V words, embeddings of D numbers and C channels.

    ``embeddings`` is (2 + V) x D, ``entry`` 3 x (D + ``MARKS``) x C, ``layers`` 4 x 3 x C x C and
    ``last`` 2 x C. A sentence begins where the log-odds are ``begins_from`` or more.
    """

    words: tuple[str, ...]
    embeddings: Floats
    entry: Floats
    entry_bias: Floats
    layers: Floats
    layer_biases: Floats
    last: Floats
    last_bias: float
    begins_from: float


class RunOnSplitter:
    """Finds the words that begin a sentence in a run-on."""

    def __init__(self, network: RunOnNetwork) -> None:
        self._numbers = {word: number for number, word in enumerate(network.words, FIRST_WORD)}
        self._network = network

    def find_starts(self, words: Sequence[str]) -> Iterator[int]:
        """The positions in *words*, a stretch without a stop, that begin a sentence; not the first.

        Nothing is found in fewer than ``FEWEST_WORDS`` words, nor in more than ``MOST_WORDS``.
        """
        if not FEWEST_WORDS <= len(words) <= MOST_WORDS:
            return
        last = 0
        for start in (1 + np.flatnonzero(self.scores(words) >= self._network.begins_from)).tolist():
            if min(start - last, len(words) - start) >= SHORTEST:
                last = start
                yield start

    def scores(self, words: Sequence[str]) -> Floats:
        """Give the log-odds that a sentence begins, gap by gap; *words* are two or more."""
        described = self._describe(words)
        parts = []
        for start in range(0, len(words) - 1, AT_ONCE):
            first = max(0, start - REACH)
            seen = self._read(described[first : start + AT_ONCE + 1 + REACH])
            parts.append(seen[start - first : start - first + AT_ONCE])
        return np.concatenate(parts)[: len(words) - 1]

    def _describe(self, words: Sequence[str]) -> Floats:
        rows = [number_of(word, self._numbers) for word in words]
        marks = np.array([marks_of(word) for word in words], dtype=np.float32)
        return np.concatenate([self._network.embeddings[rows], marks], axis=1)

    def _read(self, described: Floats) -> Floats:
        """Score the gap after each word but the last."""
        network = self._network
        hidden = _rectified(_convolve(described, network.entry, 1) + network.entry_bias)
        for dilation, weights, bias in zip(
            DILATIONS, network.layers, network.layer_biases, strict=True
        ):
            hidden = hidden + _rectified(_convolve(hidden, weights, dilation) + bias)
        before, after = (hidden @ weights for weights in network.last)
        return np.asarray(before[:-1] + after[1:] + network.last_bias)


def _convolve(values: Floats, weights: Floats, dilation: int) -> Floats:
    """Weigh each row with those *dilation* before and after it; beyond the ends all is nought."""
    padded = np.pad(values, ((dilation, dilation), (0, 0)))
    count = len(values)
    before, here, after = (padded[at : at + count] for at in (0, dilation, 2 * dilation))
    return np.asarray(before @ weights[0] + here @ weights[1] + after @ weights[2])


def _rectified(values: Floats) -> Floats:
    return np.maximum(values, np.float32(0))


def number_of(word: str, numbers: Mapping[str, int]) -> int:
    """The row of a word's embedding; one name is as unknown as another."""
    plain = to_plain(word)
    return numbers.get(plain, NUMBER if plain[0] == "0" else UNKNOWN)


def marks_of(word: str) -> tuple[bool, ...]:
    """Comma or dash after it, capital, closing mark, opening mark, all capitals, no letter."""
    return (
        word[-1] in _COMMAS,
        word[0].isupper(),
        word[-1] in _CLOSERS,
        word[0] in _OPENERS,
        len(word) > 1 and word.isupper(),
        not any(map(str.isalnum, word)),
    )


def to_plain(word: str) -> str:
    """The word in small letters, its digits noughts, without the marks around it."""
    return word.lower().translate(_DIGITS).strip(_EDGES) or word


@cache
def load_run_on_splitter(path: Path = RUN_ONS) -> RunOnSplitter:
    """The splitter with the weights in the file at *path*.

    Raises:
        ArtefactError: If the file cannot be read or is not one of ours.
    """
    return RunOnSplitter(read_run_on_network(path))


def read_run_on_network(path: Path = RUN_ONS) -> RunOnNetwork:
    """The weights in the file at *path*.

    Raises:
        ArtefactError: As `load_run_on_splitter`.
    """
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            network = _unpack(file)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise ArtefactError(
            f"{path.name}: cannot be used ({type(error).__name__}); "
            "restore it, or fit it again with python -m models.run_ons"
        ) from None
    return network


def pack(network: RunOnNetwork) -> dict[str, npt.NDArray[Any]]:
    """Give the arrays of a file; weights in whole numbers of eight bits, with a scale a column."""
    arrays: dict[str, npt.NDArray[Any]] = {
        "words": np.frombuffer("\n".join(network.words).encode(), dtype=np.uint8)
    }
    for name in _WEIGHTS:
        weights = getattr(network, name)
        scale = np.abs(weights).max(axis=tuple(range(weights.ndim - 1))).clip(1e-9) / 127
        arrays[name] = np.round(weights / scale).astype(np.int8)
        arrays[f"{name} scale"] = scale.astype(np.float32)
    return arrays | {name: np.asarray(getattr(network, name), dtype=np.float32) for name in _PLAIN}


def _unpack(arrays: Mapping[str, npt.NDArray[Any]]) -> RunOnNetwork:
    """Raises `ValueError` or `KeyError` where *arrays* are not those of a network."""
    words = tuple(arrays["words"].tobytes().decode().split("\n"))
    weights: dict[str, Any] = {
        name: np.float32(arrays[name]) * np.float32(arrays[f"{name} scale"]) for name in _WEIGHTS
    }
    plain = {name: arrays[name].astype(np.float32) for name in _PLAIN}
    numbers, channels = weights["embeddings"].shape[1], weights["last"].shape[-1]
    expected = {
        "embeddings": (FIRST_WORD + len(words), numbers),
        "entry": (3, numbers + MARKS, channels),
        "entry_bias": (channels,),
        "layers": (len(DILATIONS), 3, channels, channels),
        "layer_biases": (len(DILATIONS), channels),
        "last": (2, channels),
        "last_bias": (),
        "begins_from": (),
    }
    for name, values in (weights | plain).items():
        if values.shape != expected[name]:
            raise ValueError(name)
    return RunOnNetwork(
        words=words,
        **weights,
        entry_bias=plain["entry_bias"],
        layer_biases=plain["layer_biases"],
        last_bias=float(plain["last_bias"]),
        begins_from=float(plain["begins_from"]),
    )
