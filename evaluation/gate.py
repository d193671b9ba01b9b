"""May it be released? Compare a report with pinned floors.

A floor is a figure less its margin, as it stood when it was pinned. Re-pinning raises floors; it
lowers one only where that is asked for outright. (The idea is trafilatura's ``eval_gate.py``.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import Field

from evaluation.measures import BY_CODE
from evaluation.measuring import Better
from evaluation.parts import Part
from evaluation.report import AUTHORS_LEFT_OUT, DEV, UNREAD, Report
from nlp.errors import ReferralQualityError

FLOORS = Path(__file__).parent / "floors.json"

# How far a figure may fall before the gate closes. Leaving authors out repeats
# exactly, so its margin only allows a trade between measures; on dev one contact of 80 is
# 0.0125, of the 265 unread ones 0.004, and a flag or a reason may hang on a handful. Counts of
# grave mistakes have no margin.
MARGINS: Mapping[str, float] = {AUTHORS_LEFT_OUT: 0.02, UNREAD: 0.04, DEV: 0.04}
COUNTED = frozenset({"protection_called_low", "serious_called_inappropriate"})
SIZES = frozenset({"plausible_size"})
# A size runs from 1 to 4, so its margin is wider.
_SIZE_MARGIN = 0.1


class FloorsError(ReferralQualityError):
    """The floors cannot be read, or may not be pinned so."""


class Floors(Part):
    """What a report must reach, by split and measure.

    For a measure where lower is better, the floor is the most that it may be.
    """

    corpus: Mapping[str, str] = Field(description="The fingerprint of each split's contacts")
    margins: Mapping[str, float]
    floors: Mapping[str, Mapping[str, float]]


def check_gate(report: Report, floors: Floors, *, dev: bool = True) -> tuple[str, ...]:
    """Give everything that keeps *report* from release, a line each; empty where nothing does.

    Without *dev* its floors are passed over, for the days between looks.
    """
    held = {split: pinned for split, pinned in floors.floors.items() if dev or split != DEV}
    return tuple(_complaints(report, floors.model_copy(update={"floors": held})))


def check_current(report: Report, *, reader: str, rulebook: str) -> tuple[str, ...]:
    """Give a line for each thing that is served now and that *report* did not measure."""
    served = {"reader": (report.reader, reader), "rulebook": (report.rulebook, rulebook)}
    return tuple(
        f"the report measured {what} {measured}, and {now} is served; measure anew: evaluation run"
        for what, (measured, now) in served.items()
        if measured != now
    )


def pin_floors(report: Report, old: Floors | None, *, lower: bool = False) -> Floors:
    """Give the floors that *report* supports.

    A split that the report does not hold keeps its floors, and so does a measure whose figure
    would lower its floor, unless *lower* is asked for.

    Raises:
        FloorsError: If the report is of a quick run, or of another corpus than the floors while
            *lower* is not asked for.
    """
    if report.quick:
        raise FloorsError("the report is of a quick run; pin from a full one: evaluation run")
    if old and not lower and (changed := _changed_corpus(report, old)):
        raise FloorsError(
            f"the contacts of {', '.join(changed)} have changed, so its floors mean something else "
            "now; pin them anew with --lower and say why in the commit"
        )
    floors = dict(old.floors) if old else {}
    corpus = dict(old.corpus) if old else {}
    for split in report.splits:
        new = _supported(report, split)
        floors[split] = new if lower else _stricter(new, floors.get(split, {}))
        corpus[split] = report.corpus[split]
    return Floors(corpus=corpus, margins=MARGINS, floors=floors)


def load_floors(path: Path = FLOORS) -> Floors:
    """Give the pinned floors.

    Raises:
        FloorsError: If there are none, or the file holds something else.
    """
    try:
        return Floors.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError:
        raise FloorsError(
            f"there is no {path.name}; pin floors with: python -m evaluation gate --pin"
        ) from None
    except ValueError:
        raise FloorsError(f"{path.name} does not hold floors; restore it from git") from None


def save_floors(floors: Floors, path: Path = FLOORS) -> None:
    """Write *floors*, in the order of the measures."""
    path.write_text(floors.model_dump_json(indent=2) + "\n", encoding="utf-8")


def _complaints(report: Report, floors: Floors) -> Iterator[str]:
    if report.quick:
        yield "the report is of a quick run; make a full one: python -m evaluation run"
    for split in _changed_corpus(report, floors):
        yield f"{split}: the contacts are not those that the floors were pinned on"
    for split, pinned in floors.floors.items():
        if split not in report.splits:
            yield f"{split}: has floors, and the report does not hold it"
            continue
        figures = report.splits[split].figures[report.reader_code]
        for code, floor in pinned.items():
            value = figures[code].value if code in figures else None
            if value is None:
                yield f"{split}, {code}: has a floor of {floor:.3f}, and was not scored"
            elif BY_CODE[code].is_worse(value, floor):
                fell = "rose above" if BY_CODE[code].better is Better.LOWER else "fell below"
                yield f"{split}, {code}: {value:.3f} {fell} its floor of {floor:.3f}"


def _changed_corpus(report: Report, floors: Floors) -> list[str]:
    return [
        name
        for name, pinned in floors.corpus.items()
        if name in report.corpus and report.corpus[name] != pinned
    ]


def _supported(report: Report, split: str) -> dict[str, float]:
    figures = report.splits[split].figures[report.reader_code]
    return {
        code: _less_margin(code, split, figure.value)
        for code, figure in figures.items()
        if figure.value is not None
    }


def _less_margin(code: str, split: str, value: float) -> float:
    margin = 0.0 if code in COUNTED else _SIZE_MARGIN if code in SIZES else MARGINS[split]
    if BY_CODE[code].better is Better.LOWER:
        return round(value + margin, 3)
    return round(max(value - margin, 0.0), 3)


def _stricter(new: Mapping[str, float], kept: Mapping[str, float]) -> dict[str, float]:
    """The stricter of two floors, or the one that there is."""
    both = {**new, **kept}
    raised = {c: new[c] for c in new if c in kept and not BY_CODE[c].is_worse(new[c], kept[c])}
    return {code: raised.get(code, floor) for code, floor in both.items()}
