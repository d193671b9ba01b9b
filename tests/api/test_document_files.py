"""Files that partners send, honest and hostile."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.document_files.document_file import DocumentFile, tidy
from api.document_files.errors import (
    DamagedFileError,
    EncryptedFileError,
    FileTooLargeError,
    NoTextError,
    WrongFileTypeError,
)
from api.document_files.reading import MAX_BYTES, read_file
from api.logs import silence_quoting_libraries
from nlp.errors import DocumentFileError
from tests.api.files import (
    make_compound_file,
    make_docx,
    make_eml,
    make_form_pdf,
    make_msg,
    make_pdf,
    make_zip,
)

WORDS = "Ava said that dad hit her."
SAMPLES = {
    "docx": make_docx(WORDS, rows=[("Child", "Ava")], header="Referral"),
    "pdf": make_pdf(WORDS, WORDS),
    "eml": make_eml(WORDS, files=1),
    "msg": make_msg(WORDS),
    "text": WORDS.encode(),
}


@pytest.fixture(autouse=True)
def _quiet_libraries() -> None:
    silence_quoting_libraries()


@pytest.mark.parametrize("kind", SAMPLES)
def test_every_kind_is_told_by_its_content_and_gives_its_words(kind: str) -> None:
    file = read_file(SAMPLES[kind])
    assert file.type == kind
    assert WORDS in file.text


def test_paragraphs_and_tables_of_a_word_document_stay_in_order() -> None:
    content = make_docx(
        "Situation", WORDS, rows=[("Name of child:", "Ava"), ("Full width", "")], header="SAFER"
    )
    assert read_file(content).text == f"SAFER\nSituation\n{WORDS}\nName of child: Ava\nFull width"


def test_cells_of_a_wide_table_stay_on_one_line() -> None:
    content = make_docx(rows=[("Name", "DOB", "School"), ("Ava", "12/03/2017", "Norby Primary")])
    assert read_file(content).text == "Name | DOB | School\nAva | 12/03/2017 | Norby Primary"


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        pytest.param(
            "<w:sdt><w:sdtContent><w:p><w:r><w:t>Ava</w:t></w:r></w:p></w:sdtContent></w:sdt>",
            "Ava",
            id="answer in a content control",
        ),
        pytest.param(
            "<w:p><w:r><w:t>Name</w:t></w:r><w:sdt><w:sdtContent><w:r><w:t>: Ava</w:t></w:r>"
            "</w:sdtContent></w:sdt></w:p>",
            "Name: Ava",
            id="content control within a line",
        ),
        pytest.param(
            "<w:p><w:r><w:t>Outside</w:t></w:r><w:r><w:pict><w:txbxContent><w:p><w:r>"
            "<w:t>Inside</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>",
            "Outside\nInside",
            id="text box",
        ),
        pytest.param(
            "<w:p><w:del><w:r><w:t>Not this</w:t></w:r></w:del><w:ins><w:r><w:t>This</w:t></w:r>"
            "</w:ins></w:p>",
            "This",
            id="tracked changes",
        ),
        pytest.param(
            "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Home</w:t></w:r></w:p></w:tc><w:tc><w:tbl><w:tr>"
            "<w:tc><w:p><w:r><w:t>Flat</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr>"
            "</w:tbl>",
            "Home: Flat",
            id="table in a table",
        ),
        pytest.param(
            "<w:p><w:r><w:t>one</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t></w:r></w:p>",
            "one\ttwo\nthree",
            id="tab and line break",
        ),
    ],
)
def test_words_are_found_wherever_word_keeps_them(xml: str, text: str) -> None:
    assert read_file(make_docx(xml=xml)).text == text


def test_filled_fields_of_a_pdf_form_are_read() -> None:
    assert read_file(make_form_pdf(child="Ava", concern=WORDS)).text == (
        f"child: Ava\n\nconcern: {WORDS}"
    )


def test_a_pdf_locked_against_changes_only_is_read() -> None:
    assert read_file(make_pdf(WORDS, locked_with="")).text == WORDS


def test_an_email_keeps_who_when_and_what_and_counts_its_attachments() -> None:
    file = read_file(make_eml(WORDS, subject="Ava", files=2))
    assert file.text == (
        "From: PC Ellis <ellis@police.example>\nDate: Wed, 04 Mar 2026 09:10:00 +0000\n"
        f"Subject: Ava\n\n{WORDS}"
    )
    assert file.attachments == 2


def test_an_html_email_gives_its_words_and_no_script() -> None:
    body = f"<style>p{{}}</style><p>{WORDS}</p><script>steal()</script><div>Mum &amp; dad</div>"
    assert read_file(make_eml(body, subtype="html")).text.endswith(f"\n\n{WORDS}\n\nMum & dad")


def test_an_outlook_message_keeps_sender_and_subject() -> None:
    assert read_file(make_msg("Ava 👶 was seen.", subject="Ava")).text == (
        'From: "PC Ellis" <ellis@police.example>\nSubject: Ava\n\nAva 👶 was seen.'
    )


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_text_is_read_in_the_encodings_of_windows_and_phones(encoding: str) -> None:
    words = "Mum\u2019s caf\xe9 \u2013 Zo\xeb said \u201cno\u201d to \xa320."
    assert read_file(words.encode(encoding)) == DocumentFile("text", words)


def test_a_text_that_starts_like_a_letter_is_not_taken_for_an_email() -> None:
    text = (
        "From: Norby Primary\nTo: the hub\nReceived: 14:02 by phone\nX-ray: clear\n\nAva was seen."
    )
    assert read_file(text.encode()) == DocumentFile("text", text)


@pytest.mark.parametrize(
    ("content", "error", "found"),
    [
        pytest.param(b"", NoTextError, "is empty", id="nothing"),
        pytest.param(b" \r\n\t", NoTextError, "is empty", id="spaces"),
        pytest.param(make_docx(""), NoTextError, "no words", id="empty Word document"),
        pytest.param(make_eml(""), NoTextError, "no words", id="empty email"),
        pytest.param(make_msg(""), NoTextError, "no words", id="empty message"),
        pytest.param(make_pdf("", ""), NoTextError, "as a scan does", id="scan"),
        pytest.param(b"x" * (MAX_BYTES + 1), FileTooLargeError, "larger than 5 MB", id="large"),
        pytest.param(make_pdf(*["x"] * 201), FileTooLargeError, "200 pages", id="long"),
        pytest.param(
            make_zip({"word/document.xml": bytes(41_000_000)}),
            FileTooLargeError,
            "unpacks to far more",
            id="zip bomb",
        ),
        pytest.param(
            make_zip({f"{at}": b"" for at in range(2_001)}),
            FileTooLargeError,
            "unpacks to far more",
            id="zip of many",
        ),
        pytest.param(
            make_pdf(WORDS, locked_with="x"), EncryptedFileError, "PDF is locked", id="pdf"
        ),
        pytest.param(
            make_compound_file({"EncryptedPackage": b"x"}),
            EncryptedFileError,
            "Office file is locked",
            id="locked docx",
        ),
        pytest.param(SAMPLES["docx"][:2000], DamagedFileError, "damaged", id="cut docx"),
        pytest.param(SAMPLES["pdf"][:60], DamagedFileError, "PDF is damaged", id="cut pdf"),
        pytest.param(SAMPLES["msg"][:1500], DamagedFileError, "Outlook message", id="cut msg"),
        pytest.param(
            make_zip({"word/document.xml": b"<w:document/>"}),
            DamagedFileError,
            "Word document is damaged",
            id="parts missing",
        ),
        pytest.param(make_zip({"a.txt": b"x"}), WrongFileTypeError, "a packed file", id="zip"),
        pytest.param(
            make_zip({"xl/workbook.xml": b"x"}), WrongFileTypeError, "Excel", id="workbook"
        ),
        pytest.param(
            make_compound_file({"WordDocument": b"x"}), WrongFileTypeError, "(.doc)", id="old Word"
        ),
        pytest.param(
            make_compound_file({"Book": b"x"}), WrongFileTypeError, "old Office", id="xls"
        ),
        pytest.param(b"\x89PNG\r\n\x1a\n", WrongFileTypeError, "a picture", id="png"),
        pytest.param(b"{\\rtf1 Ava}", WrongFileTypeError, ".rtf", id="rtf"),
        pytest.param(b"<!DOCTYPE html><p>Ava", WrongFileTypeError, "web page", id="html"),
        pytest.param(b"Ava\x00\x01\x02", WrongFileTypeError, "not text", id="binary"),
        pytest.param(b"\x81\x8d\x8f Ava", WrongFileTypeError, "not text", id="no encoding"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_with_what_it_is_and_what_to_do(
    content: bytes, error: type[DocumentFileError], found: str
) -> None:
    with pytest.raises(error) as raised:
        read_file(content)
    assert found in str(raised.value)
    assert "paste the text into the box" in str(raised.value)


def test_entities_in_a_word_document_are_not_unfolded() -> None:
    bomb = "<!DOCTYPE d [<!ENTITY a 'hit'><!ENTITY b '&a;&a;'>]>"
    content = _with_document_xml(bomb + _document_xml("<w:t>Ava &b;</w:t>"))
    assert read_file(content).text == "Ava"


def test_a_document_of_millions_of_parts_is_refused_before_it_is_walked() -> None:
    content = _with_document_xml(_document_xml("<w:tab/>" * 300_001))
    with pytest.raises(FileTooLargeError, match="far more than a form"):
        read_file(content)


def test_a_document_nested_past_reason_is_damaged() -> None:
    content = _with_document_xml(_document_xml("<w:r>" * 5000 + "</w:r>" * 5000))
    with pytest.raises(DamagedFileError):
        read_file(content)


def _document_xml(inside: str) -> str:
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return (
        f'<w:document xmlns:w="{name}"><w:body><w:p><w:r>{inside}</w:r></w:p></w:body></w:document>'
    )


def _with_document_xml(xml: str) -> bytes:
    with zipfile.ZipFile(BytesIO(SAMPLES["docx"])) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    return make_zip(entries | {"word/document.xml": xml.encode()})


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_text_or_a_document_error(content: bytes) -> None:
    _read_or_refuse(content)


@given(st.sampled_from(sorted(SAMPLES)), st.data())
@settings(max_examples=250, deadline=None)
def test_a_damaged_file_is_read_or_refused_and_nothing_worse(
    kind: str, data: st.DataObject
) -> None:
    content = bytearray(SAMPLES[kind])
    place = st.integers(0, len(content) - 1)
    for at, byte in data.draw(st.lists(st.tuples(place, st.integers(0, 255)), max_size=8)):
        content[at] = byte
    _read_or_refuse(bytes(content[: data.draw(place) + 1]))


@given(st.text(alphabet=st.characters(), max_size=200))
def test_tidied_text_can_always_be_written(text: str) -> None:
    tidied = tidy(text)
    assert tidied.encode().decode() == tidied
    assert "\r" not in tidied
    assert tidy(tidied) == tidied


def _read_or_refuse(content: bytes) -> None:
    with suppress(DocumentFileError):
        read_file(content).text.encode()
