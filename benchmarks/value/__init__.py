"""Does the value of the k-th unit find the best stock? Single cells, against brute force."""
