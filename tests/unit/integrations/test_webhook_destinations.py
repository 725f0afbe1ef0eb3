"""Which URLs webhooks may be posted to in production, and in development."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pricing_engine.api.wire_text import WEB_ADDRESS
from pricing_engine.integrations.webhooks.destinations import AddressRefused, Destinations, NoAddress
from pricing_engine.integrations.webhooks.public_addresses import is_public

NOT_PUBLIC = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "no address",
    "",
]
PUBLIC = [
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "93.184.215.14",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001::1",
    "::ffff:1.1.1.1",
    "64:ff9b::101:101",
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_inside_a_network_or_of_no_host_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


def check(url: str, *addresses: str, anywhere: bool = False) -> None:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    asyncio.run(Destinations(anywhere, resolve).check(url))


@pytest.mark.parametrize("address", [each for each in NOT_PUBLIC if each])
def test_a_host_that_stands_for_such_an_address_is_refused_in_production(address: str) -> None:
    with pytest.raises(AddressRefused, match="not public"):
        check("https://hooks.example.com/", address)
    with pytest.raises(AddressRefused, match="not public"):
        check("https://hooks.example.com/", "1.1.1.1", address)


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://169.254.169.254/latest/meta-data"],
)
def test_such_an_address_itself_is_refused_in_production(url: str) -> None:
    with pytest.raises(AddressRefused, match="not public"):
        check(url, "1.1.1.1")


@pytest.mark.parametrize("url", ["https://2130706433/", "https://0x7f.1/", "https://017700000001/"])
def test_other_ways_to_write_loopback_are_refused_by_what_they_stand_for(url: str) -> None:
    with pytest.raises(AddressRefused):
        asyncio.run(Destinations().check(url))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://hooks.example.com/", "https only"),
        ("https://hooks.example.com:8443/", "only port 443"),
        ("https://hooks.example.com:22/", "only port 443"),
        ("https://ada:secret@hooks.example.com/", "password"),
        ("https://ada@hooks.example.com/", "password"),
        ("https://hooks.example.com/#part", "never sent"),
        ("ftp://hooks.example.com/", "only web addresses"),
        ("file:///etc/passwd", "only web addresses"),
        ("https:///path", "only web addresses"),
        ("//hooks.example.com/", "only web addresses"),
        ("https://hooks.example.com:0x1bb/", "no URL"),
        ("https://[::1/", "no URL"),
    ],
)
def test_a_url_of_another_form_is_refused_in_production(url: str, said: str) -> None:
    with pytest.raises(AddressRefused, match=said):
        check(url, "1.1.1.1")


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.com/a?b=c",
        "https://hooks.example.com:443/",
        "https://1.1.1.1/",
        "https://bücher.example/",
    ],
)
def test_a_public_host_on_the_port_of_https_is_taken(url: str) -> None:
    check(url, "1.1.1.1", "2606:4700::1111")


def test_a_name_that_does_not_resolve_is_refused_as_such() -> None:
    with pytest.raises(NoAddress):
        check("https://hooks.example.com/")


@given(
    st.from_regex(rf"(?:{WEB_ADDRESS})", fullmatch=True)
    | st.from_regex(r"https?://(xn--[a-z0-9-]{0,9}\.)?[a-z0-9.\[\]:%@-]{1,20}(:[0-9]{0,6})?/[!-~]{0,5}", fullmatch=True)
)
@example("http://xn--/")
@example("http://xn--a.com/")
@example("http://[::1%25eth0]/")
def test_whatever_has_the_form_of_an_address_is_taken_or_refused(url: str) -> None:
    for anywhere in (True, False):
        with suppress(AddressRefused):
            check(url, "1.1.1.1", anywhere=anywhere)


def test_a_name_in_another_script_is_looked_up_as_it_goes_over_the_wire() -> None:
    asked = []

    async def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["1.1.1.1"]

    asyncio.run(Destinations(resolve=resolve).check("https://straße.example/"))
    assert asked == ["xn--strae-oqa.example"]


def test_in_development_anywhere_is_taken_without_looking_but_no_password() -> None:
    check("http://localhost:9000/hooks", anywhere=True)
    check("http://10.0.0.1/", anywhere=True)
    with pytest.raises(AddressRefused, match="password"):
        check("http://ada:secret@localhost/", anywhere=True)
