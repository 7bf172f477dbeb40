"""What a plan must know before it is made: of earlier plans, of its tables, of its demand."""
