"""One method a file; the file's name is the value of --method."""
