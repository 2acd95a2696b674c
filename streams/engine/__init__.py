"""The service under Faust's app: batch, transaction, tables, timers, dead letters."""
