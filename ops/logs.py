"""Logs of every process: one JSON object per line on stderr, with the correlation id of what is being done."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import IO, Any

import orjson
import structlog

SHARED: tuple[Any, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    structlog.processors.format_exc_info,
)


def configure(process: str, level: str = "info", stream: IO[str] | None = None) -> None:
    """Send this process's logs, and those of its libraries, to stderr as JSON lines that name the process.

    stream  goes before stderr
    """
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_formatter(process))
    logging.basicConfig(handlers=[handler], level=number, force=True)
    for chatty in ("httpx", "httpcore", "faust", "mode", "aiokafka", "uvicorn", "streams.engine.app"):
        logging.getLogger(chatty).setLevel(max(number, logging.WARNING))


def bind(**context: str) -> None:
    """Have these, such as a correlation id, on every line that this task logs from now on."""
    structlog.contextvars.bind_contextvars(**{name: value for name, value in context.items() if value})


def _formatter(process: str) -> logging.Formatter:
    def named(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {"process": process, **event}

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*SHARED, structlog.stdlib.add_logger_name],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, named, _json],
    )


def _json(_: Any, __: str, event: Any) -> str:
    return orjson.dumps(event, default=str).decode()
