"""Read one file from standard input and tell its text, or why not, as JSON: see `apart`."""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from typing import Any

from api.document_files.apart import SECONDS
from api.document_files.errors import TOO_MUCH, FileTooLargeError
from api.document_files.reading import read_file
from nlp.errors import DocumentFileError

MEMORY = 512 * 1024 * 1024  # bytes; far more than an honest form of 5 MB needs


def limit_this_process() -> None:
    """Take no more memory and time than a form needs, and leave no words in a core file."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),  # also where the server that waits has died
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def tell(content: bytes) -> dict[str, Any]:
    """Give the fields of a `DocumentFile`, or the kind of error and its message."""
    try:
        return asdict(read_file(content))
    except MemoryError:
        error: DocumentFileError = FileTooLargeError(TOO_MUCH)
    except DocumentFileError as raised:
        error = raised
    return {"error": type(error).__name__, "message": str(error)}


if __name__ == "__main__":
    limit_this_process()
    print(json.dumps(tell(sys.stdin.buffer.read())))
