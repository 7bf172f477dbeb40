"""Jobs that judge: what became of a plan, how good forecasts are, what safety costs."""
