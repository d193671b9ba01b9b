"""A contact in other words keeps its sentences."""

from __future__ import annotations

import numpy as np

from models.transformer.retyped import retype

SAID = ("Mia Marsh, 7, lives with mum.", "Mia said she isn't happy at home; school worried.") * 20


def retyped(seed: int) -> list[str]:
    random = np.random.default_rng(seed)
    return retype(SAID, random=random)


def test_every_sentence_is_still_there_and_never_empty() -> None:
    for seed in range(20):
        other = retyped(seed)
        assert len(other) == len(SAID)
        assert all(sentence.strip() for sentence in other)


def test_words_are_changed_here_and_there_and_numbers_never() -> None:
    for seed in range(20):
        other = retyped(seed)
        changed = sum(one != two for one, two in zip(SAID, other, strict=True))
        assert changed > 0
        assert all("7" in sentence for sentence in other[::2])
    assert any("mother" in " ".join(retyped(seed)) for seed in range(20))


def test_the_same_seed_gives_the_same_words() -> None:
    assert retyped(3) == retyped(3)
