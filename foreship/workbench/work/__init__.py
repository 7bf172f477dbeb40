"""Work that runs behind the pages: commands as processes of their own."""
