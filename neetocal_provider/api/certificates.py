"""
What to do about a certificate that is not trusted, by OpenSSL's reason.

Source of the codes: `X509_V_ERR_*` in OpenSSL's `x509_vfy.h`, which Python gives as `verify_code`.
"""

from __future__ import annotations

import ssl

from neetocal_provider.settings import SETTINGS

__all__ = ["advice"]

_CHECK_ADDRESS = f"check {SETTINGS['base_url']}"

_UNKNOWN_AUTHORITY = (
    f"{_CHECK_ADDRESS}, or name the certificates of your network's own authority in SSL_CERT_FILE (SSL_CERT_DIR)."
)

_OUT_OF_DATE = (
    "check the clock of this machine. If it is right, let whoever runs the server, or a proxy that decrypts traffic, "
    "renew the certificate; SSL_CERT_FILE does not help."
)

_OTHER_HOST = f"{_CHECK_ADDRESS}, since the certificate is for another host; SSL_CERT_FILE does not help."

_TOO_WEAK = (
    "let whoever runs the server, or a proxy that decrypts traffic, issue a certificate with a longer key and a newer "
    "signature; SSL_CERT_FILE does not help."
)

_MALFORMED = (
    "the certificate, or its authority's, is not formed as RFC 5280 demands, and Python 3.13 and newer refuse it. "
    "Let whoever runs the server, or a proxy that decrypts traffic, issue it anew, or use Python 3.12 until then; "
    "SSL_CERT_FILE does not help."
)

_OTHERWISE = (
    f"{_CHECK_ADDRESS}, and let whoever runs the server, or a proxy that decrypts traffic, look at its certificate."
)

_ADVICE = {
    **dict.fromkeys((2, 18, 19, 20, 21), _UNKNOWN_AUTHORITY),
    **dict.fromkeys((9, 10), _OUT_OF_DATE),
    **dict.fromkeys((62, 64), _OTHER_HOST),
    **dict.fromkeys((66, 67, 68), _TOO_WEAK),
    **dict.fromkeys(range(80, 95), _MALFORMED),
}
"""Codes 80 to 94 are given under VERIFY_X509_STRICT alone, which Python sets from 3.13 on."""


def advice(error: ssl.SSLCertVerificationError) -> str:
    """
    Return what to do, as the end of a sentence.
    """
    return _ADVICE.get(error.verify_code, _OTHERWISE)
