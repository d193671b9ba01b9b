"""Every setting, typed, with a sentence of help; read once, from the environment only."""

from __future__ import annotations

import os
from typing import Literal

from limits import parse
from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "RQ_"


class Settings(BaseSettings):
    """What a council sets; each default is right for a first run and fit to publish."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    default_framework: str = Field(
        default="tees", description="Threshold document used where a request names none"
    )
    service_name: str = Field(
        default="Referral check", description="Name of the service at the top of every page"
    )
    council_name: str = Field(
        default="Children's services", description="Name of the council, shown on every page"
    )
    hub_name: str = Field(
        default="the children's hub", description="What partners call the front door"
    )
    hub_telephone: str = Field(
        default="",
        description="Telephone number of the hub, shown with the safety sentence; empty shows none",
    )
    hub_email: str = Field(
        default="",
        description="Address that partners send referrals to, shown on the page; empty shows none",
    )
    data_folder: str = Field(
        default="data",
        description="Folder of the embedded database and of the keys; not on a network share",
    )
    database_url: str = Field(
        default="",
        description="Such as postgresql://user@host/name; empty keeps SQLite in the data folder",
    )
    keys_file: str = Field(
        default="",
        description="File of the encryption keys; empty is keys.json in the data folder, made if "
        "there is none; back it up apart from the database",
    )
    hide_reading_until_decided: bool = Field(
        default=False,
        description="Hide what the reader found, except safety flags that are present, from hub "
        "staff until they have given their own first view of a contact",
    )
    reader_in_service: bool = Field(
        default=True,
        description="Off before there is a reader that people may see: contacts come in order of "
        "arrival, unread, while silent_reader reads unseen",
    )
    silent_reader: str = Field(
        default="",
        description="Folder of a reader, laid out like models/released, that reads every contact "
        "unseen, to be compared with decisions at /analysis/silent; empty reads none",
    )
    sign_off_file: str = Field(
        default="",
        description="File that says which decisions a manager signs off; empty is "
        "api/hub/sign_off.yaml",
    )
    webhook_hosts: str = Field(
        default="",
        description="Hosts that replies may be announced to, with commas between; empty announces "
        "none",
    )
    readers_folder: str = Field(
        default="",
        description="Folder of released readers, as `python -m models release` fills it; empty "
        "serves the reader that is shipped",
    )
    findings_file: str = Field(
        default="",
        description="File that keeps the counts of findings dismissed or called wrong; empty keeps "
        "them in memory",
    )
    brand_colour: str = Field(
        default="#005a70",
        pattern=r"^#[0-9a-fA-F]{6}$",
        description="Colour of the header; must give white text a contrast of 4.5 or more",
    )
    allow_spellcheck: bool = Field(
        default=False,
        description="Let the browser check spelling; some browsers send the text to their maker",
    )
    sign_in_file: str = Field(
        default="",
        description="YAML file of the OpenID providers that people sign in with, as in "
        "docs/security.md; empty lets nobody sign in but in the demonstration",
    )
    public_address: str = Field(
        default="",
        pattern=r"^(https?://[^/\s]+)?$",
        description="Such as https://referrals.example.gov.uk, where providers send people back "
        "to; empty is the address that was asked for",
    )
    demo_mode: bool = Field(
        default=False,
        description="Show fictional examples, a banner that says so, and people to be with one "
        "press; never beside real contacts",
    )
    rate_limit: str = Field(
        default="600/minute",
        description="Posts allowed from one address; an upload counts as ten",
    )
    threads: int = Field(
        default=max(1, os.cpu_count() or 1),
        ge=1,
        le=64,
        description="Assessments made at the same time, and as many uploads beside them; the "
        "number of cores if not set",
    )
    trusted_proxies: str = Field(
        default="127.0.0.1",
        description="Addresses of proxies whose X-Forwarded-For is believed, with commas between",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least serious event that is logged"
    )

    @model_validator(mode="after")
    def _keeps_the_demonstration_apart(self) -> Settings:
        if self.demo_mode and self.sign_in_file:
            raise ValueError(
                "demo_mode lets anybody be anybody, so that it cannot be on beside sign_in_file; "
                "set one of them"
            )
        return self

    @model_validator(mode="after")
    def _has_a_reader_of_some_kind(self) -> Settings:
        if not self.reader_in_service and not self.silent_reader:
            raise ValueError(
                "reader_in_service is off and no silent_reader reads, so that nothing would ever "
                "be learnt; name the folder of a reader, or leave reader_in_service on"
            )
        return self

    @field_validator("rate_limit")
    @classmethod
    def _is_a_rate(cls, value: str) -> str:
        try:
            parse(value)
        except ValueError:
            raise ValueError("write a number and a period, such as 600/minute") from None
        return value

    @field_validator("brand_colour")
    @classmethod
    def _carries_white_text(cls, value: str) -> str:
        if _contrast_with_white(value) < 4.5:  # WCAG 2.2, 1.4.3
            raise ValueError("white text on it is too faint; choose a darker colour")
        return value


def settings_table() -> str:
    """Give the settings as the Markdown table that README shows."""
    rows = [
        f"| `{(PREFIX + name).upper()}` | `{_default(name)}` | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| setting | default | what it does |", "|---|---|---|", *rows])


def _default(name: str) -> str:
    # The number of cores is the machine's, and would differ from table to table.
    return "cores" if name == "threads" else str(Settings.model_fields[name].default) or "empty"


def _contrast_with_white(colour: str) -> float:
    """Contrast ratio as WCAG 2.2 defines it, from relative luminance."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 1.05 / (luminance + 0.05)
