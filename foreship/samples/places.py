"""An invented map: regions with people, hubs among them, and the distances between.

Positions lie in a box of about 900 km by 780 km; zones are its four quarters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship.samples.randomness import stream
from foreship_foundation.arrays import Floats, Ints, Texts

__all__ = ["ZONES", "Places", "centres", "distance_km", "draw_places", "draw_positions"]


SOUTH, NORTH, WEST, EAST = 43.0, 50.0, -1.0, 10.5  # degrees
ZONES = np.array(["south-west", "south-east", "north-west", "north-east"])
EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True)
class Places:
    """Regions (R) and hubs (G) on the map."""

    region: Texts
    lat: Floats
    lon: Floats
    weight: Floats
    """people, as a multiple of the average region, shape (R,)"""
    zone: Ints
    """quarter of the map, index into `ZONES`"""
    hub: Texts
    hub_lat: Floats
    hub_lon: Floats

    @property
    def km(self) -> Floats:
        """Distance from each hub to each region, shape (G, R)."""
        return distance_km(self.hub_lat, self.hub_lon, self.lat, self.lon)

    @property
    def km_between_regions(self) -> Floats:
        """Distance between regions, shape (R, R)."""
        return distance_km(self.lat, self.lon, self.lat, self.lon)


def draw_places(regions: int, hubs: int, seed: int) -> Places:
    """Draw a map of so many regions and hubs."""
    rng = stream(seed, "places")
    lat, lon = draw_positions(regions, rng)
    weight = rng.lognormal(0.0, 0.6, regions)
    hub_lat, hub_lon = centres(lat, lon, weight, hubs)
    north, east = lat > (SOUTH + NORTH) / 2, lon > (WEST + EAST) / 2
    return Places(
        region=np.array([f"R{number:03d}" for number in range(1, regions + 1)]),
        lat=lat,
        lon=lon,
        weight=weight / weight.mean(),
        zone=2 * north.astype(np.int64) + east,
        hub=np.array([f"HUB-{chr(ord('A') + number)}" for number in range(hubs)]),
        hub_lat=hub_lat,
        hub_lon=hub_lon,
    )


def draw_positions(count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Draw latitudes and longitudes, evenly over the map, to a thousandth of a degree."""
    return rng.uniform(SOUTH, NORTH, count).round(3), rng.uniform(WEST, EAST, count).round(3)


def centres(lat: Floats, lon: Floats, weight: Floats, hubs: int) -> tuple[Floats, Floats]:
    """Put hubs where people are: twenty rounds of weighted k-means from spread-out starts."""
    start = np.linspace(0, len(lat) - 1, hubs).astype(np.int64)
    order = np.argsort(lon, kind="stable")
    hub_lat, hub_lon = lat[order[start]].copy(), lon[order[start]].copy()
    for _ in range(20):
        nearest = distance_km(hub_lat, hub_lon, lat, lon).argmin(axis=0)
        for hub in range(hubs):
            mine = nearest == hub
            if mine.any():
                hub_lat[hub] = np.average(lat[mine], weights=weight[mine])
                hub_lon[hub] = np.average(lon[mine], weights=weight[mine])
    return hub_lat.round(3), hub_lon.round(3)


def distance_km(lat_a: Floats, lon_a: Floats, lat_b: Floats, lon_b: Floats) -> Floats:
    """Return great-circle distances (haversine), shape (len(a), len(b)) [km]."""
    phi_a, phi_b = np.radians(lat_a)[:, None], np.radians(lat_b)[None, :]
    half_turn = np.sin(np.radians(lon_b[None, :] - lon_a[:, None]) / 2) ** 2
    chord = np.sin((phi_b - phi_a) / 2) ** 2 + np.cos(phi_a) * np.cos(phi_b) * half_turn
    distance: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(chord))
    return distance
