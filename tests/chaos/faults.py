"""
The faults that the operations are put through, with what a client sees of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["BEYOND_PATIENCE", "FAULTS", "LATE", "MIXED", "PATIENCE"]

PATIENCE = 1.0
"""Seconds: `neetocal:timeout` where an answer is to come too late; elsewhere cells have more."""

LATE = 1.7
"""Seconds after which an answer comes too late."""

FAULTS: Mapping[str, Mapping[str, Any]] = {
    **{
        f"{status} {moment}": {"kind": "status", "status": status, "moment": moment}
        for status in (500, 502, 503, 504)
        for moment in ("before", "after")
    },
    "503, Retry-After in seconds": {"kind": "status", "status": 503, "retry_after_s": 1},
    "503, Retry-After as a date": {"kind": "status", "status": 503, "retry_after_s": 1, "retry_after_form": "date"},
    "429": {"kind": "status", "status": 429},
    "429, Retry-After in seconds": {"kind": "status", "status": 429, "retry_after_s": 1},
    "429, Retry-After as a date": {"kind": "status", "status": 429, "retry_after_s": 1, "retry_after_form": "date"},
    "429 after": {"kind": "status", "status": 429, "moment": "after", "retry_after_s": 0},
    "401": {"kind": "status", "status": 401},
    "422": {"kind": "status", "status": 422},
    "rate limit, seconds": {"kind": "rate_limit", "per_second": 10, "burst": 1},
    "rate limit, date": {"kind": "rate_limit", "per_second": 10, "burst": 1, "retry_after_form": "date"},
    "rate limit, no Retry-After": {"kind": "rate_limit", "per_second": 10, "burst": 1, "retry_after_form": "none"},
    "latency": {"kind": "latency", "seconds": [0.05, 0.2]},
    "latency beyond patience": {"kind": "latency", "seconds": LATE},
    "cut before": {"kind": "cut", "moment": "before"},
    "cut after": {"kind": "cut", "moment": "after"},
    "HTML 502 before": {"kind": "html", "moment": "before"},
    "HTML 502 after": {"kind": "html", "moment": "after"},
    "HTML 503 before": {"kind": "html", "status": 503, "moment": "before"},
    "HTML 503 after": {"kind": "html", "status": 503, "moment": "after"},
    "truncated JSON": {"kind": "truncated_json"},
    "slow body": {"kind": "slow_body", "seconds": 0.3},
    "slow body beyond patience": {"kind": "slow_body", "seconds": LATE},
    "wrong content type": {"kind": "wrong_content_type"},
}
"""Options of the emulator's faults by name; `before` and `after` say whether the work was done."""

BEYOND_PATIENCE = frozenset(name for name in FAULTS if name.endswith("beyond patience"))

MIXED = tuple(
    FAULTS[name]
    for name in (
        "429, Retry-After in seconds",
        "500 before",
        "500 after",
        "502 before",
        "503 after",
        "cut before",
        "cut after",
        "HTML 502 after",
        "truncated JSON",
        "latency",
    )
)
"""Those that a load meets at random."""
