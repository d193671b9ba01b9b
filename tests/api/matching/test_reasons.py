from api.matching.comparing import COMPARISONS
from api.matching.reasons import load_reasons, put_differences, put_reasons

KIN = {"kin.sibling", "kin.adult"}


def test_every_level_has_words_and_no_words_are_left_over() -> None:
    words = load_reasons()
    levels = {f"{field}.{level}" for field, each in COMPARISONS.items() for level in each.levels}
    assert set(words.reasons) | set(words.differences) == levels | KIN
    assert not set(words.reasons) & set(words.differences)


def test_words_come_in_the_order_of_the_file() -> None:
    assert put_reasons({"kin.adult", "surname.same", "address.differs"}) == (
        "same surname",
        "same parent or other adult",
    )
    assert put_differences({"address.differs", "surname.same"}) == ("address differs",)
