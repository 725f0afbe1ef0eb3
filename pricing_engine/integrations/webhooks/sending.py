"""One try to post a message: to an address that was checked, in limited time, reading little of the answer."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from typing import Final

import httpx

from pricing_engine.integrations.cloud_events import MEDIA_TYPE
from pricing_engine.integrations.webhooks.destinations import AddressRefused, Destinations, ascii_host
from pricing_engine.integrations.webhooks.signing import signed_headers

CONNECT_SECONDS: Final = 5.0
TOTAL_SECONDS: Final = 15.0
MAX_ANSWER_BYTES: Final = 64 * 1024
GONE: Final = 410


@dataclass(frozen=True, slots=True)
class Message:
    """An event to be posted: the same id and bytes at each try."""

    id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try went: the status that was answered (None: none was), and in words for whoever runs the receiver."""

    status: int | None
    words: str

    @property
    def is_accepted(self) -> bool:
        """Whether the receiver has the message."""
        return self.status is not None and httpx.codes.is_success(self.status)

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants no further messages."""
        return self.status == GONE


@dataclass(frozen=True, slots=True)
class Sender:
    """What messages are posted with. No proxy of the environment is used: it would look names up itself.

    Units: seconds.
    """

    destinations: Destinations
    connect_seconds: float = CONNECT_SECONDS
    total_seconds: float = TOTAL_SECONDS
    trust: ssl.SSLContext = field(default_factory=httpx.create_ssl_context)

    async def send(self, url: str, message: Message, *, secrets: Iterable[str], at: datetime) -> Outcome:
        """How it went; whatever goes wrong is an outcome. An answer counts once its status is there."""
        headers = signed_headers(secrets, message_id=message.id, at=at, body=message.body)
        seen: list[int] = []
        try:
            async with asyncio.timeout(self.total_seconds):
                await self._post(url, message.body, headers, seen)
        except AddressRefused as refused:
            return Outcome(None, refused.what)
        except Exception as error:  # noqa: BLE001 -- a try that fails for any reason is followed by a pause, not by a loop
            if not seen:
                return Outcome(None, self._words_of(error))
        return Outcome(seen[0], _words_of_status(seen[0]))

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str], seen: list[int]) -> None:
        parsed = self.destinations.parsed(url)
        addresses = await self.destinations.addresses(parsed)
        for address in addresses:
            try:
                await self._post_to(address, parsed, body, headers, seen)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if address == addresses[-1]:
                    raise
            else:
                return

    async def _post_to(
        self, address: str, url: httpx.URL, body: bytes, headers: Mapping[str, str], seen: list[int]
    ) -> None:
        """Posts to this very address, under the host's own name; a certificate is that of the name."""
        timeout = httpx.Timeout(self.total_seconds, connect=self.connect_seconds)
        sent = {
            **headers,
            "host": url.netloc.decode("ascii"),
            "content-type": MEDIA_TYPE,
            "user-agent": f"pricing-engine/{version('pricing-engine')}",
            "accept-encoding": "identity",
            "connection": "close",
        }
        # A client of its own: a pool would share connections by address, and so between hosts.
        async with (
            httpx.AsyncClient(verify=self.trust, trust_env=False, follow_redirects=False, timeout=timeout) as client,
            client.stream(
                "POST",
                url.copy_with(host=address),
                content=body,
                headers=sent,
                extensions={"sni_hostname": ascii_host(url)},
            ) as response,
        ):
            seen.append(response.status_code)
            await _read_little(response)

    def _words_of(self, error: Exception) -> str:
        match error:
            case TimeoutError() | httpx.ReadTimeout() | httpx.WriteTimeout():
                return f"no answer within {self.total_seconds:g} seconds"
            case httpx.ConnectTimeout():
                return f"no connection within {self.connect_seconds:g} seconds"
            case httpx.ConnectError():
                return "its certificate is not trusted" if "CERTIFICATE" in str(error) else "no connection"
            case httpx.TransportError():
                return "the connection ended before there was an answer"
            case _:
                return f"not sent: {type(error).__name__}"


async def _read_little(response: httpx.Response) -> None:
    """Reads an answer to its end, or to the limit: who is cut short may think that it was not understood."""
    read = 0
    async for chunk in response.aiter_raw():
        read += len(chunk)
        if read >= MAX_ANSWER_BYTES:
            return


def _words_of_status(status: int) -> str:
    if httpx.codes.is_success(status):
        return "accepted"
    if httpx.codes.is_redirect(status):
        return "redirected, which is not followed"
    return "gone, and disabled therefore" if status == GONE else "not accepted"
