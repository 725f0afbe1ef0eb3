"""What changes of contracts do to recurring revenue: movements, and the figures made of them."""
