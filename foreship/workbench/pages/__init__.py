"""The pages, a file each: what is asked for is found by others and only arranged here."""
