"""Training the transformer reader; collected only where torch is installed."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
onnxruntime = pytest.importorskip("onnxruntime")

from annotation.contrast_sets import load_contrasts  # noqa: E402
from annotation.corpus import load_train  # noqa: E402
from annotation.flag_sentences import load_flag_sentences  # noqa: E402
from models.predict import TRANSFORMER  # noqa: E402
from models.transformer import networks as networks_module  # noqa: E402
from models.transformer.as_served import answer_as_served  # noqa: E402
from models.transformer.batches import TokenCache, cache_tokens, chunks  # noqa: E402
from models.transformer.config import Run  # noqa: E402
from models.transformer.document import HeadShape  # noqa: E402
from models.transformer.export import export_encoder, export_heads  # noqa: E402
from models.transformer.fitting import fit_scales  # noqa: E402
from models.transformer.lessons import (  # noqa: E402
    altered_lesson,
    epoch_size,
    lessons_of_epoch,
    whole_lesson,
)
from models.transformer.losses import PositiveWeights, losses  # noqa: E402
from models.transformer.networks import Networks  # noqa: E402
from models.transformer.targets import (  # noqa: E402
    IGNORED,
    Example,
    examples,
    flag_examples,
    soft_level,
)
from models.transformer.training import Network, answer, fit  # noqa: E402

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

RUN = Run(
    epochs=2, batch=4, frozen=5, heads=1, encoder_dropout=0.0, bfloat16=False,
    shape=HeadShape(width=32, layers=1, heads=2, views=1),
)  # fmt: skip


@pytest.fixture(scope="module")
def taught() -> list[tuple[int, Example]]:
    return list(enumerate(examples(load_train()[:12])))


@pytest.fixture(scope="module")
def cache(taught: list[tuple[int, Example]]) -> TokenCache:
    tokens = [[[101, 2000 + len(text), 102] for text in e.texts] for _, e in taught]
    return cache_tokens(make_network().encoder, tokens)


def make_network() -> Network:
    torch.manual_seed(3)
    return Network(RUN)


def test_training_lowers_the_loss(
    taught: list[tuple[int, Example]], cache: TokenCache, tmp_path: Path
) -> None:
    _, curve = fit(RUN, make_network(), lambda: cache, taught, checkpoint=tmp_path / "run.pt")
    assert curve[-1] < curve[0]


def test_a_run_that_was_cut_off_ends_as_one_that_was_not(
    taught: list[tuple[int, Example]], cache: TokenCache, tmp_path: Path
) -> None:
    whole, curve = fit(RUN, make_network(), lambda: cache, taught, checkpoint=tmp_path / "whole.pt")
    cut = tmp_path / "cut.pt"

    network = make_network()
    with pytest.MonkeyPatch.context() as patch:
        saved = torch.save

        def save_and_stop(content: object, path: Path) -> None:
            saved(content, path)
            path.replace(cut)
            raise KeyboardInterrupt

        patch.setattr(torch, "save", save_and_stop)
        with pytest.raises(KeyboardInterrupt):
            fit(RUN, network, lambda: cache, taught, checkpoint=cut)
    again, resumed = fit(RUN, make_network(), lambda: cache, taught, checkpoint=cut)
    assert resumed == pytest.approx(curve)
    for one, other in zip(whole.state_dict().values(), again.state_dict().values(), strict=True):
        torch.testing.assert_close(one, other)


def test_the_exported_graphs_answer_as_the_network_does(
    taught: list[tuple[int, Example]], cache: TokenCache, tmp_path: Path
) -> None:
    network = make_network()
    trained = answer(network, cache, taught[:1])[0]
    export_encoder(network.encoder, tmp_path / "encoder.onnx")
    export_heads(network.heads, tmp_path / "heads.onnx")
    encoder = onnxruntime.InferenceSession(tmp_path / "encoder.onnx")
    heads = onnxruntime.InferenceSession(tmp_path / "heads.onnx")
    example = taught[0][1]
    ids = np.array([[101, 2000 + len(text), 102] for text in example.texts])
    (vectors,) = encoder.run(None, {"ids": ids, "mask": np.ones_like(ids)})
    given = heads.run(
        ["level", "elements"],
        {
            "vectors": vectors[None],
            "mask": np.ones((1, len(ids)), dtype=np.float32),
            "form": np.array([example.form]),
        },
    )
    # The cache holds the frozen layers' output in bfloat16, so the two differ a little.
    np.testing.assert_allclose(given[0][0], trained["level"], atol=0.03)
    np.testing.assert_allclose(given[1][0], trained["elements"], atol=0.03)


def test_scales_are_fitted_for_every_head(
    taught: list[tuple[int, Example]], cache: TokenCache
) -> None:
    kept = [example for _, example in taught]
    scales = fit_scales(kept, answer(make_network(), cache, taught))
    assert set(scales.one_of) == {"status", "level", "certainty", "urgency"}
    assert set(scales.thresholds) == set(scales.any_of)
    assert scales.one_of["level"].probabilities(np.zeros(4, np.float32)).sum() == pytest.approx(1)


def test_taking_out_an_element_makes_it_missing(taught: list[tuple[int, Example]]) -> None:
    random = np.random.default_rng(0)
    for index, example in taught:
        lesson = altered_lesson(example, index, chance=1.0, random=random)
        assert len(lesson.keep) < len(example.texts)
        gone = example.elements.any(0) & ~example.elements[lesson.keep].any(0)
        assert gone.any()
        assert (lesson.status[gone] == 0).all()


def test_half_of_the_lessons_are_read_in_other_words_where_half_shall_be(
    taught: list[tuple[int, Example]],
) -> None:
    random = np.random.default_rng(0)
    lessons = [
        lesson
        for _ in range(40)
        for lesson in lessons_of_epoch(
            taught, contrasts=1.0, chance=0.0, retypings=2, retyped=0.5, random=random
        )
    ]
    counts = np.bincount([lesson.retyping for lesson in lessons], minlength=3) / len(lessons)
    assert counts == pytest.approx([0.5, 0.25, 0.25], abs=0.07)


def test_a_retyping_is_read_in_its_own_words_and_taught_the_same(
    taught: list[tuple[int, Example]],
) -> None:
    own = [[[101, 2000, 102]] * len(e.texts) for _, e in taught]
    other = [[[101, 3000, 3001, 102]] * len(e.texts) for _, e in taught]
    cache = cache_tokens(make_network().encoder, own + other, retypings=1)
    lesson = whole_lesson(taught[1][1], 1)
    assert cache.stretches(lesson)[1].tolist() == [3] * len(lesson.keep)
    retyped = dataclasses.replace(lesson, retyping=1)
    assert cache.stretches(retyped)[1].tolist() == [4] * len(lesson.keep)


def test_a_whole_lesson_teaches_what_is_labelled(taught: list[tuple[int, Example]]) -> None:
    lesson = whole_lesson(taught[0][1], 0)
    assert (lesson.status == taught[0][1].status).all()
    assert lesson.whole


def test_the_soft_level_leans_on_the_labelled_one() -> None:
    for contact in load_train()[:40]:
        soft = soft_level(contact)
        assert soft.sum() == pytest.approx(1)
        assert soft.argmax() == contact.level.number - 1


def test_chunks_hold_every_position_once() -> None:
    lengths = sorted([3, 900, 40, 700, 2047, 5])
    assert [i for chunk in chunks(lengths) for i in chunk] == list(range(len(lengths)))


def test_a_flag_text_teaches_flags_and_nothing_else(taught: list[tuple[int, Example]]) -> None:
    text = next(t for t in load_flag_sentences() if any(s.flags for s in t.sentences))
    (example,) = flag_examples([text])
    assert example.mentioned.any()
    assert (example.status == IGNORED).all()
    both = [*taught, (len(taught), example)]
    tokens = [[[101, 2000 + len(said), 102] for said in e.texts] for _, e in both]
    network = make_network()
    cache = cache_tokens(network.encoder, tokens)
    positive = PositiveWeights.of([e for _, e in both], power=0.5, most=8.0)
    alone, mixed = (
        [whole_lesson(*pair[::-1]) for pair in both[-1:]],
        [whole_lesson(*pair[::-1]) for pair in both],
    )
    (answers,) = network.each(cache, alone)
    assert set(losses(answers, alone, positive)) == {"present", "mentioned", "assertions"}
    (answers,) = network.each(cache, mixed)
    found = losses(answers, mixed, positive)
    (answers,) = network.each(cache, mixed[:-1])
    contacts = losses(answers, mixed[:-1], positive)
    assert found["level"].item() == pytest.approx(contacts["level"].item(), abs=0.05)
    assert all(torch.isfinite(loss) for loss in found.values())


def test_a_contrast_teaches_all_but_elements(taught: list[tuple[int, Example]]) -> None:
    contrast = next(c for c in load_contrasts() if c.flags_present())
    (example,) = examples([contrast])
    assert example.present.any()
    assert (example.status == IGNORED).all()
    assert example.level_index == contrast.level.number - 1
    tokens = [[[101, 2000 + len(said), 102] for said in example.texts]]
    network = make_network()
    lesson = whole_lesson(example, 0)
    positive = PositiveWeights.of([e for _, e in taught], power=0.5, most=8.0)
    (answers,) = network.each(cache_tokens(network.encoder, tokens), [lesson])
    found = set(losses(answers, [lesson], positive))
    assert {"level", "urgency", "domains", "present"} <= found
    assert not found & {"elements", "status"}


def test_an_epoch_shows_the_share_of_contrasts_that_the_run_says_and_others_each_time(
    taught: list[tuple[int, Example]],
) -> None:
    contrasts = list(enumerate(examples(load_contrasts()[:9]), start=len(taught)))
    together = [*taught, *contrasts]
    random = np.random.default_rng(0)
    epochs = [
        [
            lesson.index
            for lesson in lessons_of_epoch(
                together,
                contrasts=1 / 3,
                chance=0.0,
                retypings=0,
                retyped=0.0,
                random=random,
            )
        ]
        for _ in range(20)
    ]
    beside = [sorted(i for i in epoch if i >= len(taught)) for epoch in epochs]
    assert {len(shown) for shown in beside} == {3}
    assert {i for shown in beside for i in shown} == {index for index, _ in contrasts}
    assert all(set(range(len(taught))) < set(epoch) for epoch in epochs)
    assert {len(epoch) for epoch in epochs} == {epoch_size(together, contrasts=1 / 3)}


def test_a_network_reads_every_contrast_and_flag_text_and_no_author_of_its_fold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts, texts = [*load_train()[:6], *load_train()[-6:]], load_flag_sentences()[:3]
    read: dict[str, list[Example]] = {}

    def remember(*given: object, checkpoint: Path) -> tuple[None, list[float]]:
        read[checkpoint.name] = [example for _, example in given[-1]]  # type: ignore[attr-defined]
        return None, [0.0]

    monkeypatch.setattr(networks_module, "fit", remember)
    monkeypatch.setattr(networks_module, "new_network", lambda *_: make_network())
    monkeypatch.setattr(Networks, "cache", None)
    contrasts = load_contrasts()[:3]
    run = dataclasses.replace(RUN, folds=2)
    networks = Networks(run, tmp_path, contacts, contrasts, texts, tmp_path)
    for fold in (0, 1, None):
        networks.fit(fold)
    beside = {text.id for text in texts} | {contact.id for contact in contrasts}
    assert {e.id for e in read["all.pt"]} == {contact.id for contact in contacts} | beside
    assert all(beside <= {e.id for e in read[name]} for name in ("fold_0.pt", "fold_1.pt"))
    one, other = (
        {e.author for e in read[f"fold_{fold}.pt"] if e.id not in beside} for fold in (0, 1)
    )
    assert one | other == {contact.author for contact in contacts}
    assert not one & other


def test_what_is_read_is_the_words_as_they_stand_and_retypings_as_of_anybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[str, ...]] = []

    def remember(_: object, sentences: tuple[str, ...]) -> list[list[int]]:
        read.append(sentences)
        return []

    monkeypatch.setattr(networks_module, "token_ids", remember)
    monkeypatch.setattr(networks_module, "open_tokenizer", lambda _: None)
    monkeypatch.setattr(networks_module, "new_network", lambda *_: make_network())
    monkeypatch.setattr(networks_module, "cache_tokens", lambda *_, retypings: None)
    contacts = [c for c in load_train() if c.people and " he " in c.text][:3]
    run = dataclasses.replace(RUN, retypings=2)
    _ = Networks(run, tmp_path, contacts, (), (), tmp_path).cache
    own, retyped = read[:3], read[3:]
    assert len(retyped) == 6
    for sentences, contact in zip(own, contacts, strict=True):
        assert all(sentence in contact.text for sentence in sentences)
    assert not any(" he " in sentence for sentences in retyped for sentence in sentences)
    assert [len(sentences) for sentences in retyped] == 2 * [len(sentences) for sentences in own]


def test_answers_as_served_are_the_same_of_anybody(taught: list[tuple[int, Example]]) -> None:
    example = taught[0][1]
    known = frozenset({"told", "school", "that", "hit", "safe"})
    said = [
        dataclasses.replace(example, texts=(text,) * len(example.texts))
        for text in (
            "Leah told school that he hit her.",
            "Mohammed told school that she hit him.",
            "Leah told school that he is safe.",
        )
    ]
    one, other, third = answer_as_served(make_network(), said, base=TRANSFORMER, known=known)
    np.testing.assert_allclose(one["level"], other["level"], atol=1e-5)
    assert not np.allclose(one["level"], third["level"], atol=1e-5)
