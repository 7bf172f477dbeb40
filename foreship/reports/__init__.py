"""What a planner is handed: the page, the workbook, the evaluation, and how they are drawn."""
