import numpy as np
import pytest

from annotation.__main__ import main
from annotation.agreement import (
    AgreementTable,
    compare_annotators,
    macro_f1,
    micro_f1,
    quadratic_kappa,
)
from annotation.corpus import load_twice_labelled


@pytest.fixture(scope="module")
def table() -> AgreementTable:
    return compare_annotators(load_twice_labelled())


# The figures of the datasheet. Its first column gives kappa and micro-F1; where its two columns
# against the adjudicator differ from ours by those measures they are macro-F1 (status, sentence
# elements, urgency), as its row names 'kappa / macro-F1' allow.
@pytest.mark.parametrize(
    ("side", "measure", "published"),
    [
        ("author_second", "level_exact", 0.91),
        ("author_second", "level_kappa", 0.96),
        ("author_second", "level_within_one", 1.00),
        ("author_second", "status_kappa", 0.93),
        ("author_second", "sentence_elements_f1", 0.90),
        ("author_second", "flags_present_f1", 0.78),
        ("author_second", "domains_f1", 0.86),
        ("author_second", "urgency_kappa", 0.94),
        ("author_second", "notification_kappa", 1.00),
        ("author_adjudicated", "level_exact", 0.91),
        ("author_adjudicated", "level_kappa", 0.96),
        ("author_adjudicated", "status_macro_f1", 0.93),
        ("author_adjudicated", "sentence_elements_macro_f1", 0.92),
        ("author_adjudicated", "flags_present_f1", 0.87),
        ("author_adjudicated", "domains_f1", 0.92),
        ("author_adjudicated", "urgency_macro_f1", 0.92),
        ("author_adjudicated", "notification_kappa", 1.00),
        ("second_adjudicated", "level_exact", 1.00),
        ("second_adjudicated", "level_kappa", 1.00),
        ("second_adjudicated", "status_macro_f1", 0.99),
        ("second_adjudicated", "sentence_elements_macro_f1", 0.99),
        ("second_adjudicated", "flags_present_f1", 0.93),
        ("second_adjudicated", "domains_f1", 0.95),
        ("second_adjudicated", "urgency_macro_f1", 1.00),
        ("second_adjudicated", "notification_kappa", 1.00),
    ],
)
def test_agreement_is_that_of_the_datasheet(
    table: AgreementTable, side: str, measure: str, published: float
) -> None:
    assert getattr(getattr(table, side), measure) == pytest.approx(published, abs=0.005)


def codes(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def test_kappa_of_a_worked_example() -> None:
    # Squared steps apart: 1 as seen; 7 by chance, from margins of 2, 0, 2 and 2, 1, 1.
    kappa = quadratic_kappa(codes(0, 0, 2, 2), codes(0, 0, 1, 2), classes=3)
    assert kappa == pytest.approx(1 - 1 / 7)


def test_kappa_is_one_where_both_use_a_single_class() -> None:
    assert quadratic_kappa(codes(1, 1), codes(1, 1), classes=3) == 1.0


def test_macro_f1_is_the_mean_over_classes_in_use() -> None:
    assert macro_f1(codes(0, 0, 2), codes(0, 2, 2)) == pytest.approx(2 / 3)


def test_micro_f1_counts_all_labels_together() -> None:
    assert micro_f1([frozenset("ab"), frozenset()], [frozenset("a"), frozenset("c")]) == 0.5
    assert micro_f1([frozenset()], [frozenset()]) == 1.0


def test_agree_prints_every_measure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["agree"]) == 0
    printed = capsys.readouterr().out
    assert "author against second" in printed
    assert "notification kappa" in printed
