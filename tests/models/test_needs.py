import pytest

from models.features import SentenceWords
from models.needs import load_need_words, read_need_words
from nlp.domain import NeedDomain
from nlp.errors import ArtefactError

ONE_EACH = "\n".join(f'{domain} = "{domain}"' for domain in NeedDomain)


def said(text: str) -> list[SentenceWords]:
    return [SentenceWords(tuple(text.split()), (), (), (), ())]


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("they run county lines", NeedDomain.EXPLOITATION_CRIMINAL),
        ("evicted on friday", NeedDomain.HOUSING_POVERTY),
        ("mum is pregnant", NeedDomain.PRE_BIRTH),
        ("bullied at school", NeedDomain.BULLYING),
    ],
)
def test_a_need_is_counted_by_what_it_is_called(text: str, domain: NeedDomain) -> None:
    counts = load_need_words().transform([said(text), said("nothing")]).toarray()
    assert counts[0, list(NeedDomain).index(domain)] > 0
    assert counts[1].sum() == 0


def test_words_that_follow_each_other_must_stand_together_in_one_sentence() -> None:
    needs = read_need_words("[starts]\n" + ONE_EACH.replace('"neglect"', '"no|food"'))
    rows = [said("no food"), said("no hot food"), [*said("no"), *said("food")]]
    column = needs.transform(rows).toarray()[:, list(NeedDomain).index(NeedDomain.NEGLECT)]
    assert (column > 0).tolist() == [True, False, False]


def test_a_sentence_read_again_is_counted_as_the_first_time() -> None:
    needs = load_need_words()
    evicted, bullied, other = said("evicted on friday"), said("bullied by boys"), said("it rained")
    first = needs.count([*evicted, *bullied])
    again = needs.count([*other, *bullied, *evicted])
    assert (again[1:] == first[::-1]).all()
    assert first.sum() > 0
    assert again[0].sum() == 0
    assert needs.count([]).shape == (0, len(NeedDomain))


def test_a_missing_domain_is_told() -> None:
    with pytest.raises(ArtefactError, match="bullying: give each domain"):
        read_need_words("[starts]\n" + ONE_EACH.replace('bullying = "bullying"', ""))


def test_a_broken_file_is_told() -> None:
    with pytest.raises(ArtefactError, match="has no table"):
        read_need_words("[else]")
