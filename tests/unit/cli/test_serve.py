"""Serving: a port that is taken is known beforehand, and what the server says of itself is JSON."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest

from pricing_engine.api.access_log import open_log
from pricing_engine.cli.outcome import CommandStopped, ExitCode
from pricing_engine.cli.serve import address_of, listening, log_as_json
from pricing_engine.settings import Settings


@pytest.fixture
def server_logger() -> Iterator[logging.Logger]:
    """The server's logger, put back as it was."""
    logger = logging.getLogger("uvicorn")
    before = logger.handlers, logger.propagate, logger.level
    yield logger
    logger.handlers, logger.propagate, logger.level = before


def test_a_port_that_is_taken_stops_the_command_and_says_how_to_choose_another():
    with listening(Settings(port=0)) as listener:
        taken = listener.getsockname()[1]
        with pytest.raises(CommandStopped, match=f"port {taken}: Address already in use") as stopped:
            listening(Settings(port=taken))
    assert stopped.value.exit_code is ExitCode.FAILED
    assert "--port" in stopped.value.fix


def test_a_free_port_is_on_loopback():
    with listening(Settings(port=0)) as listener:
        assert address_of(listener).startswith("http://127.0.0.1:")


def test_what_the_server_says_is_one_line_of_json(server_logger: logging.Logger):
    stream = StringIO()
    log_as_json(open_log("info", stream=stream))
    server_logger.getChild("error").error("connection %s\nlost", "reset")
    line = json.loads(stream.getvalue())
    assert (line["event"], line["level"], line["said"]) == ("server", "error", "connection reset\nlost")
    assert stream.getvalue().count("\n") == 1
