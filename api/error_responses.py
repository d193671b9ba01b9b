"""The error responses of a route as OpenAPI documents them."""

from __future__ import annotations

from typing import Any

from api.schemas import ErrorOut

WHEN: dict[int, str] = {
    400: "The body is not JSON or a form in UTF-8",
    401: "Nobody is signed in, or the key is unknown, over or revoked",
    403: "The role, or the scope of the key, does not reach so far",
    404: "There is no such thing, or it is another agency's",
    409: "The key was used before for another contact: other words, people or dates",
    413: "The text or the file is too large",
    415: "The file is of a kind that is not read",
    422: "A field is not as expected, or there is nothing to read; the input is never repeated",
    429: "Too many posts from one address; see Retry-After",
    500: "Something went wrong on our side",
    503: "Checks, or the store, are not available; the referral can still be sent",
}


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Give the ``responses`` of a route that may answer *statuses*, and 500 as any may."""
    return {status: {"model": ErrorOut, "description": WHEN[status]} for status in (*statuses, 500)}
