"""Tables that claim something of customers, such as flags and events: what they say, to be compared with the ledger."""
