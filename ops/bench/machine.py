"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

from ops.embedded.java import kafka_version
from schemas.codec import kind


def machine() -> dict[str, str]:
    """Processor, cores, load before, versions, codec."""
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "load": f"load {os.getloadavg()[0]:.1f} before",
        "python": f"Python {platform.python_version()}",
        "codec": f"{kind()} codec",
        "kafka": f"Kafka {kafka_version()}",
    }


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", told.read_text(encoding="utf-8")) if told.exists() else None
    return found[1].strip() if found else platform.machine()
