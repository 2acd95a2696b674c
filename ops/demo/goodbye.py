"""After the play: where everything is, and what to try, until Ctrl-C."""

from __future__ import annotations

from rich.console import Console

from ops.demo.scene import Scene


def stay(console: Console, scene: Scene) -> None:
    """Show how to look around, and tend everything until told to stop; raises EssentialLost."""
    console.print(words(scene), highlight=False, markup=False, soft_wrap=True)
    scene.supervisor.watch()
    console.print("stopped", highlight=False)


def words(scene: Scene) -> str:
    """Address, key, and commands that can be pasted into another terminal."""
    return f"""
wharf stays up until Ctrl-C. In another terminal:

  export WHARF_STATE_DIR={scene.folder}      # wharf's own commands find it by this
  export URL={scene.up.gateway} KEY={scene.key}
  ask() {{ curl -s -H "Authorization: Bearer $KEY" "$@"; echo; }}

  ask "$URL/v1/availability/BOLT-100?channel=portal"
  ask "$URL/v1/orders?channel=portal&number=P-10000"
  ask "$URL/v1/channels/crm/feed?view=all&limit=2"
  ask "$URL/v1/channels/portal/subscriptions/default" -X PUT -d '{{"url":"{scene.receiver}/hooks/portal"}}' \\
      -H "Content-Type: application/json"
  redis-cli -u {scene.up.redis} get {scene.up.environment}:av:{scene.up.tenant}:BOLT-100
  wharf order show P-10000 --channel portal
  wharf tail orders.events

the ERP's ledger      {scene.up.erp_url}/ledger
the webhook's ledger  {scene.ledger}
logs of all processes {scene.folder / "log"}
"""
