"""Laws of post: one effective document per order whatever was lost, a bounded window, and every job ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import wire
from schemas.generated.erp_v1 import PostAttempt
from schemas.loader import by_type
from tables.post import POST
from tables.rows import DictRows
from tests.streams.post.counter import Counter


@dataclass
class ForgetfulErp:
    """Honours no key: every create makes a document. What it answers may be lost before or after it did the work."""

    documents: dict[str, list[str]] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    created: int = 0

    def do(self, attempt: PostAttempt, fate: str) -> tuple[str, str]:
        """Outcome and document number, as the door would tell them."""
        if fate in ("unavailable", "throttled", "lost-before"):
            return ("ambiguous" if fate == "lost-before" else fate), ""
        outcome = getattr(self, attempt["action"])(attempt["order_id"])
        return ("ambiguous", "") if fate == "lost-after" else outcome

    def create(self, order: str) -> tuple[str, str]:
        self.created += 1
        number = f"SO-{self.created}"
        self.documents.setdefault(order, []).append(number)
        return "posted", number

    def lookup(self, order: str) -> tuple[str, str]:
        live = self.live(order)
        return ("found", live[0]) if live else ("absent", "")

    def cancel(self, order: str) -> tuple[str, str]:
        self.cancelled.update(self.live(order))
        return "cancelled", ""

    def live(self, order: str) -> list[str]:
        return [number for number in self.documents.get(order, []) if number not in self.cancelled]


FATES = ("well", "well", "well", "lost-before", "lost-after", "unavailable", "throttled", "silent")


@dataclass
class Day:
    """A random day: orders and cancels come, attempts meet their fates, time passes; then the ERP is well again."""

    seed: int
    counter: Counter = field(default_factory=Counter)
    erp: ForgetfulErp = field(default_factory=ForgetfulErp)
    widest: int = 0
    silent: set[str] = field(default_factory=set)

    def play(self) -> Day:
        dice = Random(self.seed)
        for _ in range(60):
            match dice.choice(("order", "order", "cancel", "door", "door", "door", "time")):
                case "order":
                    self.counter.order(f"O-{dice.randrange(12)}", placed=dice.randrange(99))
                case "cancel":
                    self.counter.cancel(f"O-{dice.randrange(12)}")
                case "door":
                    self.serve(dice, FATES)
                case "time":
                    self.counter.wait(dice.choice((0.1, 1, 5, 70)))
            self.check()
        return self

    def recover(self) -> Day:
        dice = Random(self.seed)
        for _ in range(300):
            self.silent.clear()
            while self.serve(dice, ("well",)):
                self.check()
            self.counter.wait(5)
        return self

    def serve(self, dice: Random, fates: tuple[str, ...]) -> bool:
        """The door carries one attempt out; False where none is left."""
        waiting = [one for name, one in self.counter.out.items() if name not in self.silent]
        if not waiting:
            return False
        attempt, fate = dice.choice(waiting), dice.choice(fates)
        if attempt["deadline"] <= self.counter.now:
            self.counter.answer(attempt, "ambiguous", reason="deadline passed")
        elif fate == "silent":
            self.silent.add(attempt["attempt_id"])
        else:
            outcome, number = self.erp.do(attempt, fate)
            self.counter.answer(attempt, outcome, number, retry_after_s=1)
        return True

    def check(self) -> None:
        out = [name for name in self.counter.rows if name.startswith("attempt|")]
        assert len(out) == self.counter.head["out"]
        self.widest = max(self.widest, len(out))

    def creates_without_a_look(self) -> list[str]:
        """Orders that were granted a create although the one before was not looked up and found absent."""
        bad, pending = [], set()
        for attempt in self.counter.granted:
            if attempt["action"] == "create":
                bad += [attempt["order_id"]] if (attempt["order_id"], attempt["revision"]) in pending else []
                pending.add((attempt["order_id"], attempt["revision"]))
            else:
                pending.discard((attempt["order_id"], attempt["revision"]))
        return bad


days = st.integers(0, 2**32).map(Day)


@settings(max_examples=120, deadline=None)
@given(days)
def test_no_order_has_two_documents_even_in_an_erp_that_forgets_its_keys(day: Day) -> None:
    day.play().recover()
    assert all(len(day.erp.live(f"O-{index}")) <= 1 for index in range(12))


@settings(max_examples=60, deadline=None)
@given(days)
def test_a_create_is_never_repeated_without_a_look(day: Day) -> None:
    assert day.play().recover().creates_without_a_look() == []


@settings(max_examples=60, deadline=None)
@given(days)
def test_the_window_bounds_what_is_out(day: Day) -> None:
    assert day.play().recover().widest <= 16


@settings(max_examples=60, deadline=None)
@given(days)
def test_every_job_ends_and_says_what_the_erp_holds(day: Day) -> None:
    day.play().recover()
    jobs = {name: row for name, row in day.counter.rows.items() if name.startswith("job|")}
    assert {job["state"] for job in jobs.values()} <= {"posted", "cancelled"}
    for job in jobs.values():
        assert day.erp.live(job["order_id"]) == ([job["erp_number"]] if job["state"] == "posted" else [])
    last = dict(day.counter.outcomes())
    assert last == {job["order_id"]: job["state"] for job in jobs.values()}


@settings(max_examples=40, deadline=None)
@given(days)
def test_when_every_job_has_ended_no_row_and_no_timer_is_left(day: Day) -> None:
    day.play().recover()
    assert {name.partition("|")[0] for name in day.counter.rows} <= {"head", "job"}
    assert set(day.counter.timers) <= {"rate", "probe"}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_the_same_day_twice_decides_the_same(seed: int) -> None:
    assert Day(seed).play().counter.granted == Day(seed).play().counter.granted


@settings(max_examples=30, deadline=None)
@given(days)
def test_every_row_fits_the_tables_declaration(day: Day) -> None:
    for name, row in day.play().counter.rows.items():
        assert wire.encode(POST.kinds[name.partition("|")[0]], row)


def test_the_rows_are_a_fold_of_the_facts_as_written() -> None:
    counter, rows = Counter(), DictRows()
    heard = [counter.order("O-1"), counter.order("O-2"), counter.say("ambiguous"), counter.cancel("O-1")]
    for fact in (fact for effects in heard for fact in effects.facts):
        record = wire.decode(wire.encode(by_type()[fact.type].name, fact.record))[1]
        rows.put(POST.apply(fact.type, record, rows))
    assert set(rows.rows) == set(counter.rows)
    assert rows.rows["job|O-1"] == counter.rows["job|O-1"]
