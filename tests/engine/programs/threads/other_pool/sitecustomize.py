"""
What a later Python or Pulumi could do: the host's executor isn't the standard library's.
"""

from concurrent import futures


class OtherExecutor(futures.ThreadPoolExecutor):
    """
    An executor of somebody else's.
    """


futures.ThreadPoolExecutor = OtherExecutor  # type: ignore[misc]
