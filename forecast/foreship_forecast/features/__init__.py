"""What a learned head looks at: rows, what is known ahead, the matrix of features."""
