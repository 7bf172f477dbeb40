"""Past weeks played again in money: policies side by side, promises against what came."""
