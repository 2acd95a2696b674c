"""`wharf gateway`."""

from __future__ import annotations


def gateway() -> None:
    """Serve HTTP until SIGTERM, at WHARF_GATEWAY (host:port).

    \b
    Example:  WHARF_GATEWAY=0.0.0.0:8080 wharf gateway
    """
    from adapters.gateway import main
    from ops.process import begin

    main.run(begin("gateway"))
