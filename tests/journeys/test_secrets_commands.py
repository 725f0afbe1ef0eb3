"""`pricing-engine secrets`: a key is made, what stands open is sealed, keys are rotated, and one is lost."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from pathlib import Path

import pytest

from tests.journeys.conftest import ROOT, Run

PAGE = ROOT / "docs" / "how-to" / "keep-secrets-sealed.md"
URL = "http://127.0.0.1:1/hooks"
VARIABLE = "PRICING_ENGINE_SECRETS_KEYS_FILE"


@pytest.fixture
def keys(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with a new key in it, which the settings name from now on."""
    path = tmp_path / "keys"
    path.write_text(run("secrets", "make-key").stdout)
    monkeypatch.setenv(VARIABLE, str(path))
    return path


def anonymous(text: str) -> str:
    """What a command says of any key and webhook."""
    return re.sub(r"whk_\S+", "whk", re.sub(r"\b[0-9a-f]{12}\b", "key", text))


def add(run: Run) -> tuple[str, str]:
    """The id and the secret of a new webhook."""
    made = json.loads(run("webhooks", "add", URL, "--json").stdout)
    return made["id"], made["secret"]


def test_a_key_is_printed_with_its_id_and_no_two_are_the_same(run: Run) -> None:
    one, other = run("secrets", "make-key"), json.loads(run("secrets", "make-key", "--json").stdout)
    assert len(urlsafe_b64decode(one.stdout.strip())) == len(urlsafe_b64decode(other["key"])) == 32
    assert one.stdout.strip() != other["key"]
    assert one.stderr.startswith("This is the key ")
    assert len(other["id"]) == 12


def test_what_stood_open_is_sealed_and_its_older_backups_are_spoken_of(
    demo_database: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("secrets", "status").stdout == "there is no key, and no secret\n"
    id_, secret = add(run)
    assert "stands open in the database" in run("webhooks", "show", id_).stdout
    assert run("secrets", "status").stdout.startswith("no key        1 secret of webhooks, 0 kept answers; stands open")
    refused = run("secrets", "seal", "--json")
    assert (refused.exit_code, json.loads(refused.stdout)["error"]["code"]) == (1, "sealing-key-missing")
    made = json.loads(run("secrets", "make-key", "--json").stdout)
    monkeypatch.setenv("PRICING_ENGINE_SECRETS_KEYS", made["key"])
    done = run("secrets", "seal", "--by", "ada")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "1 secret of webhooks, 0 kept answers sealed anew",
        f"{made['id']}  1 secret of webhooks, 0 kept answers; the newest: it seals",
    ]
    assert done.stderr.startswith("1 stood open until now, and do in older backups")
    again = run("secrets", "seal", "--json")
    assert json.loads(again.stdout) == {
        "sealed_anew": {"webhook_secrets": 0, "kept_answers": 0},
        "stood_open": 0,
        "keys": [{"key": made["id"], "state": "newest", "webhook_secrets": 1, "kept_answers": 0}],
        "cannot_be_opened": [],
    }
    assert "Secret   sealed\n" in run("webhooks", "show", id_).stdout
    assert secret not in "".join(run(*typed).output for typed in (["secrets", "status"], ["webhooks", "show", id_]))
    audited = run("audit", "verify").stdout
    assert audited.startswith("all ")


def test_a_key_is_rotated_and_the_older_one_is_needed_no_longer(demo_database: Path, keys: Path, run: Run) -> None:
    add(run)
    keys.write_text(run("secrets", "make-key").stdout + keys.read_text())
    newest, older = run("secrets", "status").stdout.splitlines()
    assert "0 secrets of webhooks, 0 kept answers; the newest: it seals" in newest
    assert "1 secret of webhooks, 0 kept answers; older: it only opens" in older
    sealed = run("secrets", "seal")
    assert sealed.stderr == ""
    assert sealed.stdout.splitlines()[-1].endswith("older: it is needed no longer")
    keys.write_text(keys.read_text().splitlines()[0])
    assert [key["state"] for key in json.loads(run("secrets", "status", "--json").stdout)["keys"]] == ["newest"]


def test_a_lost_key_is_shown_and_is_replaced_by_rotating_the_secret(demo_database: Path, keys: Path, run: Run) -> None:
    id_, _ = add(run)
    keys.write_text(run("secrets", "make-key").stdout)
    for command in ("status", "seal"):
        found = run("secrets", command)
        assert found.exit_code == 1
        assert f"the secret of webhook {id_} is sealed under the key " in found.stdout
        assert "not given: what it seals cannot be opened" in found.stdout
    [shown] = re.findall(r"\$ pricing-engine secrets status\n(.*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL)
    assert anonymous(run("secrets", "status").stdout) == anonymous(shown)
    assert json.loads(run("secrets", "status", "--json").stdout)["keys"][1]["state"] == "missing"
    for command in (["list"], ["show", id_]):
        assert "waits: its secret cannot be opened" in run("webhooks", *command).stdout
    assert json.loads(run("webhooks", "show", id_, "--json").stdout)["secret_state"] == "cannot_be_opened"
    assert run("webhooks", "change", id_, "--description", "an event").exit_code == 0
    done = run("webhooks", "deliver", "--once")
    assert done.stdout == "0 tries, 0 accepted, 1 waiting for a key\n"
    assert '"event":"webhook waits"' in done.stderr
    assert json.loads(run("webhooks", "deliver", "--once", "--json").stdout)["waiting"] == [id_]
    assert run("webhooks", "rotate-secret", id_).exit_code == 1
    assert run("webhooks", "rotate-secret", id_, "--leaked").exit_code == 0
    assert run("secrets", "status").exit_code == 0
    assert run("webhooks", "deliver", "--once").stdout == "1 try, 0 accepted\n"


def test_in_production_without_a_key_a_secret_is_not_made(
    demo_database: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_, _ = add(run)
    monkeypatch.setenv("PRICING_ENGINE_ENVIRONMENT", "production")
    refused = run("webhooks", "rotate-secret", id_)
    assert (refused.exit_code, VARIABLE in refused.stderr) == (1, True)
    assert run("webhooks", "disable", id_).exit_code == 0
