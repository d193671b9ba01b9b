"""How far several people who labelled the same contacts agree, question by question.

Alpha is over all of them; kappa of each pair, beside what a reader that always knew the true label
would reach against the labels of one of the two (`annotation.noise`).
Intervals are 95 %, by the percentile bootstrap over contacts (Efron and Tibshirani 1993).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from annotation.krippendorff import Scale, alpha_of, codes_of, coincidences
from annotation.labels import LabelledContact
from annotation.noise import find_ceilings, kappa
from annotation.span_agreement import MATCHES, count_spans, f1, spans_of
from nlp.domain import LEVELS, STATUSES, Certainty, Element, NeedDomain, Urgency
from nlp.errors import CorpusError

RESAMPLES = 1_000
SEED = 20261126
_ENDS = (2.5, 97.5)
_URGENCIES = tuple(reversed(Urgency))

Annotators = Mapping[str, Mapping[str, LabelledContact]]
Floats = npt.NDArray[np.float64]
Pair = tuple[str, str]
Sides = Sequence[Sequence[LabelledContact]]


@dataclass(frozen=True)
class Interval:
    """A figure with its 95 % interval; NaN where there was nothing to compare."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Alpha:
    """Krippendorff's alpha of one question over all annotators."""

    question: str
    scale: Scale
    alpha: Interval


@dataclass(frozen=True)
class Kappa:
    """Cohen's kappa of two annotators, quadratic where the classes have an order, and its ceiling.

    ``ideal`` is the kappa of a reader without error against the labels of one of them.
    """

    pair: Pair
    question: str
    kappa: Interval
    ideal: Interval


@dataclass(frozen=True)
class SpanF1:
    """F1 of the marks of two annotators: of one label, or of all."""

    pair: Pair
    label: str
    marks: int
    f1: Mapping[str, Interval]


@dataclass(frozen=True)
class _Question:
    name: str
    scale: Scale
    classes: int
    code: Callable[[LabelledContact], int | None]


def group(files: Mapping[str, Sequence[LabelledContact]]) -> Annotators:
    """Give each annotator's contacts by id.

    Raises:
        CorpusError: If there are fewer than two annotators, no contact was labelled twice, or a
            contact's text is not the same for all.
    """
    people = {name: {each.id: each for each in contacts} for name, contacts in files.items()}
    texts: dict[str, set[str]] = {}
    for contacts in people.values():
        for contact in contacts.values():
            texts.setdefault(contact.id, set()).add(contact.text)
    other = sorted(name for name, found in texts.items() if len(found) > 1)
    if other:
        raise CorpusError(f"{len(other)} contacts have not one text (first: {other[0]})")
    if not any(_shared(people, pair) for pair in combinations(people, 2)):
        raise CorpusError("no contact was labelled by two people; give files that share some")
    return people


def measure_alphas(people: Annotators, *, resamples: int = RESAMPLES) -> tuple[Alpha, ...]:
    """Give alpha of every question of a whole contact."""
    ids = sorted({name for contacts in people.values() for name in contacts})
    draws = _draw(len(ids), resamples)
    return tuple(_alpha(question, people, ids, draws) for question in _questions())


def measure_kappas(people: Annotators, *, resamples: int = RESAMPLES) -> tuple[Kappa, ...]:
    """Give kappa of every question of a whole contact for every pair of annotators."""
    return tuple(
        _kappa(pair, question, sides, draws)
        for pair, sides, draws in _pairs(people, resamples)
        for question in _questions()
    )


def measure_spans(people: Annotators, *, resamples: int = RESAMPLES) -> tuple[SpanF1, ...]:
    """Give F1 of marks for every pair of annotators: of all labels, then of each that is used."""
    found: list[SpanF1] = []
    for pair, sides, draws in _pairs(people, resamples):
        used = {label for side in sides for c in side for _, _, label in spans_of(c)}
        found += [_span_f1(pair, label, sides, draws) for label in (None, *sorted(used))]
    return tuple(found)


def write_comparison(
    alphas: Sequence[Alpha], kappas: Sequence[Kappa], spans: Sequence[SpanF1]
) -> str:
    """Give the tables in plain text."""
    lines = [f"{'question':36}{'scale':10}alpha"]
    lines += [f"{each.question:36}{each.scale:10}{_said(each.alpha)}" for each in alphas]
    for pair in dict.fromkeys(each.pair for each in kappas):
        lines.append(f"\n{' and '.join(pair)}\n{'question':36}{'weighted kappa':24}ideal reader")
        lines += [
            f"{each.question:36}{_said(each.kappa):24}{_said(each.ideal)}"
            for each in kappas
            if each.pair == pair
        ]
    for pair in dict.fromkeys(each.pair for each in spans):
        heads = "".join(f"{match:20}" for match in MATCHES)
        lines.append(f"\n{' and '.join(pair)}\n{'F1 of marks':44}{'marks':>6}  {heads}")
        for each in spans:
            if each.pair == pair:
                figures = "".join(f"{_said(each.f1[match]):20}" for match in MATCHES)
                lines.append(f"{each.label:44}{each.marks:6}  {figures}".rstrip())
    return "\n".join(lines)


def _questions() -> Iterator[_Question]:
    yield _Question("level", "ordinal", len(LEVELS), lambda c: LEVELS.index(c.level))
    yield _Question("urgency", "ordinal", len(_URGENCIES), lambda c: _URGENCIES.index(c.urgency))
    certainties = tuple(Certainty)
    yield _Question("certainty", "nominal", 3, lambda c: certainties.index(c.certainty))
    yield _Question("notification appropriate", "nominal", 2, _appropriate)
    for element in Element:
        yield _Question(f"status: {element}", "ordinal", len(STATUSES), _status(element))
    for domain in NeedDomain:
        yield _Question(f"domain: {domain}", "nominal", 2, _raised(domain))


def _appropriate(contact: LabelledContact) -> int | None:
    return None if contact.notification is None else int(contact.notification.appropriate)


def _status(element: Element) -> Callable[[LabelledContact], int]:
    return lambda contact: contact.status[element].points


def _raised(domain: NeedDomain) -> Callable[[LabelledContact], int]:
    return lambda contact: int(domain in contact.domains)


def _alpha(question: _Question, people: Annotators, ids: Sequence[str], draws: Floats) -> Alpha:
    answers = [
        [question.code(contacts[each]) if each in contacts else None for each in ids]
        for contacts in people.values()
    ]
    met = coincidences(codes_of(answers), classes=question.classes)
    resampled = np.einsum("rc,cij->rij", draws, met)
    value = float(alpha_of(met.sum(axis=0), scale=question.scale))
    spread = alpha_of(resampled, scale=question.scale)
    return Alpha(question.name, question.scale, _interval(value, spread))


def _kappa(
    pair: Pair,
    question: _Question,
    sides: Sides,
    draws: Floats,
) -> Kappa:
    tables = np.zeros((draws.shape[1], question.classes, question.classes))
    for place, (ours, theirs) in enumerate(zip(*sides, strict=True)):
        codes = question.code(ours), question.code(theirs)
        if None not in codes:
            tables[(place, *codes)] = 1
    ordered = question.scale != "nominal"
    totals, resampled = tables.sum(axis=0), np.einsum("rc,cij->rij", draws, tables)

    def ideal(found: Floats) -> Floats:
        return kappa(find_ceilings(found, adjudicated=False).ideal, ordered=ordered)

    return Kappa(
        pair,
        question.name,
        _interval(float(kappa(totals, ordered=ordered)), kappa(resampled, ordered=ordered)),
        _interval(float(ideal(totals)), ideal(resampled)),
    )


def _span_f1(
    pair: Pair,
    label: str | None,
    sides: Sides,
    draws: Floats,
) -> SpanF1:
    ours, theirs = ([spans_of(contact, label) for contact in side] for side in sides)
    figures = {}
    for name, match in MATCHES.items():
        counts = count_spans(ours, theirs, match)
        value = float(f1(counts.borne_out.sum(), counts.marked.sum()))
        figures[name] = _interval(value, f1(draws @ counts.borne_out, draws @ counts.marked))
    marks = sum(map(len, ours)) + sum(map(len, theirs))
    return SpanF1(pair, label or "all labels", marks, figures)


def _shared(people: Annotators, pair: Pair) -> list[str]:
    return sorted(people[pair[0]].keys() & people[pair[1]].keys())


def _pairs(people: Annotators, resamples: int) -> Iterator[tuple[Pair, Sides, Floats]]:
    """Every two who share contacts, what each says of those, and draws of them."""
    for pair in combinations(people, 2):
        ids = _shared(people, pair)
        if ids:
            sides = [[people[name][each] for each in ids] for name in pair]
            yield pair, sides, _draw(len(ids), resamples)


def _draw(contacts: int, resamples: int) -> Floats:
    chance = np.full(contacts, 1 / contacts)
    draws = np.random.default_rng(SEED).multinomial(contacts, chance, size=resamples)
    return draws.astype(np.float64)


def _interval(value: float, spread: Floats) -> Interval:
    defined = spread[~np.isnan(spread)]
    if np.isnan(value) or not defined.size:
        return Interval(np.nan, np.nan, np.nan)
    low, high = np.percentile(defined, _ENDS)
    return Interval(value, float(low), float(high))


def _said(figure: Interval) -> str:
    if np.isnan(figure.value):
        return "none"
    return f"{figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f})"
