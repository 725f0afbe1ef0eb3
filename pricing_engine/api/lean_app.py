"""FastAPI without the middlewares that our routes do not use: each is a call, and often a closure, at every request."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import ASGIApp


class LeanApp(FastAPI):
    """An app whose routes depend on nothing, open no files and limit their bodies themselves (`PlainRoute`)."""

    def build_middleware_stack(self) -> ASGIApp:
        """What was added to the app, around what answers exceptions, around the routes.

        FastAPI would put five more around and between: what answers faults, which `Edge` does; what reports them to
        OpenTelemetry; a limit of bodies that is not set; and what closes files and dependencies, which are not there.
        """
        app: ASGIApp = ExceptionMiddleware(self.router, handlers=self.exception_handlers, debug=self.debug)
        for middleware, args, kwargs in reversed(self.user_middleware):
            app = middleware(app, *args, **kwargs)
        return app
