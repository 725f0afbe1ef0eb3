"""Settings come from the environment, and a bad one is refused by name, without repeating its value."""

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
    assert set(given) == set(Settings.model_fields)
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
