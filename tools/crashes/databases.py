"""Databases on a PostgreSQL server, made as copies of each other."""

import secrets
from typing import Any


def connected(url: str, *, autocommit: bool = False) -> Any:
    """Connect to a database."""
    import psycopg

    return psycopg.connect(url, autocommit=autocommit)


class Databases:
    """One server's databases."""

    def __init__(self, server: str) -> None:
        self._server = server

    def _execute(self, sql: str) -> None:
        with connected(self._server, autocommit=True) as connection:
            connection.execute(sql.encode())

    def new(self, template: str | None = None) -> str:
        """Make a database, empty or as a copy; return its URL."""
        name = f"crashes_{secrets.token_hex(6)}"
        copy = "" if template is None else f" TEMPLATE {_name(template)}"
        self._execute(f"CREATE DATABASE {name}{copy}")
        head, _, query = self._server.partition("?")
        return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")

    def drop(self, url: str) -> None:
        """Drop a database, whoever is connected to it."""
        self._execute(f"DROP DATABASE {_name(url)} WITH (FORCE)")


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]
