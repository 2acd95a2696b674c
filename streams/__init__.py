"""What happens: one package per agent, each a mailbox, a pure decision and the topics it writes."""
