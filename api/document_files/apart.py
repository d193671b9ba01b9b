"""Read a file in a process of its own: one built to take hours, or all memory, stops nothing else.

A process for each file costs a moment, keeps nothing of one for the next, and can be killed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import api
from api.document_files.document_file import DocumentFile
from api.document_files.errors import TOO_MUCH, FileTooLargeError
from nlp.errors import DocumentFileError

SECONDS = 10
CHECKOUT = Path(api.__file__).parents[1]


def read_apart(content: bytes) -> DocumentFile:
    """Give what `read_file` gives.

    Raises:
        DocumentFileError: As `read_file` does; FileTooLargeError too if it takes too long or more
            memory than there is for it.
        RuntimeError: If the reading itself is broken.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "api.document_files"],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback may quote the text
            cwd=CHECKOUT,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise FileTooLargeError(TOO_MUCH) from None
    if done.returncode < 0:  # killed by its limits
        raise FileTooLargeError(TOO_MUCH)
    if done.returncode:
        raise RuntimeError(f"Reading a file ended with exit status {done.returncode}")
    told = json.loads(done.stdout)
    if "error" in told:
        kind = next(k for k in DocumentFileError.__subclasses__() if k.__name__ == told["error"])
        raise kind.__new__(kind, told["message"])  # the message is whole: not to be made again
    return DocumentFile(**told)
