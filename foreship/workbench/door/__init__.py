"""Who may come in and what may come with them: checked before any page is asked."""
