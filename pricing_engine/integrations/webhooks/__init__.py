"""Webhooks by the Standard Webhooks specification: where may be posted to, what is signed, and how one try goes."""
