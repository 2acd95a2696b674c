"""`wharf deliver`."""

from __future__ import annotations


def deliver() -> None:
    """Deliver feed entries to subscribers' webhooks, until SIGTERM; needs WHARF_MASTER_KEY.

    \b
    Example:  WHARF_MASTER_KEY=… wharf deliver
    """
    from adapters.subscribers import main
    from ops.process import begin, tell_health

    told = begin("deliver")
    tell_health(told)
    main.run(told)
