"""The report: one value, written as JSON for machines and as one HTML file for people."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from evaluation.bars import load_bars, write_bar
from evaluation.calibration import FEWEST
from evaluation.ceiling import Ceilings
from evaluation.figures import SplitFigures
from evaluation.flag_sources import FlagSources
from evaluation.measures import MEASURES
from evaluation.pages import TEMPLATES, write_figure, write_page, write_words
from evaluation.parts import Part
from evaluation.plots import draw_plots
from nlp.errors import ReferralQualityError

JSON_NAME, HTML_NAME = "report.json", "report.html"
LATEST = Path(__file__).parent / "reports" / "latest"
AUTHORS_LEFT_OUT, UNREAD, DEV = "authors_left_out", "unread", "dev"


class ReportError(ReferralQualityError):
    """There is no report, or not one that we wrote."""


class Report(Part):
    """Everything that one run measured, and on what.

    ``corpus`` holds the fingerprint of each file of contacts; ``agreement`` the annotators of dev
    against each other and the adjudicator; ``segmentation`` how our sentences meet the labelled
    ones, by split; ``ceilings`` the most that labels as noisy as people's allow, by split;
    ``new_writers`` who raises which flag on short contacts by writers whom neither rules nor model
    were made from.
    """

    made: str
    release: str
    reader: str
    rulebook: str
    framework: str
    reader_code: str
    quick: bool
    resamples: int
    seed: int
    corpus: Mapping[str, str]
    contestants: Mapping[str, str]
    splits: Mapping[str, SplitFigures]
    agreement: Mapping[str, Mapping[str, float]]
    segmentation: Mapping[str, Mapping[str, float]]
    ceilings: Mapping[str, Ceilings] = {}
    new_writers: tuple[FlagSources, ...] = ()


def write_report(report: Report, folder: Path) -> Path:
    """Write both files into *folder*; give the path of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / JSON_NAME).write_text(report.model_dump_json(indent=1) + "\n", encoding="utf-8")
    page = folder / HTML_NAME
    page.write_text(_write_page(report), encoding="utf-8")
    return page


def load_report(folder: Path) -> Report:
    """Give the report in *folder*.

    Raises:
        ReportError: If there is none, or it is not one that we wrote.
    """
    path = folder / JSON_NAME
    try:
        return Report.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError:
        raise ReportError(
            f"there is no {JSON_NAME} in {folder.name}; make one with: python -m evaluation run"
        ) from None
    except ValueError:
        raise ReportError(
            f"{path.name} is not a report of this version; make one with: python -m evaluation run"
        ) from None


def write_summary(report: Report) -> str:
    """Give the reader's figures in plain text, a measure a line, a column for each split.

    Behind each stand both ceilings: of an ideal reader, and of one more annotator.
    """
    names = list(report.splits)
    lines = [f"{'':62}" + "".join(f"{write_words(name):>26}{'ceilings':>12}" for name in names)]
    for measure in MEASURES:
        figures = [report.splits[n].figures[report.reader_code][measure.code] for n in names]
        both = [_write_ceilings(report, name, measure.code) for name in names]
        cells = (f"{write_figure(f):>26}{c:>12}" for f, c in zip(figures, both, strict=True))
        lines.append(f"{measure.title:62}" + "".join(cells))
    return "\n".join(lines)


def _write_ceilings(report: Report, split: str, code: str) -> str:
    known = report.ceilings.get(split)
    found = known.measures.get(code) if known else None
    if found is None or found.ideal.value is None or found.human.value is None:
        return "none"
    return f"{found.ideal.value:.2f}, {found.human.value:.2f}"


def _write_page(report: Report) -> str:
    return write_page(
        TEMPLATES / "report.html",
        filters={"bar": write_bar},
        report=report,
        measures=MEASURES,
        bars={DEV: load_bars()},
        fewest=FEWEST,
        plots={name: draw_plots(split) for name, split in report.splits.items()},
    )
