"""From a request to a priced quote: the target state, its price, the findings, and what it says to whom."""
