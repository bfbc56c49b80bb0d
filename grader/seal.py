"""Sealed checks: what a learner's machine may know about the right answers.

One file, ``checks.json``, stands beside a released notebook. It holds salted, stretched
hashes of the tokens of right answers and known misconceptions. A hint is encrypted under
a key derived from the very misconception it belongs to; the explanation under keys that
only a complete right answer yields. The cipher is Fernet from the `cryptography` package, the
key derivation PBKDF2.

A small answer space (four options, a count below a hundred) can be searched by somebody
who works at it. Sealing keeps answers out of sight, not out of reach; that is why scoring
never trusts it (see :mod:`grader.score`).
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import os
from collections.abc import Iterable

from reader.course_files import FILE_NAME as FILE_NAME  # the learners' side looks for it too

from .fernet import NoCipher, decrypt, encrypt

try:
    from hashlib import pbkdf2_hmac
except ImportError:  # a Python without OpenSSL
    from .stretch import pbkdf2_hmac

#: Version of the file format.
FORMAT = 2
# Enough to make a search of a few million candidates tedious, few enough that a check of a
# typical answer (one to five tokens) stays within a few milliseconds.
ITERATIONS = 2_000
#: Environment variable with the record sheet of a notebook that is being graded.
SHEET = "READING_IDLIB_SHEET"


class Unsealed:
    """The trusted side: tokens stand for themselves, hints and explanation lie open."""

    def name(self, token: str) -> str:
        return token

    def hint(self, token: str, stored: dict) -> dict:
        return stored

    def note(self, token: str, stored: str) -> str:
        return stored

    def explanation(self, spec: dict, hits: dict[int, str]) -> str:
        return spec["explanation"]


class Seal:
    """The learner's side: tokens are compared by hash, texts open only to their answers."""

    def __init__(self, salt: str, question: str) -> None:
        self._salt = f"{salt}|{question}".encode()
        self._known: dict[str, tuple[str, bytes]] = {}

    def _derive(self, token: str) -> tuple[str, bytes]:
        if token not in self._known:
            raw = pbkdf2_hmac("sha256", token.encode("utf-8", "surrogatepass"),
                              self._salt, ITERATIONS, 48)
            self._known[token] = raw[:16].hex()[:20], base64.urlsafe_b64encode(raw[16:48])
        return self._known[token]

    def name(self, token: str) -> str:
        return self._derive(token)[0]

    def wrap(self, token: str, text: str) -> str:
        return encrypt(self._derive(token)[1], text)

    def _unwrap(self, token: str, sealed: str) -> str:
        return decrypt(self._derive(token)[1], sealed)

    def hint(self, token: str, stored: str) -> dict:
        try:
            return json.loads(self._unwrap(token, stored))
        except NoCipher as reason:
            return {"name": "", "hint": f"There is a hint for this answer, but {reason}"}
        except ValueError:
            return {"name": "", "hint": ""}

    def note(self, token: str, stored: str) -> str:
        try:
            return self._unwrap(token, stored) if stored else ""
        except (NoCipher, ValueError):
            return ""

    def explanation(self, spec: dict, hits: dict[int, str]) -> str:
        try:
            if spec.get("need"):
                best = "\x1d".join(sorted(hits.values())[: spec["need"]])
                secret = self._unwrap(best, spec["opens"][self.name(best)])
            else:
                secret = "".join(
                    self._unwrap(token, dict(spec["parts"][i]["any"])[self.name(token)])
                    for i, token in sorted(hits.items()))
            return decrypt(_key(secret), spec["explanation"])
        except NoCipher as reason:
            return f"There is an explanation, but {reason}"
        except (KeyError, ValueError):
            return ""


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest())


def _secret() -> str:
    return base64.urlsafe_b64encode(os.urandom(18)).decode()


def seal_question(spec: dict, salt: str) -> dict:
    """Seal one compiled question (see :func:`grader.compile.compile_question`)."""
    seal = Seal(salt, spec["id"])
    # Hidden calls are made only where the work is graded (compile puts them last).
    calls = [call for call in spec["calls"] if not call["hidden"]]
    if spec["kind"] == "function":
        spec = {**spec, "parts": spec["parts"][:len(calls)]}
    closed = {k: v for k, v in spec.items()
              if k not in ("parts", "neutral", "traps", "explanation", "calls")}
    secrets = [_secret() for _ in spec["parts"]]
    closed["parts"] = [
        {"label": part["label"], "any": sorted(
            [seal.name(token), seal.wrap(token, secret)] for token, _ in part["any"])}
        for part, secret in zip(spec["parts"], secrets, strict=True)]
    if spec["kind"] == "mapping":
        _even(closed["parts"])
    if not any(part["label"] for part in closed["parts"]):
        # The order of unlabelled parts must not follow the order of the key.
        order = sorted(range(len(secrets)), key=lambda i: closed["parts"][i]["any"])
        closed["parts"] = [closed["parts"][i] for i in order]
        secrets = [secrets[i] for i in order]
    secret = "".join(secrets)
    if spec.get("need"):
        secret = _secret()
        tokens = sorted(part["any"][0][0] for part in spec["parts"])
        combinations = ("\x1d".join(c) for c in itertools.combinations(tokens, spec["need"]))
        closed["opens"] = {seal.name(c): seal.wrap(c, secret) for c in combinations}
    closed["explanation"] = encrypt(_key(secret), spec["explanation"])
    closed["neutral"] = sorted([seal.name(token), seal.wrap(token, note) if note else ""]
                               for token, note in spec["neutral"])
    closed["traps"] = sorted([seal.name(token), seal.wrap(token, json.dumps(trap))]
                             for token, trap in spec["traps"])
    closed["calls"] = calls
    return closed


def _even(parts: list[dict]) -> None:
    """Add entries that belong to nothing: how many answers are accepted for a key would tell
    which keys can be argued about."""
    most = max(len(part["any"]) for part in parts)
    for part in parts:
        part["any"] = sorted(part["any"] + [
            [os.urandom(10).hex(), encrypt(_key(_secret()), _secret())]
            for _ in range(most - len(part["any"]))])


def seal(specs: Iterable[dict], existing: dict | None = None) -> dict:
    """Seal compiled questions; an unchanged set keeps the ``existing`` file's content."""
    specs = list(specs)
    salt = (existing or {}).get("salt") or os.urandom(12).hex()
    plain = json.dumps(specs, sort_keys=True, default=str)
    fingerprint = Seal(salt, "whole file").name(plain)
    if existing and (existing.get("format"), existing.get("fingerprint")) == (FORMAT, fingerprint):
        return existing
    return {"format": FORMAT, "salt": salt, "fingerprint": fingerprint,
            "questions": {spec["id"]: seal_question(spec, salt) for spec in specs}}


def record_sheet(specs: Iterable[dict]) -> dict:
    """What ``check`` needs where work is graded: which calls to make, and nothing else."""
    return {"format": FORMAT, "record": True, "questions": {
        spec["id"]: {"kind": spec["kind"],
                     "calls": [{"args": c["args"], "kwargs": c["kwargs"]} for c in spec["calls"]]}
        for spec in specs}}
