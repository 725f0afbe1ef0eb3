"""What a deployment may set, read once from the environment: every name begins with PRICING_ENGINE_."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from os import environ
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from pricing_engine.errors import DomainError
from pricing_engine.rulebook.suggest import did_you_mean

PREFIX = "PRICING_ENGINE_"
NOT_SETTINGS = (f"{PREFIX}TRACEBACK", f"{PREFIX}TEST_")
"""How variables of this prefix begin that are read elsewhere: by the command line, and by the test suite."""


class SettingsRefused(DomainError):
    """A setting cannot be used; the message names each variable, what is wrong with it and how to mend it."""

    code = "settings-refused"


class Environment(StrEnum):
    """Where the service runs: a production one shows no interactive documentation and takes no demo accounts."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class LogLevel(StrEnum):
    """The least serious event that is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def _database(url: str) -> str:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ValueError("write sqlite:///path/to/file or postgresql://user:password@host/database") from None
    if parsed.get_backend_name() not in {"sqlite", "postgresql", "postgres"}:
        raise ValueError("only sqlite:/// and postgresql:// databases are supported")
    if parsed.get_backend_name() == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise ValueError("name a file, as in sqlite:///pricing-engine.db: quotes must outlive the process")
    return url


class Settings(BaseSettings):
    """The settings of one process; the defaults serve a developer on loopback with a SQLite file.

    `webhooks`: whether `serve` delivers to them too. Units: `max_body_bytes` in bytes.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)

    database_url: Annotated[str, AfterValidator(_database)] = Field(default="sqlite:///pricing-engine.db", repr=False)
    database_pool_size: Annotated[int, Field(ge=1, le=200)] = 8
    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    environment: Environment = Environment.DEVELOPMENT
    tenant: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")] = "default"
    log_level: LogLevel = LogLevel.INFO
    rules_dir: Path = Path("rules")
    webhooks: bool = True
    max_body_bytes: Annotated[int, Field(ge=1_024, le=100_000_000)] = 2_000_000


def load_settings(**given: Any) -> Settings:
    """The settings of this process's environment; `given` values, such as command-line options, go first.

    Raises: SettingsRefused, naming every variable that is wrong or that no setting has; never its value, which may
    hold a password.
    """
    _check_names(environ)
    try:
        return Settings(**given)
    except ValidationError as refused:
        complaints = [f"{PREFIX}{_name(error)}: {_what(error)}" for error in refused.errors()]
        raise SettingsRefused("; ".join(complaints), fix="correct or unset these environment variables") from None


def _check_names(variables: Iterable[str]) -> None:
    """Refuses variables that would be ignored: a misspelt database is not the default one."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    ours = (name for name in variables if name.startswith(PREFIX) and not name.startswith(NOT_SETTINGS))
    unknown = sorted(set(ours) - known)
    if unknown:
        what = "; ".join(f"there is no setting {name}" for name in unknown)
        raise SettingsRefused(what, fix="; ".join(did_you_mean(name, known) for name in unknown))


def _name(error: ErrorDetails) -> str:
    return ".".join(str(part) for part in error["loc"]).upper()


def _what(error: ErrorDetails) -> str:
    return error["msg"].removeprefix("Value error, ")
