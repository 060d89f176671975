"""The two tables of `SQLAlchemyStore`, and every statement that it gives.

A row has the hash of an id as its key, a random number as its version and its end in milliseconds
since 1970. Statements that write also find the row that they themselves left: whoever lost the
answer may give them again.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.mysql import LONGBLOB


class Tables:
    """Tables and statements for a table's name.

    The statements' parameters: `key`; `now`, the time; `end`, the end to be written; `token`, the
    version to be written; `data`, the payload; the `expected` version; `keys`, and `most`, how many
    rows to give.

    :param name: the table for sessions; the one for locks has `_locks` added.
    :param schema: where they are.
    """

    def __init__(self, name: str, schema: str | None) -> None:
        self.metadata: sa.MetaData = sa.MetaData(schema=schema)
        self.sessions: sa.Table = sa.Table(
            name,
            self.metadata,
            *_columns(),
            sa.Column(
                "payload",
                # The plain type of these two ends at 64 KiB.
                sa.LargeBinary().with_variant(LONGBLOB, "mysql", "mariadb"),
                nullable=False,
            ),
            sa.Index(f"ix_{name}_expires", "expires"),
            mysql_engine="InnoDB",
            mariadb_engine="InnoDB",
        )
        self.locks: sa.Table = sa.Table(
            f"{name}_locks",
            self.metadata,
            *_columns(),
            mysql_engine="InnoDB",
            mariadb_engine="InnoDB",
        )
        self._sessions_statements()
        self._locks_statements()

    def _sessions_statements(self) -> None:
        table = self.sessions
        this, ended = _this(table), _ended(table)
        written = {**_written(), "payload": sa.bindparam("data", type_=table.c.payload.type)}
        # Any, here and in the table of locks: a table made at run time has columns of any type.
        self.load: sa.Select[Any, Any] = sa.select(table.c.payload, table.c.version).where(
            this, ~ended
        )
        self.insert: sa.Insert = sa.insert(table).values(
            {"key_hash": sa.bindparam("key"), **written}
        )
        self.replace_expired: sa.Update = (
            sa.update(table).values(written).where(this, ended | _ours(table))
        )
        self.update: sa.Update = (
            sa.update(table)
            .values(written)
            .where(
                this,
                ~ended,
                (table.c.version == sa.bindparam("expected", type_=sa.BigInteger)) | _ours(table),
            )
        )
        self.touch: sa.Update = (
            sa.update(table)
            .values(expires=sa.bindparam("end", type_=sa.BigInteger))
            .where(this, ~ended)
        )
        self.delete: sa.Delete = sa.delete(table).where(this)
        self.expired: sa.Select[str] = _keys_of_expired(table)
        self.delete_expired: sa.Delete = _delete_expired(table)

    def _locks_statements(self) -> None:
        table = self.locks
        this, ended = _this(table), _ended(table)
        self.locked: sa.Select[Any] = sa.select(table.c.version).where(this, ~ended)
        self.insert_lock: sa.Insert = sa.insert(table).values(
            {"key_hash": sa.bindparam("key"), **_written()}
        )
        self.replace_expired_lock: sa.Update = (
            sa.update(table).values(_written()).where(this, ended | _ours(table))
        )
        self.delete_lock: sa.Delete = sa.delete(table).where(this, _ours(table))
        self.expired_locks: sa.Select[str] = _keys_of_expired(table)
        self.delete_locks: sa.Delete = _delete_expired(table)


def _columns() -> list[sa.Column[str] | sa.Column[int]]:
    return [
        sa.Column("key_hash", sa.String(64), primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
    ]


def _this(table: sa.Table) -> sa.ColumnElement[bool]:
    return table.c.key_hash == sa.bindparam("key", type_=sa.String)


def _ended(table: sa.Table) -> sa.ColumnElement[bool]:
    return table.c.expires <= sa.bindparam("now", type_=sa.BigInteger)


def _ours(table: sa.Table) -> sa.ColumnElement[bool]:
    return table.c.version == sa.bindparam("token", type_=sa.BigInteger)


def _written() -> dict[str, sa.BindParameter[int]]:
    return {
        "version": sa.bindparam("token", type_=sa.BigInteger),
        "expires": sa.bindparam("end", type_=sa.BigInteger),
    }


def _keys_of_expired(table: sa.Table) -> sa.Select[str]:
    most = sa.bindparam("most", type_=sa.Integer)
    return sa.select(table.c.key_hash).where(_ended(table)).limit(most)


def _delete_expired(table: sa.Table) -> sa.Delete:
    keys = sa.bindparam("keys", expanding=True, type_=sa.String)
    return sa.delete(table).where(table.c.key_hash.in_(keys), _ended(table))


__all__ = ["Tables"]
