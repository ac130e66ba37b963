"""R over rows that lie in parts elsewhere: the same risk, optimum and certificate, all of them made of sums."""
