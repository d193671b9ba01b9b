"""Logs that cannot carry referral text: named events, listed keys, short plain values."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from enum import StrEnum
from typing import Any

import structlog


class Event(StrEnum):
    """Everything that is ever logged."""

    STARTED = "started"
    READER_MISSING = "reader_missing"
    READER_FALLEN_BACK = "reader_fallen_back"
    REQUEST = "request"
    REQUEST_FAILED = "request_failed"
    ASSESSMENT_FAILED = "assessment_failed"
    LINKING_FAILED = "linking_failed"
    DELIVERY_FAILED = "delivery_failed"
    FIGURES_FAILED = "figures_failed"
    SILENT_READER_STARTED = "silent_reader_started"
    SILENT_READER_MISSING = "silent_reader_missing"
    SILENT_READER_STOPPED = "silent_reader_stopped"
    SILENT_READING_FAILED = "silent_reading_failed"
    DEMONSTRATION_FILLING = "demonstration_filling"
    DEMONSTRATION_FILLED = "demonstration_filled"
    DEMONSTRATION_FAILED = "demonstration_failed"
    REFUSED = "refused"
    SERVER = "server"


ALLOWED_KEYS = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "request_id",
        "method",
        "route",
        "status",
        "milliseconds",
        "error",
        "where",
        "reader",
        "rulebook",
        "version",
        "logger",
        "contacts",
    }
)
MAX_CHARACTERS = 120  # longer than any route or version, shorter than a sentence of a referral

# Libraries that quote what they read in their own log lines, at any level.
QUOTING_LIBRARIES = ("pypdf", "olefile", "oxmsg", "docx", "python_multipart", "multipart")


def configure_logging(*, level: str) -> None:
    """Send our events and the server's to standard output as JSON lines."""
    chain: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*chain, keep_allowed, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(),  # standard output as it is at each line
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=chain,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _name_library_line,
                keep_allowed,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    silence_quoting_libraries()


def log_failure(event: Event, error: BaseException, *, request_id: str | None = None) -> None:
    """Log the kind of *error* and where it was raised, never its message."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = "".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in last)
    structlog.get_logger().error(
        event, error=type(error).__name__, where=where, request_id=request_id
    )


def route_of(scope: MutableMapping[str, Any]) -> str:
    """Give the address that a request matched, as we wrote it and not as a caller made it up."""
    route = scope.get("route")
    if route is None:
        return "none"
    # A router's prefix is not in its routes' own paths; without parameters the two are the same.
    return str(route.path if scope.get("path_params") else scope["path"])


def silence_quoting_libraries() -> None:
    """Switch off the loggers of the libraries that read uploads."""
    for name in QUOTING_LIBRARIES:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def keep_allowed(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Drop every key not listed and every value that could hold text; a structlog processor."""
    if event.get("event") not in set(Event):
        event["event"] = "[dropped]"
    return {key: _short(value) for key, value in event.items() if key in ALLOWED_KEYS}


def _short(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str) and len(value) <= MAX_CHARACTERS:
        return str(value)
    return "[dropped]"


def _name_library_line(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Keep of a library's own line that it came, from where, and what kind of error it was."""
    record = event.pop("_record", None)
    error = event.pop("exc_info", None)
    if record is not None:
        event["logger"] = record.name
    if isinstance(error, tuple) and error[0] is not None:
        event["error"] = error[0].__name__
    event["event"] = Event.SERVER
    return event
