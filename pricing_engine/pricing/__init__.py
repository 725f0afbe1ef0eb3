"""How a price is made: the order of steps (`price.py`), one file per step, and the waterfall that is the result."""
