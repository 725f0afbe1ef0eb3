"""Tables of past and open deals, each in one row or in one for each of its lines: what models are trained on."""
