"""How noisy labels are, and what a reader can therefore score against them at most.

Two ceilings, after Uto, "Has Automated Essay Scoring Reached Sufficient Accuracy?" (AIED 2026,
arXiv 2604.19131): of an *ideal* reader that always knows the true label, and of a *human-like* one
that errs as one more annotator does. We have read its abstract, not its formulas: what follows is
worked out anew, and for classes rather than scores, so that any measure of a table has both.

The model is that of parallel tests (Lord and Novick 1968) with classes in place of scores, or of
Dawid and Skene (1979) with one table of errors for all annotators:

1. annotators err alike, and independently of each other once the true label is known;
2. they are without bias: each class is given as often as it is true, and *a* is taken for *b* as
   often as *b* for *a*.

Then the table of two annotators, scaled by its margins, is the square of the scaled table of truth
and one annotator, which is its matrix root: one estimate, with nothing to choose. On a scale whose
two-annotator quadratic kappa is r the ideal reader reaches the root of r, where classical test
theory has 2r / (1 + r), which is within 0.006 of it from r = 0.8 upwards. Two annotators do not
suffice for an error table of each.

Both assumptions are generous. Annotators who share a guide share errors, which count as truth here:
the true label is what such annotators would settle on, not what is so of a child. And somebody who
adjudicates has seen both answers; the model lets him keep what two agree on, and choose
between two that differ as a third reading would.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Ceilings:
    """What an ideal reader and one more annotator would say: ``[..., label, said]``."""

    ideal: Floats
    human: Floats


def find_ceilings(pairs: Floats, *, adjudicated: bool) -> Ceilings:
    """Give the tables of both against labels given once, or *adjudicated* after two answers.

    Args:
        pairs: ``[..., class, class]``: how often one annotator said this and another that.
        adjudicated: Whether a third settled the differences of two.
    """
    truth = find_truth(pairs)
    if not adjudicated:
        # One more annotator against another is what was seen, whatever the model.
        return Ceilings(ideal=np.swapaxes(truth, -1, -2), human=_either_way(pairs))
    said = _given(truth)
    labels = truth.sum(axis=-1)[..., None] * settle(said)
    ideal = np.swapaxes(labels, -1, -2)
    return Ceilings(ideal=ideal, human=ideal @ said)


def find_truth(pairs: Floats) -> Floats:
    """Give how often each class is true and one annotator says that: ``[..., truth, said]``.

    Annotators who agree less than by chance are taken to agree by chance, and the small negative
    cells that a root may have are taken for none.
    """
    both = _either_way(pairs)
    margins = both.sum(axis=-1)
    scale = np.sqrt(margins[..., :, None] * margins[..., None, :])
    scaled = np.divide(both, scale, out=np.zeros_like(both), where=scale > 0)
    values, vectors = np.linalg.eigh(scaled)
    root = (vectors * np.sqrt(np.clip(values, 0, None))[..., None, :]) @ np.swapaxes(
        vectors, -1, -2
    )
    truth = np.clip(root, 0, None) * scale
    total = truth.sum(axis=(-2, -1), keepdims=True)
    wanted = both.sum(axis=(-2, -1), keepdims=True)
    found: Floats = np.divide(truth * wanted, total, out=np.zeros_like(truth), where=total > 0)
    return found


def settle(said: Floats) -> Floats:
    """Give how likely each label is after adjudication: ``[..., truth, label]``.

    Args:
        said: How likely each class is to be said: ``[..., truth, class]``.
    """
    first, second = said[..., :, None], said[..., None, :]
    both = first + second
    # Of two answers, in either order, the adjudicator's is the one that a third would rather give.
    share = np.divide(first, both, out=np.zeros_like(both), where=both > 0)
    label: Floats = (2 * first * second * share).sum(axis=-1)
    return label


def kappa(tables: Floats, *, ordered: bool) -> Floats:
    """Give Cohen's kappa of ``[..., class, class]``, with quadratic weights where *ordered*.

    NaN where there is nothing; 1 where both sides use one and the same class throughout.
    """
    places = np.arange(tables.shape[-1])
    steps = np.abs(places[:, None] - places)
    weights = (steps**2 if ordered else steps > 0).astype(np.float64)
    margins = tables.sum(axis=-1)[..., :, None] * tables.sum(axis=-2)[..., None, :]
    total = tables.sum(axis=(-2, -1))
    seen = (weights * tables).sum(axis=(-2, -1)) * total
    chance = (weights * margins).sum(axis=(-2, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 1 - seen / chance
    scored: Floats = np.where(chance == 0, np.where(total > 0, 1.0, np.nan), found)
    return scored


def _either_way(pairs: Floats) -> Floats:
    """Whichever annotator is named first."""
    return (pairs + np.swapaxes(pairs, -1, -2)) / 2


def _given(truth: Floats) -> Floats:
    """How likely each class is to be said where another is true; a class nobody has says itself."""
    totals = truth.sum(axis=-1, keepdims=True)
    own = np.broadcast_to(np.eye(truth.shape[-1]), truth.shape).copy()
    given: Floats = np.divide(truth, totals, out=own, where=totals > 0)
    return given
