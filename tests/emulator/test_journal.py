"""
How much the journal remembers.
"""

from __future__ import annotations

from neetocal_emulator.journal import Entry, Journal


def entry(*, body: bytes = b"", workspace: str | None = "acme") -> Entry:
    """
    Make a request as it went over the wire.
    """
    return Entry(
        method="POST",
        path="/api/external/v2/meetings",
        query_string="",
        body=body,
        status=201,
        answer=b"{}",
        workspace=workspace,
        api_key=None,
        facts=(),
        at="2026-03-02T09:00:00.000Z",
        duration_ms=1.0,
    )


def test_the_oldest_of_many_requests_go() -> None:
    """
    20,000 are remembered, under the numbers that they always had.
    """
    journal = Journal()
    first, other = entry(workspace="globex"), entry()

    for each in (first, *[other] * 20_000):
        journal.add(each)

    assert journal.numbers == range(2, 20_002)
    assert (journal.count("globex"), journal.count("acme"), len(journal.read())) == (0, 20_000, 20_000)
    assert (journal.find(1), journal.find(2)) == (None, other)


def test_large_requests_go_earlier() -> None:
    """
    All bodies together are at most 64 MiB.
    """
    journal = Journal()
    large = entry(body=bytes(1024 * 1024))

    for _ in range(100):
        journal.add(large)

    assert journal.numbers == range(38, 101)
