"""
The web page: what the emulator holds and what it is asked, as a person wants to see it.

It stands in front of the application: its own requests are not in the journal and
no fault meets them. Nothing here changes anything, but that a person
lets the official tool in, which works without the page, too.
"""

from __future__ import annotations

from neetocal_emulator.page.login import LOGIN_PREFIX, LOGIN_ROUTES
from neetocal_emulator.page.routes import with_page

__all__ = ["LOGIN_PREFIX", "LOGIN_ROUTES", "with_page"]
