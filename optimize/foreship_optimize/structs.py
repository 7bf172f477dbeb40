"""A table of arrays as compiled code reads it: one block of words, known by its address.

numba hands a named tuple to a compiled function field by field, each array as seven values, at
every call from one to another: most of the time of a compilation goes there. A `Struct` is handed
over as one address; a field is read where it is used, and its arrays are borrowed, not counted.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from llvmlite import ir
from numba import typeof
from numba.core import cgutils, types
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    models,
    register_model,
    unbox,
)
from numba.np.arrayobj import make_array, populate_array

__all__ = ["Struct", "StructType", "kind_of", "told_apart"]

_kinds: dict[tuple[Any, int, int], Any] = {}
"""of arrays, by dtype, axes and flags: numba works each out anew, longer than many a loop takes"""
_structs: dict[tuple[Any, ...], Any] = {}
"""of named tuples, by their class and the kinds of their fields"""


def told_apart(value: Any) -> Any:
    """Return what tells the type of a value from others: quicker than the type itself."""
    if type(value) is np.ndarray:
        return value.dtype, value.ndim, value.flags.num
    if type(value) is Struct:
        # the types of structs are kept for good
        return id(value._numba_type_)
    return type(value) if isinstance(value, int | float | np.generic) else typeof(value)


def kind_of(value: Any) -> Any:
    """Return the type of a value for numba."""
    if type(value) is not np.ndarray:
        return typeof(value)
    key = told_apart(value)
    kind = _kinds.get(key)
    if kind is None:
        kind = _kinds[key] = typeof(value)
    return kind


class StructType(types.Type):
    """The type of a `Struct`: kind and place of every field. Another order is another type."""

    def __init__(self, title: str, fields: tuple[tuple[str, Any], ...]) -> None:
        self.kinds: dict[str, Any] = dict(fields)
        self.places: dict[str, int] = {}
        place = 0
        for name, kind in fields:
            self.places[name] = place
            place += 1 + kind.ndim if isinstance(kind, types.Array) else 1
        digest = hashlib.sha256(repr(fields).encode()).hexdigest()[:16]
        super().__init__(name=f"{title}_{digest}")


class Struct:
    """A named tuple of C-contiguous arrays, whole numbers, floats and such tuples, as one block.

    Arrays are not copied: what compiled code writes stands in them. It must not keep them.

    Raises
    ------
    TypeError
        For a field of another kind, or an array that is not C-contiguous.
    """

    def __init__(self, table: Any) -> None:
        self._held = [Struct(each) if hasattr(each, "_fields") else each for each in table]
        kinds = tuple(map(_kind_of, self._held))
        words: list[int] = []
        for each in self._held:
            words += _words_of(each)
        self._block = np.array(words, dtype=np.uint64)
        self.address = self._block.ctypes.data
        # kinds are kept by whoever made them: the same object is the same kind
        key = (type(table), *map(id, kinds))
        if key not in _structs:
            _structs[key] = _struct_of(type(table), kinds)
        self._numba_type_ = _structs[key]


def _struct_of(table: Any, kinds: tuple[Any, ...]) -> StructType:
    """Type of a struct of fields of these kinds."""
    fields = tuple(zip(table._fields, kinds, strict=True))
    for name, kind in fields:
        if isinstance(kind, types.Array) and not (kind.layout == "C" and kind.aligned):
            raise TypeError(f"{table.__name__}.{name} is not C-contiguous: {kind}")
    return StructType(table.__name__, fields)


def _kind_of(value: Any) -> Any:
    """Type of a field for numba."""
    if isinstance(value, Struct):
        return value._numba_type_
    kind = types.float64 if isinstance(value, float) else kind_of(value)
    if isinstance(kind, types.Array) or kind in (types.int64, types.float64):
        return kind
    raise TypeError(f"compiled loops read no field of type {type(value).__name__}")


def _words_of(value: Any) -> list[int]:
    """Lay a field out: address and shape of an array, address of a struct, else the number."""
    if isinstance(value, Struct):
        return [value.address]
    if isinstance(value, np.ndarray):
        return [value.__array_interface__["data"][0], *value.shape]
    number = np.float64(value) if isinstance(value, float) else np.int64(value)
    return [int(number.view(np.uint64))]


@register_model(StructType)
class _Model(models.OpaqueModel):
    """An address."""


@unbox(StructType)
def _unboxed(_kind: Any, value: Any, c: Any) -> Any:
    """Hand the address over."""
    number = c.pyapi.object_getattr_string(value, "address")
    address = c.pyapi.long_as_voidptr(number)
    c.pyapi.decref(number)
    return NativeValue(address, is_error=cgutils.is_not_null(c.builder, c.pyapi.err_occurred()))


@infer_getattr
class _Fields(AttributeTemplate):
    """The type of each field."""

    key = StructType

    def generic_resolve(self, kind: Any, name: str) -> Any:
        """Look the field up."""
        return kind.kinds.get(name)


@lower_getattr_generic(StructType)
def _read(context: Any, builder: Any, kind: Any, address: Any, name: str) -> Any:
    """Read a field. No word of a block changes while compiled code runs: `invariant.load`."""
    field, place = kind.kinds[name], kind.places[name]

    def word(place: int, wanted: Any) -> Any:
        start = builder.bitcast(address, wanted.as_pointer())
        where = builder.gep(start, [ir.Constant(ir.IntType(64), place)])
        value = builder.load(where)
        value.set_metadata("invariant.load", builder.module.add_metadata([]))
        return value

    if not isinstance(field, types.Array):
        return word(place, context.get_value_type(field))
    size = context.get_value_type(types.intp)
    array = make_array(field)(context, builder)
    data = word(place, context.get_data_type(field.dtype).as_pointer())
    shape = [word(place + 1 + axis, size) for axis in range(field.ndim)]
    bytes_each = ir.Constant(size, context.get_abi_sizeof(context.get_data_type(field.dtype)))
    strides = [bytes_each]
    for axis in range(field.ndim - 1, 0, -1):
        strides.insert(0, builder.mul(strides[0], shape[axis]))
    populate_array(array, data, shape, strides, bytes_each, None)
    return array._getvalue()  # noqa: SLF001 numba's own way to read a structure
