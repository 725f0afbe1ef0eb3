"""What an account may try or buy next, as rules say it: upsell paths, and the sentences they are offered with."""
