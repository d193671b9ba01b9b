"""The report holds every section, for people and for machines."""

from __future__ import annotations

import base64
import html
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evaluation.figures import measure_split
from evaluation.measures import MEASURES
from evaluation.pages import write_figure
from evaluation.report import (
    HTML_NAME,
    ReportError,
    load_report,
    write_report,
    write_summary,
)
from nlp.domain import Element, SafetyFlag
from tests.evaluation.builders import make_outcome, make_outcomes, make_report


class _Page(HTMLParser):
    """What stands on the page: pictures, captions, headings, ids and addresses."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.order: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self._inside = tag
        self.ids += [known["id"]] if "id" in known else []
        self.addresses += [known[name] for name in ("src", "href") if name in known]
        if tag == "img":
            self.order.append(("img", known["alt"]))

    def handle_data(self, data: str) -> None:
        if self._inside in ("h2", "h3", "h4", "caption") and data.strip():
            self.order.append((self._inside, data.strip()))


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("report")
    return write_report(make_report(), folder).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(text: str) -> _Page:
    return _Page(text)


def test_every_section_is_there(page: _Page) -> None:
    headings = [words for kind, words in page.order if kind in ("h2", "h3", "h4")]
    for wanted in (
        "What was measured",
        "The reader beside its baselines",
        "The reader less each of the others",
        "Level",
        "Reliability of the level",
        "Risk and coverage",
        "Urgency",
        "Elements",
        "Safety flags",
        "Need domains",
        "Reasons of inappropriate notifications",
        "By agency",
        "By form",
        "By length",
        "By author",
        "By certainty",
        "The gravest mistakes",
        "Rules and model",
        "Flags on new writers: rules and model",
        "The human ceiling",
        "Agreement between annotators",
        "Sentences",
        "How each figure is measured",
    ):
        assert wanted in headings


def test_every_plot_has_words_and_a_table_after_it(page: _Page) -> None:
    pictures = [place for place, (kind, _) in enumerate(page.order) if kind == "img"]
    assert len(pictures) == 10
    for place in pictures:
        assert len(page.order[place][1]) > 20
        assert page.order[place + 1][0] == "caption"


def test_the_page_stands_alone(page: _Page, text: str) -> None:
    assert all(
        address.startswith(("data:image/svg+xml;base64,", "#")) for address in page.addresses
    )
    assert len(set(page.ids)) == len(page.ids)
    assert "<script" not in text
    links = {address[1:] for address in page.addresses if address.startswith("#")}
    assert links <= set(page.ids)


def test_every_measure_is_explained_and_the_texts_are_said_to_be_fictional(text: str) -> None:
    words = html.unescape(text)
    assert all(measure.meaning in words for measure in MEASURES)
    assert "fictional" in text
    assert "run silently first" in text


def test_no_words_of_a_contact_stand_in_the_report(text: str) -> None:
    assert "Hill Primary" not in text
    assert "scared" not in text


def test_plots_are_pictures_with_the_names_of_what_they_show(page: _Page) -> None:
    pictures = [
        base64.b64decode(address.split(",", 1)[1]).decode()
        for address in page.addresses
        if address.startswith("data:")
    ]
    elements = next(picture for picture in pictures if "child voice" in picture)
    assert all(element.value.replace("_", " ") in elements for element in Element)
    assert all(re.search(r"<svg ", picture) for picture in pictures)


def test_a_report_is_read_as_written(tmp_path: Path) -> None:
    report = make_report()
    assert write_report(report, tmp_path / "new" / "folder").name == HTML_NAME
    assert load_report(tmp_path / "new" / "folder") == report


def test_a_missing_or_foreign_report_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="evaluation run"):
        load_report(tmp_path)
    (tmp_path / "report.json").write_text('{"made": 1}')
    with pytest.raises(ReportError, match="not a report of this version"):
        load_report(tmp_path)


def test_a_split_has_its_tables_from_the_reader() -> None:
    outcomes = make_outcomes()
    perfect = [make_outcome(outcome.contact) for outcome in outcomes]
    split = measure_split(
        "mine", {"reader": outcomes, "other": perfect}, reader="reader", resamples=50
    )
    assert sum(map(sum, split.level.counts)) == split.contacts == 12
    difference = split.differences["other"]["level_accuracy"].value
    accuracy = split.figures["reader"]["level_accuracy"].value
    assert difference is not None
    assert accuracy is not None
    assert difference == pytest.approx(accuracy - 1)
    (weapon,) = [row for row in split.labels["flags"] if row.code == SafetyFlag.WEAPON]
    assert (weapon.labelled, weapon.recall.value) == (3, 1.0)
    assert {group.name: group.contacts for group in split.groups["author"]} == {"TR1": 6, "TR2": 6}
    assert split.mistakes == {}


def test_the_gravest_mistakes_are_listed_by_id_when_asked() -> None:
    split = measure_split(
        "train", {"reader": make_outcomes()}, reader="reader", resamples=20, list_mistakes=True
    )
    assert split.mistakes["child protection called universal or early help"] == ("TR20003",)


def test_every_figure_that_people_could_reach_has_both_ceilings_beside_it(text: str) -> None:
    report = make_report()
    (known,) = report.ceilings.values()
    without = {measure.code for measure in MEASURES} - set(known.measures)
    assert without == {
        "quoted_precision",
        "level_or_alternative",
        "plausible_coverage",
        "protection_coverage",
        "plausible_size",
        "level_calibration_error",
        "serious_called_inappropriate",
    }
    row = next(line for line in text.splitlines() if "Level, quadratic kappa</th>" in line)
    level = known.measures["level_kappa"]
    assert write_figure(level.ideal) in row
    assert write_figure(level.human) in row
    assert "arXiv 2604.19131" in text


def test_a_report_without_what_came_later_is_still_written(tmp_path: Path) -> None:
    old = make_report().model_copy(update={"ceilings": {}, "new_writers": ()})
    words = write_report(old, tmp_path).read_text(encoding="utf-8")
    assert "The human ceiling" not in words
    assert "none" in write_summary(old)


def test_the_summary_holds_the_ceilings() -> None:
    report = make_report()
    known = report.ceilings["authors_left_out"].measures["level_accuracy"]
    assert f"{known.ideal.value:.2f}, {known.human.value:.2f}" in write_summary(report)
