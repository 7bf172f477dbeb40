"""Object stores: how they are reached, and runs that lie in one."""
