"""`wharf erp`."""

from __future__ import annotations


def erp() -> None:
    """Carry out what is to be posted to the ERP at WHARF_ERP_URL, until SIGTERM.

    \b
    Example:  WHARF_ERP_URL=http://erp:8090 wharf erp
    """
    from adapters.erp import main
    from ops.process import begin, tell_health

    told = begin("erp")
    tell_health(told)
    main.run(told)
