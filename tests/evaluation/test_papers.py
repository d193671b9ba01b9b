"""The papers say what the files say now, name tests and settings that exist, and lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotation.__main__ import main as annotate
from api.settings import PREFIX, Settings
from evaluation.__main__ import main
from evaluation.papers.facts import HAZARDS, Facts, HazardFile, gather
from evaluation.papers.readme import END, README, START, MarksError, with_table
from evaluation.papers.writing import PAPERS, make_papers
from nlp.rule_files import load_rule_file

ROOT = Path(__file__).parents[2]
WRITTEN = sorted(PAPERS.glob("*.md"))


@pytest.fixture(scope="module")
def facts() -> Facts:
    return gather()


def test_the_papers_are_current(facts: Facts) -> None:
    made = make_papers(facts)
    assert {path.name for path in WRITTEN} == set(made)
    stale = [name for name, text in made.items() if (PAPERS / name).read_text("utf-8") != text]
    assert stale == [], "run python -m evaluation papers"


def test_the_table_of_the_readme_is_current(facts: Facts) -> None:
    written = README.read_text("utf-8")
    assert with_table(written, facts) == written, "run python -m evaluation papers"


@pytest.mark.parametrize("text", ["No table.", f"{END}{START}", f"{START}{START}{END}", START])
def test_a_readme_without_a_place_for_the_table_is_refused(facts: Facts, text: str) -> None:
    with pytest.raises(MarksError, match="expected one line"):
        with_table(text, facts)


def test_what_stands_around_the_table_stays(facts: Facts) -> None:
    made = with_table(f"Before.\n{START}old\n{END}After.\n", facts)
    assert made.startswith(f"Before.\n{START}| measure |")
    assert made.endswith(f" |\n{END}After.\n")
    assert "old" not in made


def test_every_paper_says_that_nothing_was_measured_on_real_contacts() -> None:
    for path in WRITTEN:
        if path.name not in {"go-live.md", "data-protection.md"}:
            assert "Validate locally, run silently first." in path.read_text("utf-8"), path.name


def test_no_paper_calls_redaction_anonymisation() -> None:
    assert not [path.name for path in WRITTEN if "anonymis" in path.read_text("utf-8").lower()]


def hazards() -> HazardFile:
    return load_rule_file(HAZARDS, HazardFile)


def test_the_tests_that_the_safety_case_names_exist() -> None:
    named = [test for hazard in hazards().hazards for test in hazard.evidence]
    assert all(hazard.evidence and hazard.remains for hazard in hazards().hazards)
    gone = []
    for test in named:
        path, _, name = test.partition("::")
        there = (ROOT / path).is_file() and f"def {name}(" in (ROOT / path).read_text("utf-8")
        gone += [] if there else [test]
    assert gone == []


def test_the_settings_that_papers_name_exist() -> None:
    known = {(PREFIX + name).upper() for name in Settings.model_fields}
    named = {each for path in WRITTEN for each in re.findall(r"RQ_[A-Z_]+", path.read_text())}
    assert named
    assert named <= known


def links() -> Iterator[tuple[str, str]]:
    for path in WRITTEN:
        for target in re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8")):
            yield path.name, target


def test_every_link_leads_to_a_file() -> None:
    found = list(links())
    assert found
    assert [each for each in found if not (PAPERS / each[1]).resolve().is_file()] == []


def test_the_commands_that_papers_name_are_understood(capsys: pytest.CaptureFixture[str]) -> None:
    verbs = {
        (module, verb)
        for path in WRITTEN
        for module, verb in re.findall(
            r"python -m (annotation|evaluation) ([a-z-]+)", path.read_text()
        )
    }
    assert verbs
    for module, verb in sorted(verbs):
        with pytest.raises(SystemExit) as left:
            (annotate if module == "annotation" else main)([verb, "--help"])
        assert left.value.code == 0, (module, verb)


def test_a_group_of_few_contacts_is_not_shown(facts: Facts) -> None:
    assert facts.groups("agency")
    assert all(group.contacts >= 20 for group in facts.groups("agency"))


def test_the_command_writes_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["papers", "--output", str(tmp_path)]) == 0
    assert (tmp_path / "safety-case.md").read_text() == (PAPERS / "safety-case.md").read_text()
