"""The receiver's ledgers hold each line once and whole, on the disk before anybody is answered."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ops.demo.book import Book, Ledger


def test_lines_written_side_by_side_are_all_there_and_whole(tmp_path: Path) -> None:
    with Book(tmp_path, {}) as book, ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: book.take("shop", {"number": number}), range(200)))
    lines = (tmp_path / "shop.jsonl").read_text().splitlines()
    assert sorted(json.loads(line)["number"] for line in lines) == list(range(200))


def test_each_subscription_has_a_ledger_of_its_own_and_one_of_what_was_refused(tmp_path: Path) -> None:
    with Book(tmp_path, {}) as book:
        book.take("shop", {"id": "a"})
        book.refuse("crm", "signature", {})
        assert book.state() == {"crm.refused": 1, "shop.taken": 1}
    assert {path.name for path in tmp_path.iterdir()} == {"shop.jsonl", "crm.refused.jsonl"}


def test_a_name_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    with Book(tmp_path / "ledger", {}) as book:
        book.take("../escaped", {"id": "a"})
    assert not (tmp_path / "escaped.jsonl").exists()


def test_a_line_is_synced_before_write_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda number: synced.append(os.fstat(number).st_size))
    ledger = Ledger(tmp_path / "a.jsonl")
    ledger.write(b"one\n")
    ledger.write(b"two\n")
    ledger.close()
    assert synced == [4, 8]
