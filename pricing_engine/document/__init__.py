"""The customer's document: what a quote says to whoever is to sign it, as sections of finished texts."""
