"""Sentences to vectors on onnxruntime, each remembered by its content.

While a person types, only the sentences that changed are read again. What is remembered is kept
in memory alone and is personal data: words can be guessed back from a vector.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.words import as_of_anybody
from nlp.memory import Memory

Floats = NDArray[np.float32]

LONGEST = 256
"""Tokens of one sentence; the published encoder was trained on no more."""


def open_session(path: Path, *, threads: int) -> onnxruntime.InferenceSession:
    """A session that leaves the other cores alone: *threads* threads, and none that spins."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Without it products of 8-bit numbers overflow on processors that lack VNNI (onnxruntime calls
    # it U8S8 saturation), and a contact is read a little otherwise there.
    options.add_session_config_entry("session.x64quantprecision", "1")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def open_tokenizer(path: Path) -> Tokenizer:
    """The published tokenizer without its own cut and padding, both at 128 tokens."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def token_ids(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Ids of each text; of a longer one the first ``LONGEST`` less one, and the end mark."""
    return [
        ids if len(ids) <= LONGEST else [*ids[: LONGEST - 1], ids[-1]]
        for ids in (encoding.ids for encoding in tokenizer.encode_batch_fast(list(texts)))
    ]


class SentenceVectors:
    """Gives the vector of a sentence; safe to use from many threads.

    With *known*, the words that are not names, sentences are read as of anybody
    (`models.words.as_of_anybody`): the same facts about another name or sex have the same vector.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        session: onnxruntime.InferenceSession,
        *,
        remember: int,
        known: frozenset[str] | None = None,
    ) -> None:
        self._not_names = known
        self._tokenizer = tokenizer
        self._session = session
        self._known = Memory[Floats](remember)

    def __call__(self, texts: Sequence[str]) -> Floats:
        """Vectors (texts x width), in order."""
        return np.stack(self._known.recall_all(texts, self._encode))

    def _encode(self, texts: Sequence[str]) -> list[Floats]:
        if self._not_names is not None:
            texts = [as_of_anybody(text, known=self._not_names) for text in texts]
        return [self._encode_one(ids) for ids in token_ids(self._tokenizer, texts)]

    def _encode_one(self, ids: Sequence[int]) -> Floats:
        """Read one sentence alone.

        The 8-bit encoder scales its numbers to all that it is given at once: among others a
        sentence would have another vector. Alone it takes no longer, since nothing is padded.
        """
        row = np.array([ids], dtype=np.int64)
        (vectors,) = self._session.run(None, {"ids": row, "mask": np.ones_like(row)})
        vector: Floats = vectors[0]
        return vector
