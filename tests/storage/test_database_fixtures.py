"""The test databases themselves: real, empty, and never shared between tests."""

import pytest
from sqlalchemy import create_engine, inspect, text


@pytest.mark.parametrize("attempt", [1, 2])
def test_each_test_gets_a_database_of_its_own(empty_database_url: str, attempt: int) -> None:
    engine = create_engine(empty_database_url)
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == []
        connection.execute(text("CREATE TABLE trace (attempt INTEGER)"))
        connection.execute(text("INSERT INTO trace VALUES (:attempt)"), {"attempt": attempt})
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT attempt FROM trace")) == attempt
    engine.dispose()


def test_the_postgresql_of_the_tests_is_a_real_one(empty_postgres_url: str) -> None:
    engine = create_engine(empty_postgres_url)
    with engine.connect() as connection:
        assert str(connection.scalar(text("SELECT version()"))).startswith("PostgreSQL ")
    engine.dispose()
