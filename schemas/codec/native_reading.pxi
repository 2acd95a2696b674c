"""Bytes to values: every function moves `source` behind what it has read, and never beyond the end."""


cdef int unsigned_of(Input *source, unsigned long long *bits) except -1:
    """The bits of a long: at most ten bytes and 64 bits."""
    cdef unsigned char byte
    cdef int shift = 0
    bits[0] = 0
    while source.at < source.end:
        byte = source.at[0]
        source.at += 1
        if shift == SHIFT_LAST and byte > 1:
            break
        bits[0] |= <unsigned long long>(byte & 127) << shift
        if byte < 128:
            return 0
        shift += 7
    raise Refused


cdef inline int bits_of(Input *source, unsigned long long *bits) except -1:
    """The same; most are one byte."""
    if source.at < source.end and source.at[0] < 128:
        bits[0] = source.at[0]
        source.at += 1
        return 0
    return unsigned_of(source, bits)


cdef inline Py_ssize_t length(Input *source) except -1:
    """A length, at most what remains."""
    cdef unsigned long long bits = 0
    bits_of(source, &bits)
    if bits & 1 or (bits >> 1) > <unsigned long long>(source.end - source.at):
        raise Refused
    return <Py_ssize_t>(bits >> 1)


cdef Py_ssize_t block(Input *source) except -1:
    """The count of a block; a negative one is followed by the block's size. Each value takes a byte at least."""
    cdef unsigned long long count, bits = 0
    bits_of(source, &bits)
    count = bits >> 1
    if bits & 1:
        count += 1
        length(source)
    if count > <unsigned long long>(source.end - source.at):
        raise Refused
    return <Py_ssize_t>count


cdef inline object text(Input *source):
    cdef Py_ssize_t size = length(source)
    cdef const char *at = <const char *>source.at
    source.at += size
    return PyUnicode_DecodeUTF8(at, size, NULL)


cdef bytes raw(Input *source):
    cdef Py_ssize_t size = length(source)
    cdef const char *at = <const char *>source.at
    source.at += size
    return PyBytes_FromStringAndSize(at, size)


cdef object read(Node node, Input *source):
    """The value of a node."""
    cdef unsigned long long bits = 0
    if node.kind == RECORD:
        return read_record(node, source)
    if node.kind == OPTIONAL:
        bits_of(source, &bits)
        if bits & 1 or bits > 2:
            raise Refused
        return None if <int>(bits >> 1) == node.null else read(node.part, source)
    if node.kind == STRING:
        return text(source)
    if node.kind == LONG or node.kind == INT:
        bits_of(source, &bits)
        return <long long>(bits >> 1) ^ -<long long>(bits & 1)
    if node.kind == BOOLEAN:
        if source.at >= source.end:
            raise Refused
        source.at += 1
        return (source.at - 1)[0] != 0
    if node.kind == ARRAY:
        return read_array(node, source)
    if node.kind == MAP:
        return read_map(node, source)
    if node.kind == ENUM:
        bits_of(source, &bits)
        if bits & 1 or (bits >> 1) >= <unsigned long long>len(node.names):
            raise Refused
        return node.names[<Py_ssize_t>(bits >> 1)]
    return read_decimal(node, source) if node.kind == DECIMAL else raw(source)


cdef object read_decimal(Node node, Input *source):
    """A decimal of up to eight bytes here, a longer one by the plain function."""
    cdef const unsigned char *at = source.at
    cdef Py_ssize_t size, index
    cdef long long unscaled = 0
    size = length(source)
    if size == 0 or size > 8:
        source.at = at
        return node.read_decimal(raw(source))
    at = source.at
    unscaled = <signed char>at[0]
    for index in range(1, size):
        unscaled = <long long>(<unsigned long long>unscaled << 8) | at[index]
    source.at += size
    return node.scaleb(unscaled, node.places)


cdef dict read_record(Node node, Input *source):
    cdef dict record = PyDict_Copy(node.blank)
    cdef Py_ssize_t index
    for index in range(len(node.names)):
        PyDict_SetItem(record, node.names[index], read(<Node>node.parts[index], source))
    return record


cdef list read_array(Node node, Input *source):
    cdef list items = []
    cdef Py_ssize_t count = block(source)
    while count:
        for _ in range(count):
            PyList_Append(items, read(node.part, source))
        count = block(source)
    return items


cdef dict read_map(Node node, Input *source):
    cdef dict items = {}
    cdef Py_ssize_t count = block(source)
    while count:
        for _ in range(count):
            key = text(source)
            PyDict_SetItem(items, key, read(node.part, source))
        count = block(source)
    return items
