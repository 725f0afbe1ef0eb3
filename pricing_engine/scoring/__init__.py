"""How good a deal is, and what to ask for: score, guidance, win probability and how they are learnt (S1–S12)."""
