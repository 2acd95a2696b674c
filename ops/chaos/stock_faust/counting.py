"""The counting app as Faust's own command line runs it: `faust -A ops.chaos.stock_faust.counting worker`."""

from __future__ import annotations

import os
from pathlib import Path

from ops.chaos.stock_faust.on_broker import counting

app = counting(os.environ["STOCK_FAUST_KAFKA"], Path(os.environ["STOCK_FAUST_FOLDER"]))
