"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import CHAR, DateTime, Dialect, Text, Uuid
from sqlalchemy.types import TypeDecorator, TypeEngine


class UtcTime(TypeDecorator[datetime]):
    """A moment: aware and in UTC on the way in and out, whatever time zone the server has."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without time zone: {value}")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if dialect.name == "postgresql" else value.replace(tzinfo=UTC)


class Id(TypeDecorator[UUID]):
    """A UUID; on SQLite as text with dashes, as people see it in every other place."""

    impl = CHAR(36)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[UUID] | TypeEngine[str]:
        return Uuid() if dialect.name == "postgresql" else CHAR(36)

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> UUID | str | None:
        return value if value is None or dialect.name == "postgresql" else str(value)

    def process_result_value(self, value: UUID | str | None, dialect: Dialect) -> UUID | None:
        return UUID(value) if isinstance(value, str) else value


class CleanText(TypeDecorator[str]):
    """Text, with what PostgreSQL cannot store (NUL, half a surrogate pair) replaced on both engines."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
