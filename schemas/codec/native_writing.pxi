"""Values to bytes: every function appends to `out`."""


cdef int put(Output *out, const void *data, size_t size) except -1:
    """Append bytes; memory grows by doubling."""
    if size > out.room - out.size:
        grow(out, size)
    memcpy(out.base + out.size, data, size)
    out.size += size
    return 0


cdef int grow(Output *out, size_t size) except -1:
    cdef size_t room = 2 * out.room + size
    cdef unsigned char *base
    if out.base == out.stack:
        base = <unsigned char *>PyMem_Malloc(room)
        if base != NULL:
            memcpy(base, out.base, out.size)
    else:
        base = <unsigned char *>PyMem_Realloc(out.base, room)
    if base == NULL:
        raise MemoryError
    out.base, out.room = base, room
    return 0


cdef inline int put_long(Output *out, long long value) except -1:
    cdef unsigned long long bits = (<unsigned long long>value << 1) ^ <unsigned long long>(value >> 63)
    cdef unsigned char spelt[10]
    cdef int size = 0
    while bits > 127:
        spelt[size] = <unsigned char>(bits & 127 | 128)
        bits >>= 7
        size += 1
    spelt[size] = <unsigned char>bits
    return put(out, spelt, size + 1)


cdef int put_text(Output *out, object value) except -1:
    cdef Py_ssize_t size = 0
    cdef const char *spelt
    if type(value) is not str:
        raise Refused
    spelt = PyUnicode_AsUTF8AndSize(value, &size)
    put_long(out, size)
    return put(out, spelt, size)


cdef int put_bytes(Output *out, object value) except -1:
    if type(value) is not bytes:
        raise Refused
    put_long(out, PyBytes_GET_SIZE(value))
    return put(out, PyBytes_AS_STRING(value), PyBytes_GET_SIZE(value))


cdef int put_number(Output *out, object value, bint short) except -1:
    cdef int beyond = 0
    cdef long long number
    if type(value) is not int:
        raise Refused
    number = PyLong_AsLongLongAndOverflow(value, &beyond)
    if beyond or (short and not -2147483648 <= number <= 2147483647):
        raise Refused
    return put_long(out, number)


cdef int write(Node node, Output *out, object value) except -1:
    """Append a value as its node says."""
    if node.kind == RECORD:
        return write_record(node, out, value)
    if node.kind == STRING:
        return put_text(out, value)
    if node.kind == LONG or node.kind == INT:
        return put_number(out, value, node.kind == INT)
    if node.kind == OPTIONAL:
        put_long(out, node.null if value is None else 1 - node.null)
        return 0 if value is None else write(node.part, out, value)
    if node.kind == BOOLEAN:
        if value is not True and value is not False:
            raise Refused
        return put(out, b"\x01" if value is True else b"\x00", 1)
    if node.kind == ARRAY:
        return write_array(node, out, value)
    if node.kind == MAP:
        return write_map(node, out, value)
    if node.kind == ENUM:
        return put_long(out, node.names.index(value))
    return write_decimal(node, out, value) if node.kind == DECIMAL else put_bytes(out, value)


cdef int write_decimal(Node node, Output *out, object value) except -1:
    """A decimal by its digits, as str() gives them; with an exponent, too many digits or none by the plain function."""
    cdef unsigned char spelt[8]
    cdef const char *text
    cdef Py_ssize_t index, length = 0, places = -1, digits = 0
    cdef long long unscaled = 0
    cdef int size = 1
    if type(value) is not Decimal:
        raise Refused
    written = str(value)
    text = PyUnicode_AsUTF8AndSize(written, &length)
    for index in range(1 if text[0] == b"-" else 0, length):
        if text[index] == b"." and places < 0:
            places = digits
            continue
        if not b"0" <= text[index] <= b"9" or digits == node.digits:
            return put_bytes(out, node.write_decimal(value))
        unscaled = 10 * unscaled + (text[index] - 48)
        digits += 1
    places = 0 if places < 0 else digits - places
    if places > node.scale or digits - places + node.scale > LL_DIGITS:
        return put_bytes(out, node.write_decimal(value))
    for index in range(node.scale - places):
        unscaled *= 10
    while size < 8 and unscaled >> (8 * size - 1):
        size += 1
    if text[0] == b"-":
        unscaled = -unscaled
    for index in range(size):
        spelt[index] = <unsigned char>(unscaled >> (8 * (size - 1 - index)))
    put_long(out, size)
    return put(out, spelt, size)


cdef int write_record(Node node, Output *out, object value) except -1:
    cdef Py_ssize_t index
    cdef PyObject *found
    if type(value) is not dict or (len(<dict>value) > len(node.names) and "-type" in <dict>value):
        raise Refused  # within an optional, fastavro compares "-type" with the record's name
    for index in range(len(node.names)):
        found = PyDict_GetItemWithError(value, node.names[index])
        if found == NULL:
            raise Refused
        write(<Node>node.parts[index], out, <object>found)
    return 0


cdef int write_array(Node node, Output *out, object value) except -1:
    if type(value) is not list:
        raise Refused
    if value:
        put_long(out, len(<list>value))
        for item in <list>value:
            write(node.part, out, item)
    return put_long(out, 0)


cdef int write_map(Node node, Output *out, object value) except -1:
    if type(value) is not dict:
        raise Refused
    if value:
        put_long(out, len(<dict>value))
        for key, item in (<dict>value).items():
            put_text(out, key)
            write(node.part, out, item)
    return put_long(out, 0)
