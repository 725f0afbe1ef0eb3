"""What an account may try or buy now: `find_offers` is the way in; each offer is a quote of the usual kind."""
