"""`python -m ops.simulate`: plays seeds and judges them; `--seed N` plays one and prints its trace. Exit 1 on a violation."""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections import Counter

from ops.simulate.campaign import SEEDS, verdict
from ops.simulate.play import Play
from ops.simulate.trace import traced


def main() -> int:
    """One seed with its trace, or many with their verdicts."""
    options = _options()
    if options.seed is not None:
        return _one(options.seed)
    return _many(range(options.first, options.first + options.seeds))


def _one(seed: int) -> int:
    play = Play(seed)
    found = verdict(play, replay=True)
    for line in traced(play):
        print(line)
    for violation in found:
        print(violation)
    print(f"seed {seed}: {len(found)} violations; faults: {_told(play.topology.schedule.done)}")
    return bool(found)


def _many(seeds: range) -> int:
    began, faults, statuses, bad = time.monotonic(), Counter[str](), Counter[str](), 0
    gc.disable()
    for seed in seeds:
        play = Play(seed)
        found = verdict(play, replay=seed % 4 == 0)
        faults += play.topology.schedule.done
        statuses += Counter(
            message.record["new"] for message in play.log("orders.events") if message.type == "order.status.changed"
        )
        bad += bool(found)
        for violation in found:
            print(f"seed {seed}: {violation}", flush=True)
        if seed % 50 == 0:
            gc.collect()
    print(f"{len(seeds)} seeds in {time.monotonic() - began:.0f} s, {bad} of them with violations", f"faults: {_told(faults)}",
          f"statuses: {_told(statuses)}", sep="\n")  # fmt: skip
    return bool(bad)


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.most_common())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m ops.simulate", description=__doc__)
    parser.add_argument("--seed", type=int, help="play this seed and print its trace")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many to play")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
