"""The planner's page: markup, pictures, figures, chapters."""
