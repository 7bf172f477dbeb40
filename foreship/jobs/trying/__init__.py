"""What if: another plan by way of trial, with other settings, tables, or changes of them."""
