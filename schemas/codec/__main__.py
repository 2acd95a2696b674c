"""`python -m schemas.codec wharf.orders.v1.LineState`: the plain codec of a record, as it is written when it is met."""

from __future__ import annotations

import sys

from schemas.codec.plain import source
from schemas.codec.plan import plan_of
from schemas.loader import resolved

if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(source(plan_of(resolved(name))), end="")
