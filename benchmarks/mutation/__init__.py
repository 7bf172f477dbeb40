"""Do the tests bite? Small faults are planted, and each module's own tests must find them."""
