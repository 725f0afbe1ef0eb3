"""What is learnt from past deals, away from quotes: it may take its time, and floats where they are chances."""
