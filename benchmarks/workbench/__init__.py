"""How fast the workbench's pages come at 10,000 items x 50 regions and 100,000 lines."""
