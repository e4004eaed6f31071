"""Who asks, as quotas count: an address, or the network that one customer of a provider has."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from starlette.requests import Request

from ledger.primitives.remembered import remembered

CUSTOMER_BITS = 64
"""Of an IPv6 address: whoever has one has all the 2**64 of its network."""
UNKNOWN = ""
"""A local socket, or what a proxy passed on and no address is: one client together."""


def client_of(request: Request) -> str:
    """Return whom a request is counted for: an IPv4 address, or an IPv6 network of 64 bits."""
    return UNKNOWN if request.client is None else network_of(request.client.host)


@remembered(4_096)
def network_of(host: str) -> str:
    """Return an address's client; IPv4 in IPv6's clothes is IPv4."""
    try:
        address = ip_address(host)
    except ValueError:
        return UNKNOWN
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), CUSTOMER_BITS), strict=False))
