"""Sessions in SQLite, PostgreSQL and MariaDB do what every store must do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.servers import HOST, MariaDBServer, PostgresServer, free_port
from typedflask.sessions.stores.sqlalchemy import SQLAlchemyStore
from typedflask.testing.conformance.stores import StoreConformance


class SQLAlchemyConformance(StoreConformance):
    url: str
    unreachable_url: str

    def make_store(self) -> SQLAlchemyStore:
        return SQLAlchemyStore(self.url)

    def make_second(self, store: object) -> SQLAlchemyStore:
        return SQLAlchemyStore(self.url)

    def make_neighbour(self, store: object) -> SQLAlchemyStore:
        return SQLAlchemyStore(self.url, prefix="other:")

    def make_unreachable(self) -> SQLAlchemyStore:
        return SQLAlchemyStore(self.unreachable_url)

    def close_store(self, store: object) -> None:
        assert isinstance(store, SQLAlchemyStore)
        store.close()


class TestSQLite(SQLAlchemyConformance):
    @pytest.fixture(autouse=True)
    def place(self, tmp_path: Path) -> None:
        self.url = f"sqlite:///{tmp_path / 'sessions.db'}"
        self.unreachable_url = f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}"


class TestPostgreSQL(SQLAlchemyConformance):
    @pytest.fixture(autouse=True)
    def place(self, postgres_server: PostgresServer) -> None:
        self.url = postgres_server.url
        self.unreachable_url = f"postgresql+psycopg://{HOST}:{free_port()}/postgres"


class TestMariaDB(SQLAlchemyConformance):
    @pytest.fixture(autouse=True)
    def place(self, mariadb_server: MariaDBServer) -> None:
        self.url = mariadb_server.url
        self.unreachable_url = f"mysql+pymysql://{HOST}:{free_port()}/sessions"
