"""Every error, ours and the framework's, as one JSON shape or a page; statuses are decided here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from api.access.errors import (
    ConflictError,
    ForgedFormError,
    NoRoleError,
    NotAllowedError,
    NotFoundError,
    NotSignedInError,
    ProviderUnavailableError,
    SignInFailedError,
    TooOftenError,
)
from api.access.refusals import note_if_refused
from api.access.rules import visitor
from api.assessor import ChecksUnavailableError
from api.document_files.errors import (
    DamagedFileError,
    EncryptedFileError,
    FileTooLargeError,
    NoTextError,
    WrongFileTypeError,
)
from api.error_pages import error_page, load_error_words, sign_in_first, wants_page
from api.schemas import ErrorOut, FieldProblem, Problem
from api.store.opening import StoreUnavailableError
from nlp.errors import (
    DocumentFileError,
    EmptyTextError,
    ReferralQualityError,
    TextTooLongError,
    UnknownChoiceError,
    UnreadableTextError,
)

# The first class that an error belongs to decides.
OURS: Mapping[type[ReferralQualityError], tuple[int, str]] = {
    EmptyTextError: (422, "empty_text"),
    TextTooLongError: (413, "text_too_long"),
    UnreadableTextError: (422, "unreadable_text"),
    UnknownChoiceError: (422, "unknown_choice"),
    WrongFileTypeError: (415, "wrong_file_type"),
    FileTooLargeError: (413, "file_too_large"),
    EncryptedFileError: (422, "encrypted_file"),
    NoTextError: (422, "no_text_in_file"),
    DamagedFileError: (422, "damaged_file"),
    DocumentFileError: (422, "unreadable_file"),
    ChecksUnavailableError: (503, "checks_unavailable"),
    StoreUnavailableError: (503, "store_unavailable"),
    NotSignedInError: (401, "not_signed_in"),
    SignInFailedError: (400, "sign_in_failed"),
    NoRoleError: (403, "no_role"),
    ProviderUnavailableError: (502, "provider_unavailable"),
    NotAllowedError: (403, "not_allowed"),
    ForgedFormError: (403, "forged_form"),
    NotFoundError: (404, "not_found"),
    ConflictError: (409, "conflict"),
    TooOftenError: (429, "too_many_requests"),
}

THE_FRAMEWORKS: Mapping[int, tuple[str, str]] = {
    400: ("bad_request", "The request could not be read; send valid JSON or a form in UTF-8."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take that method; see the Allow header."),
    413: ("too_large", "What was sent is too large; send at most 5 MB."),
    429: ("too_many_requests", "Too many requests were sent in a short time; wait and try again."),
    500: ("internal_error", "Something went wrong on our side. Try again in a few minutes."),
}

# Messages of Pydantic that are made of our schema alone, never of what was sent.
SAFE_KINDS = frozenset(
    {
        "missing",
        "enum",
        "literal_error",
        "string_type",
        "string_too_long",
        "int_type",
        "int_parsing",
        "int_from_float",
        "greater_than_equal",
        "less_than_equal",
    }
)
IN_OUR_WORDS: Mapping[str, str] = {
    "json_invalid": "The body is not valid JSON",
    "string_unicode": "Holds characters that are not valid Unicode (half of a surrogate pair)",
    "extra_forbidden": "Holds a field that is not known; see /api/v1/openapi.json",
    "model_attributes_type": "Send one JSON object, with Content-Type: application/json",
    "model_type": "Send one JSON object, with Content-Type: application/json",
    "dict_type": "Send one JSON object, with Content-Type: application/json",
}
LOCATIONS = frozenset({"body", "query", "path", "header", "cookie"})


def add_error_handlers(app: FastAPI) -> None:
    """Answer every error of *app*: in the one shape under /api, as a page elsewhere.

    Raises:
        RulebookError: If the words of the pages hold mistakes.
    """
    load_error_words()
    for kind in OURS:
        app.add_exception_handler(kind, _answer_ours)
    app.add_exception_handler(RequestValidationError, _answer_validation)
    app.add_exception_handler(HTTPException, _answer_http)


def error_response(
    request: Request,
    status: int,
    *,
    code: str,
    message: str,
    fields: tuple[FieldProblem, ...] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Give an error as whoever asks can read it."""
    if wants_page(request):
        if status == 401:
            return sign_in_first(request, message=message)
        return error_page(request, status, message=message, headers=headers)
    problem = Problem(code=code, message=message, fields=fields)
    content = ErrorOut(error=problem).model_dump(exclude_none=True)
    return JSONResponse(content, status_code=status, headers=headers)


def standard_error(
    request: Request, status: int, *, headers: Mapping[str, str] | None = None
) -> Response:
    """Give the error that goes with a bare HTTP status."""
    code, message = THE_FRAMEWORKS.get(status, ("refused", "The request was refused."))
    return error_response(request, status, code=code, message=message, headers=headers)


def status_and_code(error: ReferralQualityError) -> tuple[int, str]:
    """Give the HTTP status and the code of one of our errors; 500 for one that is our fault."""
    known = (answer for kind, answer in OURS.items() if isinstance(error, kind))
    return next(known, (500, THE_FRAMEWORKS[500][0]))


async def _answer_ours(request: Request, error: Exception) -> Response:
    if not isinstance(error, ReferralQualityError):
        raise error
    await note_if_refused(request, error)
    status, code = status_and_code(error)
    # RFC 9110, 11.6.1: a 401 says how to identify oneself.
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return error_response(request, status, code=code, message=str(error), headers=headers)


async def _answer_http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if wants_page(request):
        await visitor(request)  # no rule has asked yet who it is for
    return standard_error(request, error.status_code, headers=error.headers)


async def _answer_validation(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    if wants_page(request):
        if any(detail["loc"][0] == "path" for detail in error.errors()):
            return standard_error(request, 404)  # an id that cannot be one
        return error_page(request, 422, message=load_error_words()[422].next)
    return error_response(
        request,
        422,
        code="invalid_request",
        message="The request does not have the expected fields; see fields.",
        fields=tuple(_problems(error.errors())),
    )


def _problems(details: Any) -> Iterator[FieldProblem]:
    for detail in details:
        kind, place = detail["type"], detail["loc"]
        # The name of an unknown field is part of what was sent, so it is not repeated.
        steps = [str(step) for step in place if step not in LOCATIONS]
        named = kind not in {"extra_forbidden", "json_invalid"} and steps
        problem = IN_OUR_WORDS.get(kind)
        if problem is None:
            problem = detail["msg"] if kind in SAFE_KINDS else "Is not valid"
        yield FieldProblem(field=".".join(steps) if named else "body", problem=problem)
