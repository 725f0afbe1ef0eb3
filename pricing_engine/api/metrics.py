"""What Prometheus reads: how many requests there were, by route template and status, and how long they took."""

from __future__ import annotations

from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST

_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})


class RequestMetrics:
    """The counters of one app. Units: seconds. A label never holds a path, only a route's template."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        labels = ("method", "route")
        self._requests = Counter(
            "pricing_engine_http_requests", "Answered requests.", (*labels, "status"), registry=self._registry
        )
        self._durations = Histogram(
            "pricing_engine_http_request_seconds",
            "Time from the request line to the end of the answer.",
            labels,
            registry=self._registry,
            buckets=_BUCKETS,
        )
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def count(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Takes one answered request into account."""
        key = (method if method in _METHODS else "other", route, status)
        if key not in self._children:
            self._children[key] = (
                self._requests.labels(*key[:2], str(status)),
                self._durations.labels(*key[:2]),
            )
        counter, histogram = self._children[key]
        counter.inc()
        histogram.observe(seconds)

    def text(self) -> bytes:
        """Everything counted so far, in Prometheus' text format."""
        return generate_latest(self._registry)
