"""UUIDs from digests (RFC 9562 §5.5, version 5)."""


def uuid_text(bytes digest not None):
    """The UUID of a name whose SHA-1 digest this is: its first sixteen bytes with version and variant."""
    cdef const unsigned char *octets = <const unsigned char *>PyBytes_AS_STRING(digest)
    cdef unsigned char text[36]
    cdef unsigned char value
    cdef int place = 0, byte
    if PyBytes_GET_SIZE(digest) < 16:
        raise ValueError("a digest of fewer than sixteen bytes")
    for byte in range(16):
        if byte == 4 or byte == 6 or byte == 8 or byte == 10:
            text[place] = 45
            place += 1
        value = octets[byte]
        if byte == 6:
            value = value & 0x0F | 0x50
        elif byte == 8:
            value = value & 0x3F | 0x80
        text[place], text[place + 1] = digit(value >> 4), digit(value & 15)
        place += 2
    return PyUnicode_DecodeUTF8(<char *>text, 36, NULL)


cdef inline unsigned char digit(unsigned char value) noexcept:
    return 48 + value if value < 10 else 87 + value
