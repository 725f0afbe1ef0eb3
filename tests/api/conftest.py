"""An app over a real database with the sample rules in force, and a client that calls it inside the process."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from pricing_engine.api.access_log import open_log
from pricing_engine.api.application import build_app
from pricing_engine.app import readiness_of
