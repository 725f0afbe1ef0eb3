"""Where webhooks may be posted to: a URL's form, and the addresses its host stands for at this moment."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from typing import Final

import httpx

from pricing_engine.errors import DomainError
from pricing_engine.integrations.webhooks.public_addresses import is_public

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port → its addresses; an OSError where there are none."""

MAX_ADDRESSES: Final = 4
"""How many addresses of a host are tried."""

RESOLVE_SECONDS: Final = 5.0
HTTPS_PORT: Final = 443
MAX_PORT: Final = 65_535
_PORTS: Final = {"https": HTTPS_PORT, "http": 80}

# Not asyncio's own, which has few threads: names that hang would keep others waiting.
_RESOLVING: Final = ThreadPoolExecutor(100, thread_name_prefix="resolve")


class AddressRefused(DomainError):
    """Webhooks are not posted to this URL."""

    code = "webhook-address-refused"


class NoAddress(AddressRefused):
    """The host of a URL has no address just now, which another time it may have."""

    code = "webhook-host-unknown"


async def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a host by this machine's resolver.

    Raises: OSError.
    """
    look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(_RESOLVING, look_up)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Destinations:
    """Which URLs may be posted to; all there are when they are `anywhere`, which is for development alone."""

    anywhere: bool = False
    resolve: Resolve = resolve

    async def check(self, url: str) -> None:
        """Refuses a URL that an endpoint may not have. Each delivery looks again, for names change their addresses.

        Raises: AddressRefused.
        """
        parsed = self.parsed(url)
        if not self.anywhere:
            await self.addresses(parsed)

    def parsed(self, url: str) -> httpx.URL:
        """The URL, in the form that it is posted to.

        Raises: AddressRefused for one that is malformed, or has a scheme, a port or credentials it may not have.
        """
        try:
            parsed = httpx.URL(url)
        except httpx.InvalidURL:
            raise _refused("this is no URL", "write https://, a host and a path") from None
        if parsed.scheme not in _PORTS or not parsed.raw_host:
            raise _refused("only web addresses can be posted to", "write https://, a host and a path")
        if parsed.port is not None and not 0 < parsed.port <= MAX_PORT:
            raise _refused("there is no such port", f"write one from 1 to {MAX_PORT}, or none")
        if parsed.userinfo:
            raise _refused("a URL with a password shows it to every log", "leave it out: signatures say who sent it")
        if parsed.fragment:
            raise _refused("what follows # is never sent", "leave it out")
        if not self.anywhere:
            _check_public_form(parsed)
        return parsed

    async def addresses(self, url: httpx.URL) -> tuple[str, ...]:
        """The addresses to post to, each of which was looked at; connect to them, and never to the name.

        Raises: NoAddress; AddressRefused when any of them is not public.
        """
        found = await self._found(ascii_host(url), url.port or _PORTS[url.scheme])
        if not self.anywhere and not all(map(is_public, found)):
            raise _refused(
                "the host stands for an address that is not public",
                "give a host on the internet; what is inside a network is not posted to from here",
            )
        return tuple(found[:MAX_ADDRESSES])

    async def _found(self, host: str, port: int) -> Sequence[str]:
        if _is_address(host):
            return (host,)
        try:
            async with asyncio.timeout(RESOLVE_SECONDS):
                found = await self.resolve(host, port)
        except (OSError, UnicodeError):  # a TimeoutError is an OSError
            found = ()
        if not found:
            raise NoAddress("the name of the host does not resolve", fix="see that it is spelt right", pointer="/url")
        return found


def ascii_host(url: httpx.URL) -> str:
    """The host as it goes over the wire; httpx's own `host` is in Unicode, and fails for some that are none."""
    return url.raw_host.decode("ascii")


def host_of(url: str) -> str:
    """The host of a URL that was checked: all that may be told of it, for paths often are secrets."""
    return ascii_host(httpx.URL(url))


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _check_public_form(url: httpx.URL) -> None:
    if url.scheme != "https":
        raise _refused("events are posted over https only", "write https://")
    if url.port not in {None, HTTPS_PORT}:
        raise _refused(f"only port {HTTPS_PORT} is posted to", "leave the port out")


def _refused(what: str, fix: str) -> AddressRefused:
    return AddressRefused(what, fix=fix, pointer="/url")
