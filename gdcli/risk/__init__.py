"""The empirical risk R(theta), its constants, its optimum, and the certificate of the gap."""
