import pytest

from models.words import ANYBODY, NAME, ages_in, as_of_anybody, find_known, split_words

KNOWN = frozenset({"was", "hit", "by", "lives", "with", "mum", "grace", "white", "black"})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Tom was hit by Dean", "Aisha was hit by Mohammed", id="names"),
        pytest.param("Tom Smith was hit", "Aisha Begum-Khan was hit", id="whole names"),
        pytest.param("he was hit", "she was hit", id="sex"),
        pytest.param("the boy lives with his brother", "the girl lives with hers sister", id="kin"),
        pytest.param("a Polish family", "a Somali family", id="ethnic group"),
        pytest.param("a White British boy", "a White and Black Caribbean boy", id="whole group"),
        pytest.param("lives with a Black African/Somali mum", "lives with a Roma mum", id="joined"),
        pytest.param("on 12/03/2024", "on 09/11/2025", id="dates"),
        pytest.param("TOM WAS HIT", "tom was hit", id="capitals"),
    ],
)
def test_the_same_facts_read_the_same(one: str, other: str) -> None:
    ours, theirs = (
        [word for word in split_words(text, known=KNOWN) if word != "-"] for text in (one, other)
    )
    assert ours == theirs or [w for w in theirs if w != NAME] == [w for w in ours if w != NAME]


def test_a_colour_that_is_no_group_stays() -> None:
    words = split_words("a black eye and a white van, Polish plates", known=KNOWN)
    assert words == ["a", "black", "eye", "and", "a", "white", "van", ",", "ethnic", "plates"]


@pytest.mark.parametrize("surname", ["HARTLEY", "FANSHAWE-LEIGH", "O\u2019NEILL"])
def test_a_surname_in_capitals_after_a_name_is_of_the_name(surname: str) -> None:
    known = frozenset({"returned", "late", "mash"})
    text = f"Claire {surname} returned late."
    assert split_words(text, known=known) == [NAME, "returned", "late", "."]
    assert as_of_anybody(text, known=known) == f"{ANYBODY} returned late."


def test_capitals_that_are_no_surname_stay() -> None:
    known = frozenset({"mash", "gone"})
    assert split_words("Claire MASH", known=known) == [NAME, "mash"]
    assert as_of_anybody("Claire MASH, DASH 17. GONE.", known=known) == (
        f"{ANYBODY} MASH, DASH 17. GONE."
    )


def test_words_numbers_and_marks_are_told_apart() -> None:
    assert split_words("Mum wasn\u2019t in at 21:30!", known=KNOWN) == [
        "mum", "wasn't", "in", "at", "00:00", "!",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("Tom, aged 3, and Mia (15 yrs)", ["§age 0-4", "§age 14-17"]),
        ("a 6-year-old and an 11 yo", ["§age 5-9", "§age 10-13"]),
        ("a 9 week old baby", ["§age infant"]),
        ("aged 9 weeks", []),
        ("dad is aged 34", []),
    ],
)
def test_ages_of_childhood_are_marked(text: str, marks: list[str]) -> None:
    assert ages_in(text) == marks


def test_known_words_stand_in_small_letters_twice_and_are_no_names() -> None:
    texts = ["the grace of mum", "the mum of grace Grace"]
    assert find_known(texts, names=["Grace Smith"]) == {"the", "of", "mum"}
