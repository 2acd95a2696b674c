"""Known bugs of stock, as patches; `python -m ops.chaos.planted --patches tests/planted` finds them one by one."""
