"""gdcli beside its peers: the same data, the same number of steps, the risk at the end compared, too."""
