"""UUIDs from names (RFC 9562 §5.5, version 5): SHA-1 of FIPS 180-4 §6.1.2 over a namespace and a name."""

cdef enum:
    BLOCK = 64
    LENGTH = 8  # bytes at the end of the last block


cdef inline unsigned int turned(unsigned int word, int bits) noexcept:
    return word << bits | word >> (32 - bits)


cdef void digest_block(unsigned int *state, const unsigned char *block) noexcept:
    cdef unsigned int w[80]
    cdef unsigned int a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f, k
    cdef int t
    for t in range(16):
        w[t] = (
            <unsigned int>block[4 * t] << 24 | <unsigned int>block[4 * t + 1] << 16
            | <unsigned int>block[4 * t + 2] << 8 | block[4 * t + 3]
        )
    for t in range(16, 80):
        w[t] = turned(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1)
    for t in range(80):
        if t < 20:
            f, k = d ^ (b & (c ^ d)), 0x5A827999
        elif t < 40:
            f, k = b ^ c ^ d, 0x6ED9EBA1
        elif t < 60:
            f, k = (b & c) | (d & (b | c)), 0x8F1BBCDC
        else:
            f, k = b ^ c ^ d, 0xCA62C1D6
        f = turned(a, 5) + f + e + k + w[t]
        e, d, c, b, a = d, c, turned(b, 30), a, f
    state[0] += a
    state[1] += b
    state[2] += c
    state[3] += d
    state[4] += e


def name_uuid(bytes name not None):
    """The UUID of a name that has its namespace's sixteen bytes before it."""
    cdef unsigned int state[5]
    cdef unsigned char last[2 * BLOCK]
    cdef unsigned char octets[16]
    cdef unsigned char text[36]
    cdef const unsigned char *at = <const unsigned char *>PyBytes_AS_STRING(name)
    cdef Py_ssize_t size = PyBytes_GET_SIZE(name), left, end
    cdef int place, byte
    state[0], state[1], state[2], state[3], state[4] = 0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0
    left = size
    while left >= BLOCK:
        digest_block(state, at)
        at += BLOCK
        left -= BLOCK
    memset(last, 0, sizeof(last))
    memcpy(last, at, left)
    last[left] = 0x80
    end = BLOCK if left + 1 + LENGTH <= BLOCK else 2 * BLOCK
    for place in range(LENGTH):
        last[end - 1 - place] = <unsigned char>((8 * <unsigned long long>size) >> (8 * place))
    for place in range(0, end, BLOCK):
        digest_block(state, last + place)
    for place in range(16):
        octets[place] = <unsigned char>(state[place >> 2] >> (24 - 8 * (place & 3)))
    octets[6] = octets[6] & 0x0F | 0x50
    octets[8] = octets[8] & 0x3F | 0x80
    byte = 0
    for place in range(36):
        if place == 8 or place == 13 or place == 18 or place == 23:
            text[place] = 45
        else:
            text[place] = digit(octets[byte >> 1] >> 4 if byte & 1 == 0 else octets[byte >> 1] & 15)
            byte += 1
    return PyUnicode_DecodeUTF8(<char *>text, 36, NULL)


cdef inline unsigned char digit(unsigned char value) noexcept:
    return 48 + value if value < 10 else 87 + value
