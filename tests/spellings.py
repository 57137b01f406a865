"""
How a key may show in a text: as it is, escaped or encoded. Written beside the provider's own list, not from it.
"""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote

__all__ = ["MARKER", "echoes", "shows"]

MARKER = "marker+key/with=odd%chars&'0123456789"


def echoes(key: str) -> dict[str, str]:
    """
    Return, by name, what a server may write that quotes the key.
    """
    header = f"X-Api-Key: {key}"
    return {
        "plain": f"The key {key} has expired",
        "long": f"{'x' * (256 - len(key) // 2)}{key}",
        "upper": f"THE KEY {key.upper()} HAS EXPIRED",
        "url": f"https://acme.neetocal.com/?api_key={quote(key, safe='')}&x=1",
        "percent": "".join(f"%{byte:02X}" for byte in key.encode()),
        "html": f"<pre>{html.escape(header)}</pre>",
        "repr": f"{{'x-api-key': {key!r}}}",
        "bytes": repr(header.encode()),
        "bytearray": repr(bytearray(header.encode())),
        "path": f"https://acme.neetocal.com/{quote(key)}",
        "decimal": "".join(f"&#{byte};" for byte in key.encode()),
        "mail": "".join(f"={byte:02X}" for byte in key.encode()),
        "json": json.dumps(json.dumps({"x-api-key": key})),
        "base64": base64.b64encode(key.encode()).decode(),
        "base64 of the header": base64.b64encode(header.encode()).decode(),
        "base64 of all headers": base64.urlsafe_b64encode(f"Accept: */*\r\n{header}\r\nHost: a".encode()).decode(),
        "hex": header.encode().hex(),
    }


def shows(text: str, key: str) -> list[str]:
    """
    Return what of the text gives the key away: any of its spellings, or half of it.
    """
    half = len(key) // 2
    spellings = {key[:half], key[half:], quote(key, safe=""), key.encode().hex(), html.escape(key), repr(key)[1:-1]}
    for before in range(3):
        encoded = base64.b64encode(b" " * before + key.encode() + b"  ").decode()
        spellings |= {encoded[4:-8], base64.urlsafe_b64encode(encoded.encode()).decode()[4:-8]}
    folded = text.casefold()
    return sorted(spelling for spelling in spellings if spelling.casefold() in folded)
