"""The text in pieces: nothing lost, overlaps named, offsets in code points."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from api.hub.marking import (
    KINDS,
    Mark,
    MarkChoice,
    MarkKind,
    cut,
    find_marks,
    mark_flags,
    to_code_points,
)
from nlp.assess import assess
from nlp.domain import Assertion, Element, NeedDomain, Status
from nlp.guidance import framework_for, load_forms
from tests.builders import make_contact, make_flag
from tests.fakes import FakeReader


def mark(start: int, end: int, kind: MarkKind = MarkKind.EVIDENCE, code: str = "concern") -> Mark:
    return Mark(kind, code, f"{code} as {kind}", start, end)


def test_an_emoji_counts_as_one_character() -> None:
    text = "\U0001f476 Dad hit me."
    pieces = cut(text, [mark(2, 9)])
    assert [piece.text for piece in pieces] == ["\U0001f476 ", "Dad hit", " me."]
    assert [piece.start for piece in pieces] == [0, 2, 9]


def test_overlapping_marks_are_all_named_and_look_like_the_most_serious() -> None:
    pieces = cut("abcdef", [mark(0, 4), mark(2, 6, MarkKind.FLAG, "weapon")])
    assert [(piece.text, piece.kind) for piece in pieces] == [
        ("ab", MarkKind.EVIDENCE),
        ("cd", MarkKind.FLAG),
        ("ef", MarkKind.FLAG),
    ]
    assert pieces[1].name == "weapon as flag; concern as evidence"


def test_a_mark_outside_the_text_is_ignored() -> None:
    assert [piece.text for piece in cut("abc", [mark(2, 9), mark(1, 1)])] == ["abc"]


def test_the_flag_of_a_stretch_is_said_once_where_it_begins() -> None:
    pieces = cut("abcdef", [mark(0, 6, MarkKind.FLAG, "weapon"), mark(3, 6)])
    assert [piece.tags for piece in pieces] == [("weapon as flag",), ()]


def test_the_mark_of_a_doubted_flag_says_so() -> None:
    doubted = make_flag(assertion=Assertion.HYPOTHETICAL).model_copy(update={"doubted": True})
    (mentioned,) = mark_flags([doubted])
    assert mentioned.kind is MarkKind.MENTIONED
    assert "may mean something else" in mentioned.name


def test_marks_are_chosen_by_kind_and_by_code() -> None:
    marks = [mark(0, 3), mark(0, 3, code="history"), mark(0, 3, MarkKind.FLAG, "weapon")]
    (piece,) = cut("abc", marks)
    evidence = MarkChoice(frozenset({MarkKind.EVIDENCE}))
    assert {each.code for each in evidence.of(piece)} == {"concern", "history"}
    assert [each.code for each in MarkChoice(only="history").of(piece)] == ["history"]
    assert MarkChoice(frozenset()).of(piece) == ()


marks_anywhere = st.lists(
    st.builds(
        mark,
        st.integers(-2, 40),
        st.integers(-2, 40),
        st.sampled_from(KINDS),
        st.sampled_from(["concern", "weapon"]),
    )
)


@given(text=st.text(max_size=30), marks=marks_anywhere)
def test_the_pieces_are_the_text_and_every_mark_covers_its_own_words(
    text: str, marks: list[Mark]
) -> None:
    pieces = cut(text, marks)
    assert "".join(piece.text for piece in pieces) == text
    for each in marks:
        if 0 <= each.start < each.end <= len(text):
            covered = "".join(piece.text for piece in pieces if each in piece.marks)
            assert covered == text[each.start : each.end]


def test_every_finding_with_words_is_marked() -> None:
    text = "Ava said dad hit her. No weapon was seen. Known to services."
    reader = FakeReader(evidence={Element.CONCERN: "hit"}, status={Element.HISTORY: Status.PARTLY})
    assessment = assess(
        make_contact(text), reader=reader, framework=framework_for(), form=load_forms()["safer"]
    )
    said = {(text[each.start : each.end], each.kind) for each in find_marks(assessment)}
    assert ("Ava said dad hit her.", MarkKind.FLAG) in said
    assert ("Ava said dad hit her.", MarkKind.EVIDENCE) in said
    assert ("No weapon was seen.", MarkKind.MENTIONED) in said


def test_what_weighed_most_for_a_need_is_marked_with_its_name() -> None:
    text = "Mum was drunk. He is six."
    reader = FakeReader(
        domains=frozenset({NeedDomain.PARENTAL_SUBSTANCE_MISUSE}),
        weights={NeedDomain.PARENTAL_SUBSTANCE_MISUSE: "drunk"},
    )
    assessment = assess(
        make_contact(text), reader=reader, framework=framework_for(), form=load_forms()["safer"]
    )
    (found,) = [each for each in find_marks(assessment) if each.kind is MarkKind.NEED]
    assert text[found.start : found.end].strip() == "Mum was drunk."
    assert found.code == NeedDomain.PARENTAL_SUBSTANCE_MISUSE
    assert found.name.startswith("Weighed most for: ")


def test_no_need_has_the_code_of_an_element() -> None:
    """They are chosen from one list."""
    assert not set(NeedDomain) & set(Element)


def test_offsets_of_a_browser_are_found_again_behind_windows_line_ends() -> None:
    text = "one\r\ntwo\rthree"
    shown = text.replace("\r\n", "\n")
    at = shown.index("three")
    found = to_code_points(text, at)
    assert found is not None
    assert text[found:] == "three"
    assert to_code_points(text, len(shown)) == len(text)
    assert to_code_points(text, len(shown) + 1) is None
    assert to_code_points(text, -1) is None
