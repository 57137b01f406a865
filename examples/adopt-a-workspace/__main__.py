"""
The links that `neetocal-provider export` has written down: see README.md.
"""

import scheduling_links  # noqa: F401
