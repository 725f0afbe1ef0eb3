"""Named workloads beside a floor and a peer, measured in one run; see README.md."""
