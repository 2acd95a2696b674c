"""The tree of commands. Each module holds one; a command's heavy imports are inside it, so that `--help` is quick."""

from __future__ import annotations

import typer

from ops.cli import (
    availability_explain,
    availability_show,
    convert,
    dead_resolve,
    dead_waiting,
    deliver,
    demo,
    doctor,
    erp,
    errors,
    gateway,
    inventory_correct,
    inventory_drift,
    inventory_leaks,
    inventory_release,
    keys_issue,
    order_release,
    order_resolve,
    order_show,
    schemas_check,
    schemas_generate,
    schemas_register,
    send,
    tables_verify,
    tail,
    topics_apply,
    up,
    worker,
)

PLAIN = {"no_args_is_help": True, "pretty_exceptions_enable": False, "rich_markup_mode": None}

app = typer.Typer(help="The event hub of a distributor.", add_completion=False, **PLAIN)  # type: ignore[arg-type]
order = typer.Typer(help="Look at an order, and help it on.", no_args_is_help=True)
availability = typer.Typer(help="Look at what may be promised.", no_args_is_help=True)
inventory = typer.Typer(help="Who holds stock, and whether rightly; who says something else.", no_args_is_help=True)
tables = typer.Typer(help="What is remembered.", no_args_is_help=True)
topics = typer.Typer(help="The broker's topics.", no_args_is_help=True)
schemas = typer.Typer(help="The contract.", no_args_is_help=True)
dead = typer.Typer(help="Dead letters, and what waits behind them.", no_args_is_help=True)
keys = typer.Typer(help="Keys of API clients.", no_args_is_help=True)

for module in (up, demo, worker, gateway, erp, deliver, convert, send, tail, doctor, errors):
    app.command()(getattr(module, module.__name__.rpartition(".")[2]))
for name, group in (
    ("order", order),
    ("availability", availability),
    ("inventory", inventory),
    ("tables", tables),
    ("topics", topics),
    ("schemas", schemas),
    ("dead", dead),
    ("keys", keys),
):
    app.add_typer(group, name=name)
order.command()(order_show.show)
order.command()(order_resolve.resolve)
order.command()(order_release.release)
availability.command()(availability_show.show)
availability.command()(availability_explain.explain)
inventory.command()(inventory_drift.drift)
inventory.command()(inventory_correct.correct)
inventory.command()(inventory_leaks.leaks)
inventory.command()(inventory_release.release)
tables.command()(tables_verify.verify)
topics.command()(topics_apply.apply)
schemas.command()(schemas_check.check)
schemas.command()(schemas_generate.generate)
schemas.command()(schemas_register.register)
dead.command()(dead_waiting.waiting)
dead.command()(dead_resolve.resolve)
keys.command()(keys_issue.issue)
