"""The file that says whose accounts may sign in, and what their claims mean here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from api.store.codes import Role
from nlp.rule_files import RuleFile, load_rule_file

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Provider(RuleFile):
    """One OpenID provider.

    Roles are those of ``role_claim`` through ``roles``, and the first in the file's order where
    somebody has several; without a ``role_claim`` an administrator gives the role, and people
    wait until then. The agency is ``agency``, or that of ``agency_claim`` through ``agencies``.
    A claim may be a path: ``realm_access.roles``.
    """

    id: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    name: str = Field(min_length=1, max_length=80)
    issuer: str
    client_id: str = Field(min_length=1)
    client_secret_file: str | None = None
    scopes: str = "openid profile"
    subject_claim: str = "sub"
    name_claim: str = "name"
    role_claim: str | None = None
    roles: Mapping[str, Role] = {}
    agency_claim: str | None = None
    agencies: Mapping[str, str] = {}
    agency: str | None = None

    @field_validator("issuer")
    @classmethod
    def _is_safe(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
            return value.rstrip("/") if parts.path == "/" else value
        raise ValueError("write an https:// address")

    @model_validator(mode="after")
    def _means_something(self) -> Provider:
        if self.role_claim and not self.roles:
            raise ValueError("role_claim needs roles: which value is which role")
        if self.agency_claim and not self.agencies:
            raise ValueError("agency_claim needs agencies: which value is which agency")
        return self

    @property
    def secret(self) -> str | None:
        """The client's secret; ``None`` for a client without one.

        Raises:
            OSError: If the file cannot be read.
        """
        if self.client_secret_file is None:
            return None
        return Path(self.client_secret_file).read_text(encoding="utf-8").strip()


class _ProviderFile(RuleFile):
    providers: tuple[Provider, ...]


def load_providers(path: Path) -> Mapping[str, Provider]:
    """Give the providers of the file at *path*, by id.

    Raises:
        RulebookError: If the file holds mistakes; the message lists each with its remedy.
    """
    return {each.id: each for each in load_rule_file(path, _ProviderFile).providers}
