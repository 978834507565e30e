"""Which hosts may be asked on behalf of a stranger: those on a list, where their names lead to public addresses.

A name that leads elsewhere, to this machine, its network or a cloud's metadata service, would make us fetch for the
stranger what the stranger can't reach.
"""

from __future__ import annotations

import fnmatch
import ipaddress
import socket
from collections.abc import Sequence

from lessongen.system.errors import DataError, Unavailable

# Prefixes that carry an IPv4 address in an IPv6 one, so that the one says nothing of where the other leads.
_TRANSLATED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))


def is_allowed(host: str, allowed: Sequence[str]) -> bool:
    """Whether a host is on the list: by its name, or as one under `*.example.org`."""
    return any(fnmatch.fnmatchcase(host.lower().rstrip("."), each) for each in allowed)


def public_address(host: str, port: int) -> str:
    """The address that a name leads to. Raises `DataError` where any of them is not public, `Unavailable` for none."""
    try:
        found = socket.getaddrinfo(host.rstrip("."), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unavailable(f"{host} can't be found.", hint="Is the address right, and the network there?") from error
    addresses = [str(each[4][0]) for each in found]
    if not all(is_public(address) for address in addresses):
        raise DataError(f"{host} leads into a network that is not public, and is not fetched.")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet, and surely so."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif any(ip in network for network in _TRANSLATED):
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved
