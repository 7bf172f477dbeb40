"""On which days of its week demand falls: orders, not units, and no name has a say in it."""
