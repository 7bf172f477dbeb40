"""Which hub serves whom as hubs run down, and what a parcel then costs."""
