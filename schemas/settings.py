"""What a process of wharf is told: environment variables WHARF_…, then wharf.toml, then these defaults."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource


class CodecKind(StrEnum):
    """How records of this release are written and read."""

    AUTO = "auto"
    COMPILED = "compiled"
    PYTHON = "python"
    FASTAVRO = "fastavro"


class Settings(BaseSettings):
    """One set of settings for all processes of a deployment."""

    model_config = SettingsConfigDict(env_prefix="WHARF_", toml_file="wharf.toml", extra="ignore")

    environment: str = Field(
        "dev",
        pattern=r"^[a-z][a-z0-9-]{0,30}$",
        description="prefix of topics, groups, transactional ids and Redis keys",
    )
    tenant: str = Field("acme", description="tenant of development keys and of the demo")
    kafka: str = Field("127.0.0.1:9092", description="bootstrap servers")
    embedded: bool = Field(
        False, description="the broker is the in-memory one: offsets are committed again, nothing survives it"
    )
    redis: str = Field("redis://127.0.0.1:6379/0", description="read models")
    state_dir: Path = Field(Path(".wharf"), description="RocksDB stores, slots, sockets")
    slot: str = Field("", description="slot of the transactional id; empty = first free lock file")
    partitions: int = Field(12, ge=1, description="of topics to be created; fixed afterwards")
    replication: int = Field(1, ge=1)
    schema_registry: str = Field(
        "", description="URL of a Confluent-compatible registry; empty = content-addressed ids only"
    )
    gateway: str = Field("127.0.0.1:8080", description="host:port the gateway listens on")
    erp_url: str = Field("http://127.0.0.1:8090", description="base URL of the ERP's HTTP API")
    master_key: SecretStr = Field(
        SecretStr(""), description="base64 of 32 bytes: derives webhook secrets, seals given ones"
    )
    allow_local_webhooks: bool = Field(False, description="development only: webhooks may go to loopback over http")
    session_timeout_ms: int = Field(6_000, description="group session; KIP-848 groups take it from the broker")
    transaction_timeout_ms: int = Field(10_000)
    metrics_host: str = Field(
        "127.0.0.1", description="where /metrics, /healthz and /readyz of workers and doors listen"
    )
    metrics_port: int = Field(0, description="0 = a free port")
    codec: CodecKind = Field(CodecKind.AUTO, description="auto = the compiled codecs where they are built, else python")
    log_level: str = "info"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    def topic(self, name: str) -> str:
        """A topic's name at the broker."""
        return f"{self.environment}.{name}"


@cache
def settings() -> Settings:
    """This process's settings, read once."""
    return Settings()
