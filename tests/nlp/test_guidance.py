"""The forms, frameworks and wording that ship, and what is said of a mistake in them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from nlp.domain import LEVELS, Agency, Element, Form, Level
from nlp.errors import RulebookError, UnknownChoiceError
from nlp.guidance import (
    form_for,
    framework_for,
    load_forms,
    load_frameworks,
    load_guidance,
)
from nlp.rule_files import RULEBOOK

DISCOURAGING = re.compile(
    r"(do|does|did|should|need|must|could|can|would)( not|n[o']t)( need to| have to)? "
    r"(be )?(refer|send|submit|share|contact|report|notify|ring|write)"
    r"|no need to|not refer|instead of referring|reconsider|think twice|before you (refer|send)"
    r"|unnecessary|not necessary|waste|refrain|avoid|only (refer|send)|threshold (is|was) not met"
    r"|does not meet|below threshold|(is|was|be|been) (rejected|returned|refused|closed)",
    re.IGNORECASE,
)
WORDING_FILES = ["prompts.yaml", "reasons.yaml", "wording.yaml", "urgency.yaml"]


def sentences(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from sentences(value)
    elif isinstance(content, list):
        for value in content:
            yield from sentences(value)


@pytest.mark.parametrize(
    "path",
    [
        *(RULEBOOK / name for name in WORDING_FILES),
        *sorted((RULEBOOK / "forms").glob("*.yaml")),
        *sorted((RULEBOOK / "frameworks").glob("*.yaml")),
    ],
    ids=lambda path: path.stem,
)
def test_no_wording_says_or_hints_not_to_refer(path: Path) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    for sentence in sentences(content):
        assert not DISCOURAGING.search(sentence), sentence


@pytest.mark.parametrize(
    "sentence",
    ["You do not need to refer this.", "There is no need to ring.", "Please don't send these."],
)
def test_discouraging_wording_would_be_noticed(sentence: str) -> None:
    assert DISCOURAGING.search(sentence)


@pytest.mark.parametrize("agency", Agency)
@pytest.mark.parametrize("element", Element)
def test_every_agency_has_a_question_for_every_element(element: Element, agency: Agency) -> None:
    assert load_guidance().prompts.question(element, agency).endswith("?")


def test_the_frameworks_that_ship() -> None:
    assert set(load_frameworks()) == {"tees", "london", "hampshire", "east_sussex", "family_help"}
    assert framework_for().code == "tees"


@pytest.mark.parametrize(
    ("area", "number"),
    [("tees", 3), ("london", 3), ("hampshire", 4), ("east_sussex", 4), ("family_help", 2)],
)
def test_where_section_17_stands_in_each_area(area: str, number: int) -> None:
    assert framework_for(area).levels[Level.CHILD_IN_NEED].number == number


def test_family_help_is_one_offer_for_early_help_and_section_17() -> None:
    numbers = [framework_for("family_help").levels[level].number for level in LEVELS]
    assert numbers == [1, 2, 2, 3]


def test_each_kind_of_contact_has_its_usual_form() -> None:
    assert form_for(Form.REFERRAL).code == "safer"
    assert form_for(Form.PPN).code == "ppn"
    assert form_for(Form.REFERRAL, "marf").code == "marf"


def test_safer_has_its_five_boxes() -> None:
    ids = [heading.id for heading in load_forms()["safer"].headings]
    assert ids == ["situation", "assessment", "family", "expected_response", "recording"]


@pytest.mark.parametrize("form", ["safer", "marf", "ppn"])
def test_a_form_fills_its_boxes_from_known_kinds_of_section_each_once(form: str) -> None:
    kinds = {
        heading["kind"]
        for heading in yaml.safe_load((RULEBOOK / "headings.yaml").read_text())["headings"]
    }
    filled = [kind for heading in load_forms()[form].headings for kind in heading.sections]
    assert set(filled) <= kinds
    assert len(filled) == len(set(filled))


def test_an_unknown_choice_is_told_what_there_is() -> None:
    with pytest.raises(UnknownChoiceError, match="tees"):
        framework_for("narnia")
    with pytest.raises(UnknownChoiceError, match="safer"):
        form_for(Form.REFERRAL, "essay")
    with pytest.raises(UnknownChoiceError, match="for a ppn, not a referral"):
        form_for(Form.REFERRAL, "ppn")


Edit = Callable[[dict], None]  # type: ignore[type-arg]


def edited(tmp_path: Path, name: str, edit: Edit) -> Path:
    """A copy of the rulebook with one file changed by *edit*."""
    folder = tmp_path / "rulebook"
    shutil.copytree(RULEBOOK, folder)
    content = yaml.safe_load((folder / name).read_text(encoding="utf-8"))
    edit(content)
    (folder / name).write_text(yaml.safe_dump(content), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "edit", "said"),
    [
        pytest.param(
            "prompts.yaml",
            lambda c: c["elements"].pop("consent"),
            r"prompts.yaml: elements: .*lacks consent; give every Element its words",
            id="an element without words",
        ),
        pytest.param(
            "prompts.yaml",
            lambda c: c["groups"]["health"].remove("ambulance"),
            r"ambulance is in 0 groups; put it in one",
            id="an agency in no group",
        ),
        pytest.param(
            "prompts.yaml",
            lambda c: c["elements"]["consent"]["prompts"].update({"polis": "Who agreed?"}),
            r"consent: no group is called polis; there are .*health, housing",
            id="a question for nobody",
        ),
        pytest.param(
            "wording.yaml",
            lambda c: c["summary"].update({"flags": "Look out."}),
            r"summary.flags: .*'Look out.' must hold exactly \{flags\}",
            id="a sentence without its gap",
        ),
        pytest.param(
            "urgency.yaml",
            lambda c: c["flags"]["weapon"].update({"at_least": "green"}),
            r"flags.weapon: .*never green; say amber or red",
            id="a flag that is green",
        ),
        pytest.param(
            "rating.yaml",
            lambda c: c["bands"]["good"].update({"from_score": 95}),
            r"the bands start at \[0, 45, 95, 90\]",
            id="bands that fall",
        ),
        pytest.param(
            "rating.yaml", lambda c: c["bands"].pop("good"), r"bands lacks good", id="a lost band"
        ),
        pytest.param(
            "reasons.yaml",
            lambda c: c["reasons"]["outside_scope"].pop("may_be_wrong"),
            r"reasons.outside_scope.may_be_wrong: Field required",
            id="a reason that is never wrong",
        ),
    ],
)
def test_a_mistake_in_the_wording_is_reported_with_file_and_remedy(
    tmp_path: Path, name: str, edit: Edit, said: str
) -> None:
    with pytest.raises(RulebookError, match=said):
        load_guidance(edited(tmp_path, name, edit))


def test_the_mistakes_of_all_files_are_said_at_once(tmp_path: Path) -> None:
    folder = edited(tmp_path, "wording.yaml", lambda c: c.pop("safety"))
    (folder / "english.yaml").unlink()
    with pytest.raises(RulebookError) as caught:
        load_guidance(folder)
    assert "wording.yaml: safety" in str(caught.value)
    assert "english.yaml: cannot be read" in str(caught.value)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        pytest.param(
            lambda c: c["levels"].pop("universal"), r"levels lacks universal", id="a lost level"
        ),
        pytest.param(
            lambda c: c["levels"]["child_protection"].update({"number": 1}),
            r"the numbers \[1, 2, 3, 1\] fall",
            id="numbers that fall",
        ),
        pytest.param(
            lambda c: c.update({"code": "teesside"}),
            r"code is 'teesside'; make it 'tees'",
            id="another's code",
        ),
    ],
)
def test_a_mistake_in_a_framework_is_reported(tmp_path: Path, edit: Edit, said: str) -> None:
    with pytest.raises(RulebookError, match=said):
        load_frameworks(edited(tmp_path, "frameworks/tees.yaml", edit))


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        pytest.param(
            lambda c: c["headings"].pop(),
            r"no heading asks for consent",
            id="an element without a box",
        ),
        pytest.param(
            lambda c: c["headings"].append(c["headings"][0]),
            r"two headings have the same id",
            id="the same box twice",
        ),
        pytest.param(
            lambda c: c["elements"]["consent"].update({"weight": 9}),
            r"elements.consent.weight: .*less than or equal to 5",
            id="a weight out of range",
        ),
    ],
)
def test_a_mistake_in_a_form_is_reported(tmp_path: Path, edit: Edit, said: str) -> None:
    with pytest.raises(RulebookError, match=said):
        load_forms(edited(tmp_path, "forms/safer.yaml", edit))


def test_a_folder_without_frameworks_is_reported(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match="frameworks: has no files; restore them"):
        load_frameworks(tmp_path)
