"""Settings come from the environment, and a bad one is refused by name, without repeating its value."""

from base64 import b64encode, urlsafe_b64encode
from pathlib import Path

import pytest

from pricing_engine.settings import Environment, LogLevel, Settings, SettingsRefused, load_settings


def refusal(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    for name, value in variables.items():
        monkeypatch.setenv(f"PRICING_ENGINE_{name}", value)
    with pytest.raises(SettingsRefused) as refused:
        load_settings()
    return str(refused.value)


def test_without_an_environment_it_is_a_developers_machine() -> None:
    settings = load_settings()
    assert settings.database_url == "sqlite:///pricing-engine.db"
    assert (settings.host, settings.environment) == ("127.0.0.1", Environment.DEVELOPMENT)


def test_every_setting_is_taken_from_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "database_url": "postgresql://db/quotes",
        "database_pool_size": "3",
        "host": "::",
        "port": "0",
        "environment": "production",
        "tenant": "acme-2",
        "log_level": "warning",
        "rules_dir": "/etc/rules",
        "webhooks": "False",
        "max_body_bytes": "4096",
    }
    assert {*given, "secrets_keys", "secrets_keys_file"} == set(Settings.model_fields)
    for name, value in given.items():
        monkeypatch.setenv(f"PRICING_ENGINE_{name.upper()}", value)
    settings = load_settings()
    assert {name: str(getattr(settings, name)) for name in given} == given
    assert settings.log_level is LogLevel.WARNING


def test_what_the_caller_gives_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRICING_ENGINE_PORT", "9000")
    assert load_settings(port=9001).port == 9001


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRICING_ENGINE_PORT", "")
    assert load_settings().port == 8000


def test_a_misspelt_variable_is_refused_with_the_name_that_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRICING_ENGINE_TRACEBACK", "1")
    monkeypatch.setenv("PRICING_ENGINE_DATABSE_URL", "postgresql://user:hunter2@db/quotes")
    with pytest.raises(SettingsRefused, match="no setting PRICING_ENGINE_DATABSE_URL") as refused:
        load_settings()
    assert refused.value.fix == "did you mean PRICING_ENGINE_DATABASE_URL?"


def test_every_bad_variable_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(monkeypatch, PORT="http", LOG_LEVEL="chatty", TENANT="../etc")
    assert all(f"PRICING_ENGINE_{name}: " in said for name in ("PORT", "LOG_LEVEL", "TENANT"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("DATABASE_POOL_SIZE", "0"),
        ("ENVIRONMENT", "staging"),
        ("MAX_BODY_BYTES", "10"),
        ("TENANT", "Acme"),
    ],
)
def test_a_value_out_of_range_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    assert f"PRICING_ENGINE_{name}: " in refusal(monkeypatch, **{name: value})


@pytest.mark.parametrize(
    "url", ["mysql://user:hunter2@db/x", "hunter2", "sqlite://", "sqlite:///:memory:", "postgresql//hunter2"]
)
def test_a_database_that_cannot_keep_quotes_is_refused_without_its_password(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    said = refusal(monkeypatch, DATABASE_URL=url)
    assert "PRICING_ENGINE_DATABASE_URL: " in said
    assert "hunter2" not in said


def test_settings_shown_in_a_log_hide_the_database_password() -> None:
    assert "hunter2" not in repr(load_settings(database_url="postgresql://user:hunter2@db/x"))


def test_settings_do_not_change() -> None:
    settings = load_settings()
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1  # type: ignore[misc]


NEW, OLD = bytes(range(220, 252)), bytes(32)
"""Keys: the first one is written otherwise in the two alphabets of base64."""


@pytest.mark.parametrize(
    "text",
    [
        f"{b64encode(NEW).decode()},{b64encode(OLD).decode()}",
        f" {urlsafe_b64encode(NEW).decode().rstrip('=')} , {urlsafe_b64encode(OLD).decode()} ",
        f"{b64encode(NEW).decode()}\n{b64encode(OLD).decode()}\n",
    ],
)
def test_sealing_keys_come_newest_first_from_a_variable_or_from_a_file_and_are_not_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str
) -> None:
    (tmp_path / "keys").write_text(text)
    monkeypatch.setenv("PRICING_ENGINE_SECRETS_KEYS", text)
    given = load_settings()
    monkeypatch.setenv("PRICING_ENGINE_SECRETS_KEYS", "")
    monkeypatch.setenv("PRICING_ENGINE_SECRETS_KEYS_FILE", str(tmp_path / "keys"))
    read = load_settings()
    assert given.sealing_keys == read.sealing_keys == (NEW, OLD)
    shown = f"{given!r}{given}{given.model_dump_json()}{read!r}{read.model_dump()}"
    assert not [form for key in (NEW, OLD) for form in (repr(key)[2:-1], key.hex()) if form in shown]
    assert b64encode(NEW).decode() not in shown


@pytest.mark.parametrize(
    "text", ["hunter2", "hunter2" * 10, b64encode(bytes(31)).decode(), b64encode(bytes(64)).decode()]
)
def test_what_is_no_sealing_key_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    said = refusal(monkeypatch, SECRETS_KEYS=f"{b64encode(NEW).decode()},{text}")
    assert said.startswith("PRICING_ENGINE_SECRETS_KEYS: each key is 32 bytes in base64")
    assert text not in said
    with pytest.raises(ValueError, match="32 bytes") as refused:
        Settings(secrets_keys=text)
    assert text not in str(refused.value)


def test_a_file_of_keys_that_gives_none_is_refused_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for content, what in ((None, "cannot be read"), (b" \n", "has no key in it"), (b"\xff", "is no text")):
        if content is not None:
            (tmp_path / "keys").write_bytes(content)
        said = refusal(monkeypatch, SECRETS_KEYS_FILE=str(tmp_path / "keys"))
        assert said.startswith("PRICING_ENGINE_SECRETS_KEYS_FILE: the file ")
        assert what in said


def test_keys_come_from_one_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    key = b64encode(NEW).decode()
    (tmp_path / "keys").write_text(key)
    said = refusal(monkeypatch, SECRETS_KEYS=key, SECRETS_KEYS_FILE=str(tmp_path / "keys"))
    assert said.startswith("PRICING_ENGINE_SECRETS_KEYS_FILE: unset it, or PRICING_ENGINE_SECRETS_KEYS")
