"""The softmax loss of K linear scores: its task, its steps in two ways of the same bits, and its passes."""
