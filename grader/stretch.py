"""PBKDF2 for a Python without OpenSSL, such as the one that runs in browsers (Pyodide)."""

from __future__ import annotations

import hmac


def pbkdf2_hmac(hash_name: str, password: bytes, salt: bytes, iterations: int,
                dklen: int) -> bytes:
    """Return what ``hashlib.pbkdf2_hmac`` does, which is there only with OpenSSL.

    Parameters are those of :mod:`hashlib`: `dklen` is the length of the key in bytes.

    References
    ----------
    RFC 8018, section 5.2; RFC 2104 for HMAC, which Python's own :mod:`hmac` computes.
    """
    keyed = hmac.new(password, digestmod=hash_name)

    def prf(message: bytes) -> bytes:
        # A copy of the keyed state: the password is hashed once, not at every step.
        step = keyed.copy()
        step.update(message)
        return step.digest()

    key, block = b"", 0
    while len(key) < dklen:
        block += 1
        last = prf(salt + block.to_bytes(4, "big"))
        mixed = int.from_bytes(last, "big")
        for _ in range(iterations - 1):
            last = prf(last)
            mixed ^= int.from_bytes(last, "big")
        key += mixed.to_bytes(len(last), "big")
    return key[:dklen]
