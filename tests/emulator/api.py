"""
A client for the tests: the version's prefix and the key, nothing more.
"""

from __future__ import annotations

from typing import Any

import httpx

LINK: dict[str, Any] = {"slug": "intro", "name": "Intro", "hosts": ["ada@acme.example"], "duration": 30}


class Api:
    """
    One version of the API with one workspace's key.
    """

    def __init__(self, url: str, *, version: str = "v2", key: str = "acme-demo-key") -> None:
        # Plain http on loopback: reading the system's certificates would cost more than the test.
        self._client = httpx.Client(
            base_url=f"{url}/api/external/{version}",
            headers={"X-Api-Key": key},
            trust_env=False,
            verify=False,  # noqa: S501
        )

    def close(self) -> None:
        """
        Close the connections.
        """
        self._client.close()

    def get(self, path: str, **params: str | int | list[str]) -> httpx.Response:
        """
        Send a GET with query parameters.
        """
        return self._client.get(path, params=params)

    def post(self, path: str, body: object = None) -> httpx.Response:
        """
        Send a POST with a JSON body.
        """
        return self._client.post(path, json=body)

    def patch(self, path: str, body: object) -> httpx.Response:
        """
        Send a PATCH with a JSON body.
        """
        return self._client.patch(path, json=body)

    def put(self, path: str, body: object) -> httpx.Response:
        """
        Send a PUT with a JSON body.
        """
        return self._client.put(path, json=body)

    def delete(self, path: str, body: object = None) -> httpx.Response:
        """
        Send a DELETE, with a JSON body when there is one.
        """
        return self._client.request("DELETE", path, json=body) if body else self._client.delete(path)

    def raw(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> httpx.Response:
        """
        Send bytes as they are.
        """
        return self._client.request(method, path, content=content, headers=headers)

    def create(self, **fields: Any) -> dict[str, Any]:
        """
        Create a link that differs from LINK by these fields, and return it.
        """
        response = self.post("/meetings", {**LINK, **fields})
        assert response.is_success, response.text
        meeting: dict[str, Any] = response.json()["meeting"]
        return meeting

    def book(self, slug: str, **fields: Any) -> dict[str, Any]:
        """
        Book the first free slot of a link, and return the booking.
        """
        visitor = {"name": "Grace", "email": "grace@visitor.example", "time_zone": "Europe/London"}
        response = self.post("/bookings", {"meeting_slug": slug, **visitor, **fields})
        assert response.is_success, response.text
        booking: dict[str, Any] = response.json()
        return booking
