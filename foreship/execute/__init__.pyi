from .ways import WAYS as WAYS
from .ways import map_parts as map_parts
