"""Why a cell, an item in all regions, or a region with all its items has what it has."""
