"""`wharf up`."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.output import emit, say

Kafka = Annotated[
    str, typer.Option(help="host:port of a broker; 'local' starts real Kafka from its jars; embedded where not given")
]
RedisUrl = Annotated[str, typer.Option("--redis", help="redis://…; an embedded one where not given")]
Json = Annotated[bool, typer.Option("--json", help="print one JSON line on stdout when everything is ready")]
Spread = Annotated[str, typer.Option("--processes", help="'one' for all agents, or 'agents': a process for each")]


def up(kafka: Kafka = "", redis: RedisUrl = "", json: Json = False, processes: Spread = "one") -> None:
    """Run everything on this machine until SIGTERM: broker, Redis, topics, agents, gateway, doors.

    \b
    Examples:  wharf up
               wharf up --json
               wharf up --kafka local
               wharf up --kafka broker:9092 --redis redis://cache:6379/0 --processes agents
    """
    from ops.process import begin
    from ops.up.plan import Processes
    from ops.up.run import Wish, everything

    if processes not in set(Processes):
        raise typer.BadParameter(f"--processes is one of {', '.join(Processes)}")
    told = begin("up")
    with everything(told, Wish(kafka, redis, Processes(processes)), say) as (supervisor, running):
        if supervisor.stopping.is_set():
            return
        if json:
            emit(running.ready_line())
        say(f"gateway  {running.gateway}\nkafka    {running.kafka}\nredis    {running.redis}")
        say(f"key      {running.keys['admin']}   (may do all; development only)\nstop with Ctrl-C")
        supervisor.watch()
    say("stopped")
