"""What plans by the order are worth beside plans by the unit, on the same weeks."""
