import numpy as np
import pytest

from annotation.corpus import load_dev
from annotation.labels import LabelledContact
from annotation.records import parse_record
from annotation.splits import (
    Fold,
    group_authors,
    leave_authors_out,
    leave_one_author_out,
    refuse_held_back,
)
from nlp.errors import CorpusError
from tests.annotation.records_for_tests import make_record


def contacts(*ids: str) -> list[LabelledContact]:
    parsed = (parse_record(make_record(name))[0] for name in ids)
    return [contact for contact in parsed if contact is not None]


def test_each_author_is_left_out_once_and_never_stands_on_both_sides() -> None:
    known = contacts("AA1001", "AA1002", "AA2001", "AA3001")
    folds = list(leave_one_author_out(known))
    assert [fold.authors for fold in folds] == [("AA1",), ("AA2",), ("AA3",)]
    check_apart(folds, known)


@pytest.mark.parametrize("groups", [2, 3, 9])
def test_groups_of_authors_are_left_out_whole(groups: int) -> None:
    known = contacts("AA1001", "AA1002", "AA2001", "AA3001")
    folds = list(leave_authors_out(known, groups=groups))
    assert len(folds) == min(groups, 3)
    assert sorted(author for fold in folds for author in fold.authors) == ["AA1", "AA2", "AA3"]
    check_apart(folds, known)


def check_apart(folds: list[Fold], known: list[LabelledContact]) -> None:
    for fold in folds:
        assert {contact.author for contact in fold.test} == set(fold.authors)
        assert not {contact.author for contact in fold.train} & set(fold.authors)
        assert len(fold.train) + len(fold.test) == len(known)


def test_one_author_cannot_be_left_out() -> None:
    with pytest.raises(CorpusError, match="found contacts by 1 author"):
        list(leave_one_author_out(contacts("AA1001", "AA1002")))


def test_dev_is_refused() -> None:
    with pytest.raises(CorpusError, match="80 contacts that are kept for measuring"):
        refuse_held_back(load_dev())
    with pytest.raises(CorpusError, match="kept for measuring"):
        list(leave_one_author_out([*contacts("AA1001"), *load_dev()[:1]]))


def test_an_author_stands_in_one_fold_and_folds_are_alike() -> None:
    authors = ["a"] * 6 + ["b"] * 3 + ["c"] * 3
    folds = group_authors(authors, folds=2)
    assert sorted(np.bincount(folds).tolist()) == [6, 6]
    assert {len(set(folds[np.array(authors) == name].tolist())) for name in "abc"} == {1}
