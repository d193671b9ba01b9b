"""The base of every table, and the kinds of column that are ours."""

from __future__ import annotations

import enum
import json
import uuid
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, Dialect, Enum, LargeBinary, MetaData, String
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from api.store.encryption import Keys

ID_LENGTH = 32


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always with its time zone; SQLite keeps it as naive UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give *value* in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give *value* in UTC, with its time zone."""
        return value and (
            value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        )


class Encrypted(TypeDecorator[str]):
    """Text that only holders of the keys can read; *place* is its table and column.

    The keys are on the engine's dialect, put there when the store is opened.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Encrypt *value*."""
        return None if value is None else keys_of(dialect).encrypt(value, place=self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Decrypt *value*."""
        return None if value is None else keys_of(dialect).decrypt(value, place=self.place)


class EncryptedJson(TypeDecorator[Any]):
    """A JSON value that only holders of the keys can read."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Encrypt *value*."""
        if value is None:
            return None
        return keys_of(dialect).encrypt(json.dumps(value, ensure_ascii=False), place=self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        """Decrypt *value*."""
        return (
            None if value is None else json.loads(keys_of(dialect).decrypt(value, place=self.place))
        )


class Table(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        enum.Enum: Enum(
            enum.Enum,
            native_enum=False,
            create_constraint=False,
            length=40,
            values_callable=lambda members: [str(each.value) for each in members],
        ),
    }


def new_id() -> str:
    """Give a new opaque id."""
    return uuid.uuid4().hex


def now() -> datetime:
    """Give this moment."""
    return datetime.now(UTC)


def keys_of(dialect: Dialect) -> Keys:
    """Give the keys of the store whose engine has *dialect*."""
    keys: Keys = dialect.referral_quality_keys  # type: ignore[attr-defined]
    return keys


def id_column() -> String:
    """Give the type of an opaque id."""
    return String(ID_LENGTH)
