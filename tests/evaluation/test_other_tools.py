"""Every contestant judges contacts of authors that it has not learnt from, all of them the same."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from annotation import corpus
from annotation.labels import LabelledContact
from evaluation.baselines import fit_majority
from evaluation.other_tools.__main__ import main
from evaluation.other_tools.answering import Answers, ask_all
from evaluation.other_tools.classifier_reader import fit_reader
from evaluation.other_tools.contestants import (
    AGAINST,
    CONTESTANTS,
    Contestant,
    ContestantWords,
    Fitted,
    load_words,
)
from evaluation.other_tools.errors import CannotRunError
from evaluation.other_tools.figures import Comparison, measure
from evaluation.other_tools.logistic import fit_logistic
from evaluation.other_tools.page import SHOWN, write_comparison
from evaluation.other_tools.sizes import folder_megabytes, installed_megabytes
from evaluation.other_tools.textcat import fit_textcat
from evaluation.other_tools.thirds import FOLDS, Thirds, part_authors
from evaluation.outcomes import Prediction, from_labels
from nlp.document import read_document
from nlp.domain import Contact, Element, Form, Level, Urgency
from nlp.errors import CorpusError
from tests.evaluation.builders import make_labelled
from tests.models.corpus_for_tests import CONCERNS, make_contacts

CONTACTS = make_contacts("ABCDEF")
WORDS = {
    code: ContestantWords(title=f"The {code} & co", how="As it does.", packages=())
    for code in (AGAINST, "other", "third")
}


def make_thirds(folder: Path, contacts: tuple[LabelledContact, ...] = CONTACTS) -> Thirds:
    return part_authors(contacts, work=folder / "work", checkpoints=folder / "checkpoints")


def always_right(thirds: Thirds, fold: int) -> Fitted:
    return Fitted(from_labels, 1.5)


def too_low(contact: LabelledContact) -> Prediction:
    return fit_majority([make_labelled(level=Level.UNIVERSAL)])(contact)


def always_low(thirds: Thirds, fold: int) -> Fitted:
    return Fitted(too_low, 0.0)


def ask(
    contestants: Mapping[str, Contestant], folder: Path
) -> tuple[dict[str, tuple[Answers, ...]], dict[str, str]]:
    return ask_all(contestants, WORDS, make_thirds(folder))


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    contestants = {
        AGAINST: Contestant(always_right),
        "other": Contestant(always_low, folds=1),
    }
    answers, _ = ask(contestants, tmp_path_factory.mktemp("comparison"))
    return Comparison(
        made="2026-11-26T12:00:00+00:00",
        corpus="print",
        thirds=(("TA1",), ("TB1",), ("TC1",)),
        against=AGAINST,
        resamples=50,
        seed=1,
        rows=measure(answers, WORDS, CONTACTS, resamples=50),
        left_out={"The third": "torch not installed"},
    )


def test_no_author_stands_on_both_sides_and_every_contact_is_judged_once(tmp_path: Path) -> None:
    seen: list[set[str]] = []

    def learn(thirds: Thirds, fold: int) -> Fitted:
        taught = {contact.author for contact in thirds.train(fold)}
        seen.append(taught)

        def predict(contact: LabelledContact) -> Prediction:
            assert contact.author not in taught
            return from_labels(contact)

        return Fitted(predict, 0.0)

    answers, left_out = ask({"other": Contestant(learn)}, tmp_path)
    judged = [id_ for part in answers["other"] for id_ in part.predictions]
    assert sorted(judged) == sorted(contact.id for contact in CONTACTS)
    assert len(seen) == FOLDS
    assert all(len(taught) == 4 for taught in seen)
    assert left_out == {}


def test_the_dev_split_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="kept for measuring"):
        make_thirds(tmp_path, (*CONTACTS, make_labelled(author="DE1")))


def test_a_run_that_was_cut_off_goes_on_with_the_same_answers(tmp_path: Path) -> None:
    def breaks_off(thirds: Thirds, fold: int) -> Fitted:
        if fold == 1:
            raise KeyboardInterrupt
        return always_right(thirds, fold)

    with pytest.raises(KeyboardInterrupt):
        ask({"other": Contestant(breaks_off)}, tmp_path)

    def goes_on(thirds: Thirds, fold: int) -> Fitted:
        assert fold > 0
        return always_right(thirds, fold)

    answers, _ = ask({"other": Contestant(goes_on)}, tmp_path)
    first = answers["other"][0]
    by_id = {contact.id: contact for contact in CONTACTS}
    assert all(said == from_labels(by_id[id_]) for id_, said in first.predictions.items())
    assert len(first.milliseconds) == len(first.predictions)
    assert first.model == 1.5
    fewer, _ = ask({"other": Contestant(goes_on, folds=1)}, tmp_path)
    assert fewer == answers


def test_no_words_of_a_contact_are_kept(tmp_path: Path) -> None:
    ask({"other": Contestant(always_right)}, tmp_path)
    kept = "".join(path.read_text() for path in (tmp_path / "work").glob("*.json"))
    assert "child_protection" in kept
    assert not any(words in kept for words in CONCERNS.values())


def test_who_cannot_run_is_left_out_with_the_reason(tmp_path: Path) -> None:
    def lacks(thirds: Thirds, fold: int) -> Fitted:
        raise CannotRunError("torch not installed")

    answers, left_out = ask({"other": Contestant(lacks), "third": Contestant(always_low)}, tmp_path)
    assert left_out == {"other": "torch not installed"}
    assert set(answers) == {"third"}


def test_released_networks_are_not_trained_again_for_want_of_checkpoints(tmp_path: Path) -> None:
    for module in ("torch", "safetensors", "setfit"):
        pytest.importorskip(module)
    with pytest.raises(CannotRunError, match=r"no fold_0\.pt.*models\.transformer"):
        CONTESTANTS["released"].fit(make_thirds(tmp_path), 0)


def test_what_is_timed_stands_in_for_answers_known_before(tmp_path: Path) -> None:
    asked: list[str] = []

    def slow(contact: LabelledContact) -> Prediction:
        asked.append(contact.id)
        return from_labels(contact)

    def known(thirds: Thirds, fold: int) -> Fitted:
        return Fitted(too_low, 0.0, timed=slow)

    answers, _ = ask({"other": Contestant(known, folds=1)}, tmp_path)
    (part,) = answers["other"]
    assert asked == list(part.predictions)
    assert len(part.milliseconds) == len(asked)
    assert {said.level for said in part.predictions.values()} == {Level.UNIVERSAL}


def test_a_difference_is_of_the_contacts_that_both_judged(comparison: Comparison) -> None:
    linear, other = comparison.rows
    assert linear.differences == {}
    assert (linear.contacts, other.contacts, other.thirds) == (144, 48, 1)
    assert linear.figures["level_accuracy"].value == 1.0
    assert other.figures["level_accuracy"].value == 0.25
    assert other.differences["level_accuracy"].value == -0.75


def test_the_pages_tell_every_row_its_difference_and_who_did_not_run(
    comparison: Comparison, tmp_path: Path
) -> None:
    data, text, page = list(write_comparison(comparison, tmp_path))
    assert Comparison.model_validate_json(data.read_text()) == comparison
    lines = text.read_text().splitlines()
    rows = [line for line in lines if line.startswith("| The ")]
    assert [row.split(" | ")[0] for row in rows] == [
        "| The tfidf & co",
        "| The other & co",
        "| The other & co",
    ]
    assert rows[0].count(" | ") == 2 + len(SHOWN) + 2
    assert "**-0.75" not in rows[1]
    assert "**" in rows[2]
    assert "- **The third** did not run: torch not installed" in lines
    assert any("(1 of the three thirds, for time)" in line for line in lines)
    assert "The other &amp; co" in page.read_text()


def test_a_text_classifier_reads_what_it_was_taught_through_the_product() -> None:
    reader = fit_reader("textcat", fit_textcat, make_contacts("ABC"))
    text = f"{CONCERNS[Level.CHILD_PROTECTION]}\nMum gave consent in writing."
    reading = reader.read(Contact(text, Form.PPN), read_document(text))
    assert max(reading.level, key=reading.level.__getitem__) is Level.CHILD_PROTECTION
    assert max(reading.urgency, key=reading.urgency.__getitem__) is Urgency.RED
    limits = reader.thresholds.elements
    marked = [{e for e in Element if s.elements[e] >= limits[e]} for s in reading.sentences]
    assert marked == [{Element.CONCERN}, {Element.CONSENT}]
    assert reading.inappropriate is not None
    assert reading.inappropriate < 0.5
    assert sum(reading.level.values()) == pytest.approx(1, abs=1e-4)
    assert reader.megabytes > 0


def test_a_label_without_examples_is_never_said_and_one_without_others_always() -> None:
    rows = np.array([[0.0], [1.0], [0.2], [0.9]], dtype=np.float32)
    truth = np.array([[0, 0, 1], [1, 0, 1], [0, 0, 1], [1, 0, 1]], dtype=bool)
    said = fit_logistic(rows, truth, exclusive=False, cost=100).probabilities(rows)
    assert said[:, 1:].tolist() == [[0, 1]] * 4
    assert (said[:, 0] > 0.5).tolist() == [False, True, False, True]
    one = fit_logistic(rows, truth[:, 1:], exclusive=True).probabilities(rows)
    assert one.tolist() == [[0, 1]] * 4


def test_of_an_exclusive_question_probabilities_sum_to_one() -> None:
    rows = np.array([[0.0], [1.0], [0.2], [0.9]], dtype=np.float32)
    truth = np.array([[1, 0, 0], [0, 0, 1], [1, 0, 0], [0, 0, 1]], dtype=bool)
    said = fit_logistic(rows, truth, exclusive=True).probabilities(rows)
    assert said.sum(axis=1) == pytest.approx(np.ones(4), abs=1e-6)
    assert said[:, 1].tolist() == [0] * 4


def test_packages_are_counted_once_with_all_that_they_require(tmp_path: Path) -> None:
    template, mark = installed_megabytes(["jinja2"]), installed_megabytes(["MarkupSafe"])
    assert template > mark > 0
    assert installed_megabytes(["jinja2", "markupsafe", "no-such-package"]) == template
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "weights").write_bytes(b"0" * 500_000)
    assert folder_megabytes(tmp_path) == 0.5


def test_every_contestant_has_its_words_and_the_order_is_theirs() -> None:
    assert list(load_words()) == list(CONTESTANTS)
    assert AGAINST in CONTESTANTS


def test_the_command_writes_what_it_asked_and_says_whom_it_did_not_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(corpus, "load_train", lambda: CONTACTS)
    places = ["--work", str(tmp_path / "work"), "--output", str(tmp_path / "made")]
    assert main(["--only", "majority", "keywords", "--thirds", "1", *places]) == 0
    assert "other_tools.md" in capsys.readouterr().out
    content = (tmp_path / "made" / "other_tools.json").read_text(encoding="utf-8")
    made = Comparison.model_validate_json(content)
    assert [(row.code, row.contacts) for row in made.rows] == [("majority", 48), ("keywords", 48)]
    assert made.left_out["SetFit"] == "not asked in this run"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_an_encoder_is_shared_where_it_is_frozen() -> None:
    for module in ("setfit", "sentence_transformers", "torch"):
        pytest.importorskip(module)
    from evaluation.other_tools.encoders import fit_frozen

    reader = fit_reader("frozen MiniLM", fit_frozen, make_contacts("ABC"))
    assert 90 < reader.megabytes < 95
    text = CONCERNS[Level.CHILD_PROTECTION]
    reading = reader.read(Contact(text, Form.REFERRAL), read_document(text))
    assert max(reading.level, key=reading.level.__getitem__) is Level.CHILD_PROTECTION
    assert reading.inappropriate is None
