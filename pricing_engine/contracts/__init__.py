"""What an account has agreed: its lines and prices, over time, and what they are worth."""
