"""No plan gains more on past orders: credit spread over lines, plans parted into boxes."""
