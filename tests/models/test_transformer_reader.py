"""The served transformer reader, with graphs that are stood in for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from models.conformal import LevelSets
from models.hollow import HollowFinder, HollowModel
from models.predict import TRANSFORMER
from models.transformer.artefact import FILES, load_transformer, write_manifest
from models.transformer.document_outputs import LABELS, OUTPUTS
from models.transformer.encoding import LONGEST, SentenceVectors, open_session, token_ids
from models.transformer.reader import TransformerReader, open_vectors
from models.transformer.scales import AnyOf, OneOf, Scales
from nlp.document import read_document
from nlp.domain import Contact, Element, Form, Level, Reason, Status
from nlp.errors import ArtefactError

WORDS = {"[UNK]": 0, "she": 1, "cried": 2, "slept": 3, "well": 4, ".": 5}
HOLLOW_MODEL = HollowModel(terms={"well": 2.0}, vector=(0.0,), intercept=-1.0, hollow_from=0.5)
BY_SENTENCE = ("elements", "present", "mentioned", "assertions")


@dataclass
class FakeEncoder:
    """A sentence's vector is the sum of its ids; tells what it was asked."""

    asked: list[list[int]] = field(default_factory=list)

    def run(self, _: None, given: Mapping[str, NDArray[np.int64]]) -> list[NDArray[np.float32]]:
        self.asked += [
            row[: int(mask.sum())].tolist()
            for row, mask in zip(given["ids"], given["mask"], strict=True)
        ]
        return [(given["ids"] * given["mask"]).sum(1, keepdims=True).astype(np.float32)]


@dataclass(frozen=True)
class FakeOutput:
    name: str


class FakeHeads:
    """Every logit is 0, but the first element's, which is the sentence's vector less 8."""

    def get_outputs(self) -> list[FakeOutput]:
        return [FakeOutput(name) for name in OUTPUTS]

    def run(self, _: None, given: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        sentences = given["vectors"].shape[1]
        shapes: dict[str, tuple[int, ...]] = {
            name: (1, sentences, len(LABELS[name])) for name in BY_SENTENCE
        }
        shapes |= {name: (1, len(LABELS[name])) for name in ("level", "certainty", "domains")}
        shapes |= {name: (1, len(LABELS[name])) for name in ("urgency", "reasons")}
        shapes |= {"status": (1, len(Element), 3), "inappropriate": (1,)}
        answers = {name: np.zeros(shape, dtype=np.float32) for name, shape in shapes.items()}
        answers["elements"][0, :, 0] = given["vectors"][0, :, 0] - 8
        return [answers[name] for name in OUTPUTS]


def make_tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(WordLevel(WORDS, unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = Whitespace()
    return tokenizer


def make_vectors(encoder: FakeEncoder, *, remember: int = 10) -> SentenceVectors:
    return SentenceVectors(make_tokenizer(), encoder, remember=remember)


def make_scales() -> Scales:
    one_of = {name: OneOf(1.0, (0.0,) * len(LABELS[name])) for name in ("status", "certainty")}
    one_of |= {"level": OneOf(1.0, (0.0, 0.0, 0.0, 2.0)), "urgency": OneOf(1.0, (0.0, 0.0, 0.0))}
    names = ("elements", "present", "domains", "reasons")
    any_of = {name: AnyOf(1.0, (0.0,) * len(LABELS[name])) for name in names}
    any_of["inappropriate"] = AnyOf(1.0, (-2.0,))
    thresholds = {name: (0.5,) * len(scale.shift) for name, scale in any_of.items()}
    return Scales(one_of, any_of, LevelSets(0.2, 0.2), thresholds)


def make_reader(encoder: FakeEncoder | None = None) -> TransformerReader:
    return TransformerReader(
        name="transformer test",
        vectors=make_vectors(encoder or FakeEncoder()),
        heads=FakeHeads(),
        scales=make_scales(),
        hollow=HollowFinder(HOLLOW_MODEL, frozenset(WORDS)),
    )


def ask(reader: TransformerReader, text: str, form: Form = Form.REFERRAL):  # type: ignore[no-untyped-def]
    return reader.read(Contact(text, form), read_document(text))


def test_products_of_eight_bits_are_exact_on_every_processor() -> None:
    """The graph multiplies 64 numbers of 8 bits by 127: where pairs overflow, half is lost."""
    session = open_session(Path(__file__).with_name("eight_bits.onnx"), threads=1)
    (products,) = session.run(None, {"numbers": np.full((1, 64), 255, dtype=np.uint8)})
    assert np.unique(products).tolist() == [64 * 255 * 127]


def test_a_sentence_is_encoded_once_however_often_it_stands() -> None:
    encoder = FakeEncoder()
    vectors = make_vectors(encoder)
    first = vectors(["she cried", "she slept", "she cried"])
    second = vectors(["she slept", "she slept well"])
    assert len(encoder.asked) == 3
    assert first[:, 0].tolist() == [3, 4, 3]
    assert second[:, 0].tolist() == [4, 8]


def test_the_least_recently_read_sentence_is_forgotten_first() -> None:
    encoder = FakeEncoder()
    vectors = make_vectors(encoder, remember=2)
    for texts in (["she"], ["cried"], ["she"], ["slept"], ["she"], ["cried"]):
        vectors(texts)
    assert encoder.asked == [[1], [2], [3], [2]]


def test_vectors_keep_the_order_of_the_sentences_whatever_their_length() -> None:
    texts = ["she slept well .", "she", "she cried"]
    assert make_vectors(FakeEncoder())(texts)[:, 0].tolist() == [13, 1, 3]


def test_a_very_long_sentence_keeps_its_end_mark() -> None:
    ids = token_ids(make_tokenizer(), ["she " * 400 + "."])[0]
    assert len(ids) == LONGEST
    assert ids[-1] == WORDS["."]


def test_every_sentence_of_the_document_is_read_in_order() -> None:
    reading = ask(make_reader(), "she slept well .\nshe cried")
    shown = [sentence.elements[Element.CHILD_IDENTITY] for sentence in reading.sentences]
    assert len(shown) == 2
    assert shown[0] > 0.9 > 0.5 > shown[1]


def test_one_sentence_alone_is_read() -> None:
    assert len(ask(make_reader(), "she cried").sentences) == 1


def test_probabilities_follow_the_scales_and_sum_to_one() -> None:
    reading = ask(make_reader(), "she cried")
    assert sum(reading.level.values()) == pytest.approx(1)
    assert max(reading.level, key=lambda level: reading.level[level]) is Level.CHILD_PROTECTION
    assert reading.plausible == (Level.CHILD_PROTECTION,)
    assert reading.status[Element.CONSENT][Status.MET] == pytest.approx(1 / 3)


def test_a_hollow_sentence_is_found_and_one_that_tells_stays() -> None:
    reader, document = make_reader(), read_document("She cried.\nWell, well.\nShe slept.")
    assert reader.find_hollow(document) == {1}
    assert reader.find_hollow(document, telling=[1]) == frozenset()


def test_only_a_notification_is_asked_whether_it_is_appropriate() -> None:
    referral = ask(make_reader(), "she cried")
    notice = ask(make_reader(), "she cried", Form.PPN)
    assert referral.inappropriate is None
    assert referral.reasons == {}
    assert notice.inappropriate == pytest.approx(1 / (1 + np.exp(2)))
    assert set(notice.reasons) == set(Reason)


def write_folder(folder: Path, spoil: Sequence[str] = ()) -> None:
    for name in FILES:
        (folder / name).write_text("{}")
    write_manifest(folder, name="transformer test")
    for name in spoil:
        (folder / name).write_text("{ }")


@pytest.mark.parametrize("name", FILES)
def test_a_folder_with_a_changed_file_is_refused(tmp_path: Path, name: str) -> None:
    write_folder(tmp_path, spoil=[name])
    with pytest.raises(ArtefactError, match=name):
        load_transformer(tmp_path)


def test_a_folder_of_another_kind_is_refused(tmp_path: Path) -> None:
    write_folder(tmp_path)
    manifest = tmp_path / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"transformer",', '"tfidf",'))
    with pytest.raises(ArtefactError, match="tfidf"):
        load_transformer(tmp_path)


def test_a_folder_with_other_labels_is_refused(tmp_path: Path) -> None:
    write_folder(tmp_path)
    manifest = tmp_path / "manifest.json"
    manifest.write_text(manifest.read_text().replace("early_help", "family_help"))
    with pytest.raises(ArtefactError, match="labels"):
        load_transformer(tmp_path)


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="manifest"):
        load_transformer(tmp_path)


@pytest.mark.slow
def test_a_sentence_has_one_vector_whatever_is_read_with_it() -> None:
    sentence, others = "Ava told her teacher that dad hit her.", ["All is well. " * 20, "Mum rang."]
    alone = open_vectors(TRANSFORMER, threads=1, remember=10)([sentence])[0]
    among = open_vectors(TRANSFORMER, threads=1, remember=10)([*others, sentence])[-1]
    assert alone.tolist() == among.tolist()
