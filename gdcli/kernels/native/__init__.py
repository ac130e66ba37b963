"""Generated source to machine code through LLVM: the loops of a descent, compiled for the problem at hand."""
