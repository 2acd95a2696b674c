# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, warn.maybe_uninitialized=True
"""The codecs compiled: follows a plan node by node, on C's bytes and numbers.

It holds no schema, so a changed .avsc needs no compiler. Bytes are read between two pointers, and every read is compared
with the end first; recursion is as deep as the plan, which has no cycles. It writes what the contract's records are made
of (dict, list, str, int, bool, bytes, Decimal) and refuses anything else: fastavro judges the whole record then.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.dict cimport PyDict_Copy, PyDict_GetItemWithError, PyDict_SetItem
from cpython.list cimport PyList_Append
from cpython.long cimport PyLong_AsLongLongAndOverflow
from cpython.mem cimport PyMem_Free, PyMem_Malloc, PyMem_Realloc
from cpython.object cimport PyObject
from cpython.tuple cimport PyTuple_GET_ITEM, PyTuple_GET_SIZE
from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.string cimport memcpy

from decimal import Context, Decimal

from schemas.codec.values import Refused

cdef extern from "Python.h":
    const char *PyUnicode_AsUTF8AndSize(object text, Py_ssize_t *size) except NULL

cdef enum Kind:
    BOOLEAN, INT, LONG, STRING, BYTES, DECIMAL, ENUM, ARRAY, MAP, RECORD, OPTIONAL

KINDS = {
    "boolean": BOOLEAN, "int": INT, "long": LONG, "string": STRING, "bytes": BYTES, "decimal": DECIMAL, "enum": ENUM,
    "array": ARRAY, "map": MAP, "record": RECORD, "optional": OPTIONAL,
}  # fmt: skip

cdef enum:
    ROOM = 1024  # bytes on the stack: most records need no more
    SHIFT_LAST = 63  # of the tenth byte of a long, which may hold one bit
    LL_DIGITS = 18  # that a long long holds, whatever they are


cdef struct Input:
    const unsigned char *at
    const unsigned char *end


cdef struct Output:
    unsigned char *base
    unsigned char *stack
    size_t size
    size_t room


cdef class Node:
    """A plan's node."""

    cdef Kind kind
    cdef int null
    cdef tuple names
    cdef tuple parts
    cdef Node part
    cdef dict blank  # a record's fields, each None: copied and filled, which is quicker than one after another
    cdef int digits  # of a decimal
    cdef int scale
    cdef object places
    cdef object scaleb
    cdef object read_decimal
    cdef object write_decimal

    def __init__(
        self, str kind, tuple names, tuple parts, int null, int digits, int scale, read_decimal, write_decimal
    ):
        self.kind = KINDS[kind]
        self.names, self.parts, self.null = names, parts, null
        self.part = parts[0] if parts else None
        self.blank = dict.fromkeys(names)
        self.digits, self.scale, self.places = min(digits, LL_DIGITS), scale, -scale
        self.scaleb = Context(prec=digits or 1).scaleb
        self.read_decimal, self.write_decimal = read_decimal, write_decimal

    def decode(self, bytes data not None, Py_ssize_t start):
        """The record that begins at `start` and ends with the message; raises Refused, UnicodeDecodeError."""
        cdef Input source
        if not 0 <= start <= PyBytes_GET_SIZE(data):
            raise Refused
        source.at = <const unsigned char *>PyBytes_AS_STRING(data) + start
        source.end = <const unsigned char *>PyBytes_AS_STRING(data) + PyBytes_GET_SIZE(data)
        record = read(self, &source)
        if source.at != source.end:
            raise Refused
        return record

    def encode(self, bytes header not None, record):
        """Header and record; raises Refused, UnicodeEncodeError."""
        cdef unsigned char stack[ROOM]
        cdef Output out
        out.base = out.stack = stack
        out.size, out.room = 0, ROOM
        try:
            put(&out, PyBytes_AS_STRING(header), PyBytes_GET_SIZE(header))
            write(self, &out, record)
            return PyBytes_FromStringAndSize(<char *>out.base, out.size)
        finally:
            if out.base != out.stack:
                PyMem_Free(out.base)


include "native_reading.pxi"
include "native_writing.pxi"
include "native_envelope.pxi"
include "native_uuid.pxi"
