"""What a deployment may set, read once from the environment: every name begins with PRICING_ENGINE_."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Iterable
from enum import StrEnum
from os import environ
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, SecretBytes, ValidationError, ValidationInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from pricing_engine.errors import DomainError
from pricing_engine.rulebook.suggest import did_you_mean

PREFIX = "PRICING_ENGINE_"
NOT_SETTINGS = (f"{PREFIX}TRACEBACK", f"{PREFIX}TEST_")
"""How variables of this prefix begin that are read elsewhere: by the command line, and by the test suite."""

SEALING_KEY_BYTES = 32


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


def _keys(text: Any) -> Any:
    """The keys that stand between commas, blanks or line ends."""
    return tuple(map(_key, text.replace(",", " ").split())) if isinstance(text, str) else text


def _key(text: str) -> bytes:
    """The key, in either alphabet of base64, with its padding or without: `openssl rand -base64 32` makes some too."""
    standard = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        key = b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != SEALING_KEY_BYTES:
        raise ValueError("each key is 32 bytes in base64, as `pricing-engine secrets make-key` makes them")
    return key


def _keys_of_file(name: Any) -> Any:
    """The keys in a file of this name."""
    if not isinstance(name, str | Path):
        return name
    try:
        keys = _keys(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"the file cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError("the file is no text") from None
    if not keys:
        raise ValueError("the file has no key in it")
    return keys


def _one_source(keys: tuple[SecretBytes, ...], info: ValidationInfo) -> tuple[SecretBytes, ...]:
    if keys and info.data.get("secrets_keys"):
        raise ValueError(f"unset it, or {PREFIX}SECRETS_KEYS: keys come from one place")
    return keys


class Settings(BaseSettings):
    """The settings of one process; the defaults serve a developer on loopback with a SQLite file.

    `webhooks`: whether `serve` delivers to them too. `secrets_keys`: what secrets in the database are sealed with,
    newest first; `secrets_keys_file` is given the name of a file, and holds the keys in it. Units: `max_body_bytes` in
    bytes.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True, hide_input_in_errors=True
    )

    database_url: Annotated[str, AfterValidator(_database)] = Field(default="sqlite:///pricing-engine.db", repr=False)
    database_pool_size: Annotated[int, Field(ge=1, le=200)] = 8
    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    environment: Environment = Environment.DEVELOPMENT
    tenant: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")] = "default"
    log_level: LogLevel = LogLevel.INFO
    rules_dir: Path = Path("rules")
    webhooks: bool = True
    secrets_keys: Annotated[tuple[SecretBytes, ...], NoDecode, BeforeValidator(_keys)] = ()
    secrets_keys_file: Annotated[
        tuple[SecretBytes, ...], NoDecode, BeforeValidator(_keys_of_file), AfterValidator(_one_source)
    ] = ()
    max_body_bytes: Annotated[int, Field(ge=1_024, le=100_000_000)] = 2_000_000

    @property
    def sealing_keys(self) -> tuple[bytes, ...]:
        """What secrets are sealed with, newest first, wherever it was given."""
        return tuple(key.get_secret_value() for key in self.secrets_keys or self.secrets_keys_file)


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
