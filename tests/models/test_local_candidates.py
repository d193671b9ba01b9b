"""A retrained reader is a whole one, says that it is another, and has not seen what is locked."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from annotation.corpus import fingerprint, load_corpus, load_train, save_corpus
from annotation.labels import LabelledContact, LabelledSentence
from models import predict
from models.__main__ import main
from models.artefact import load_manifest
from models.local.candidates import complete_candidate, texts_learnt
from models.local.lessons import corpus_lesson, local_lesson
from models.local.splitting import hash_text, load_local, load_locked, split_local
from models.predict import RELEASED, load_reader
from models.tfidf import TfidfReader
from models.train import train_tfidf
from models.whole import LEARNT, check_whole
from nlp.document import read_document
from nlp.domain import Contact, Form
from nlp.errors import ArtefactError, CorpusError
from tests.models.corpus_for_tests import make_config, make_contacts
from tests.models.readers_for_tests import damage, save_whole
from tests.models.test_train import HURT

RUN = Path(__file__).parent / "small_run.toml"


@pytest.fixture
def parted(tmp_path: Path) -> Path:
    """A council of one author, whose contacts have words of their own."""
    own = [with_a_last_line(contact, f"Ref {n}") for n, contact in enumerate(make_contacts("L"))]
    split_local(own, tmp_path / "local", share=0.5)
    return tmp_path / "local"


def with_a_last_line(contact: LabelledContact, line: str) -> LabelledContact:
    text = f"{contact.text}\n{line}"
    last = LabelledSentence(len(contact.text) + 1, len(text), frozenset(), ())
    return replace(contact, text=text, sentences=(*contact.sentences, last))


@pytest.fixture
def base(small_reader: TfidfReader, tmp_path: Path) -> Path:
    return save_whole(small_reader, tmp_path / "base")


def test_a_candidate_is_trained_served_and_named(
    parted: Path, base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_corpus(make_contacts(), tmp_path / "corpus.jsonl")
    made = tmp_path / "made"
    train = ["train", str(RUN), "--corpus", str(tmp_path / "corpus.jsonl")]
    into = ["--local", str(parted), "--base", str(base), "--output", str(made)]
    assert main([*train, *into]) == 0
    reader = load_reader(released=made)
    assert reader.name.startswith("small 0+local.")
    assert f"{reader.name} is a candidate" in capsys.readouterr().out
    assert reader.read(Contact(HURT, Form.PPN), read_document(HURT)).level
    manifest = load_manifest(made / "tfidf")
    assert manifest.corpus["local"] == len(load_local(parted))
    card = (made / "tfidf" / "model_card.md").read_text()
    assert f"{len(load_local(parted))} of them are a council's own" in card
    assert main([*train, *into]) == 1
    assert "is not empty" in capsys.readouterr().err


def test_a_candidate_needs_a_folder(
    parted: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    save_corpus(make_contacts(), tmp_path / "corpus.jsonl")
    corpus = ["--corpus", str(tmp_path / "corpus.jsonl")]
    assert main(["train", str(RUN), *corpus, "--local", str(parted)]) == 1
    assert "--output" in capsys.readouterr().err


def test_other_labels_make_another_name(parted: Path) -> None:
    one = local_lesson(make_contacts(), RUN, parted)
    again = local_lesson(make_contacts(), RUN, parted)
    fewer = local_lesson(make_contacts("AB"), RUN, parted)
    assert one.config.version == again.config.version != fewer.config.version
    assert corpus_lesson(make_contacts(), RUN).config.version == "0"


def test_local_contacts_weigh_what_the_run_says(parted: Path, tmp_path: Path) -> None:
    heavy = tmp_path / "heavy.toml"
    heavy.write_text(RUN.read_text() + "\n[local]\nweight = 2.5\n")
    lesson = local_lesson(make_contacts(), heavy, parted)
    own = len(load_local(parted))
    assert lesson.weights == (1.0,) * len(make_contacts()) + (2.5,) * own


def test_a_contact_that_weighs_twice_counts_as_two() -> None:
    known = make_contacts()
    level = tuple(each.level.number == 4 for each in known)
    plain = train_tfidf(known, make_config()).reader
    heavy = train_tfidf(known, make_config(), weights=[3.0 if four else 1.0 for four in level])
    contact, document = Contact("Maybe.", Form.REFERRAL), read_document("Maybe.")
    before, after = (r.read(contact, document).level for r in (plain, heavy.reader))
    assert [*after.values()][-1] > [*before.values()][-1]


def test_words_that_only_the_council_uses_are_learnt(tmp_path: Path) -> None:
    own = [with_a_last_line(contact, "Seen by the splott") for contact in make_contacts("L")]
    split_local(own, tmp_path / "local", share=0.5)
    save_corpus(make_contacts(), tmp_path / "corpus.jsonl")
    lesson = local_lesson(load_corpus(tmp_path / "corpus.jsonl"), RUN, tmp_path / "local")

    trained = train_tfidf(lesson.contacts, lesson.config, writers=lesson.writers)

    assert "splott" in trained.reader.document_blocks["words"].vocabulary


def test_what_is_locked_is_not_learnt_even_from_the_corpus(parted: Path) -> None:
    with pytest.raises(CorpusError, match="1 contacts of the locked part"):
        local_lesson([*make_contacts(), replace(load_locked(parted)[0], id="ZZ10001")], RUN, parted)


def test_ids_of_corpus_and_council_must_differ(parted: Path) -> None:
    with pytest.raises(CorpusError, match="ids stand twice"):
        local_lesson([*make_contacts(), *load_local(parted)[:1]], RUN, parted)


def test_a_candidate_keeps_the_parts_of_its_base(small_reader: TfidfReader, tmp_path: Path) -> None:
    made = save_whole(replace(small_reader, name="small 0+local.x"), tmp_path / "made")
    name = complete_candidate(made, base=RELEASED, learnt_from=make_contacts())
    released = load_reader().name
    linear = load_manifest(RELEASED / "tfidf").name
    assert name == released.replace(linear, "small 0+local.x") != released
    kept, own = check_whole(RELEASED), check_whole(made)
    assert own["transformer"] == kept["transformer"]
    assert own["tfidf"] != kept["tfidf"]
    learnt = frozenset(hash_text(c.text) for c in (*load_train(), *make_contacts()))
    assert texts_learnt(made) == learnt


def test_a_damaged_base_is_refused(small_reader: TfidfReader, base: Path, tmp_path: Path) -> None:
    damage(base / "tfidf" / "vocabulary.json")
    made = save_whole(small_reader, tmp_path / "made")
    with pytest.raises(ArtefactError, match=r"vocabulary\.json has SHA-256"):
        complete_candidate(made, base=base, learnt_from=())


def test_every_part_is_checked(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    shutil.copytree(RELEASED, whole)
    assert set(check_whole(whole)) == {"tfidf", "transformer"}
    damage(whole / "transformer" / "joint.json")
    with pytest.raises(ArtefactError, match=r"reader transformer: joint\.json has SHA-256"):
        check_whole(whole)
    (whole / "transformer" / "manifest.json").write_text("{}")
    with pytest.raises(ArtefactError, match=r"manifest\.json cannot be read"):
        check_whole(whole)


def test_what_was_learnt_is_part_of_what_is_checked(base: Path) -> None:
    before = check_whole(base)
    (base / LEARNT).write_text(json.dumps({"texts": ["one"]}))
    assert check_whole(base) != before


def test_the_shipped_reader_has_learnt_the_corpus_and_of_others_nobody_knows(base: Path) -> None:
    assert load_manifest(RELEASED / predict.TFIDF.name).corpus["fingerprint"] == fingerprint(
        load_train()
    )
    assert len(texts_learnt(RELEASED) or ()) == len(load_train())
    assert texts_learnt(base) is None
    (base / LEARNT).write_text("[]")
    with pytest.raises(ArtefactError, match=r"learnt\.json cannot be read"):
        texts_learnt(base)
