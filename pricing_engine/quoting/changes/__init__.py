"""Changes to a contract: priced as the state the customer will be in, shown as the difference (P14, P17, P22–P32)."""
