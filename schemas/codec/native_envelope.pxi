"""Envelopes: Kafka headers to texts and back. What is unusual is left to plain Python, which says what is wrong with it."""

cdef enum:
    SPELT = 24  # bytes of 2026-03-02T08:00:00.000Z
    DAY_S = 86_400

cdef enum:  # where an envelope has what an effect does not take over as it is
    ID = 0
    TYPE = 1
    SOURCE = 2
    TIME = 4
    SUBJECT = 5
    CORRELATION = 7
    CAUSATION = 8
    REPLY_TOPIC = 11
    REPLY_KEY = 12

cdef long long LAST_MS = 253_402_300_799_999  # of the year 9999


cdef class Envelopes:
    """Knows the headers' names and where each one's text stands in an envelope."""

    cdef type kind
    cdef dict places
    cdef tuple names  # by place; None for the time
    cdef tuple before  # headers that every envelope has
    cdef tuple blank
    cdef tuple needed
    cdef str clock
    cdef Py_ssize_t time, longest

    def __init__(self, type kind, tuple names, tuple before, tuple blank, tuple needed, str clock, Py_ssize_t longest):
        self.kind, self.names, self.before, self.blank = kind, names, before, blank
        self.needed, self.clock, self.longest = needed, clock, longest
        self.places = {name: place for place, name in enumerate(names) if name is not None}
        self.time = names.index(None)

    def read(self, headers):
        """The envelope; None where plain Python must look at it."""
        cdef long long at
        cdef Py_ssize_t size
        if type(headers) is not list:
            return None
        found = list(self.blank)
        for pair in <list>headers:
            if type(pair) is not tuple or len(<tuple>pair) != 2:
                return None
            name, raw = (<tuple>pair)[0], (<tuple>pair)[1]
            if type(raw) is not bytes or PyBytes_GET_SIZE(raw) > self.longest:
                return None
            size = PyBytes_GET_SIZE(raw)
            if name == self.clock:
                at = millis(<const unsigned char *>PyBytes_AS_STRING(raw), size)
                if at < 0:
                    return None
                found[self.time] = at
                continue
            try:
                text = PyUnicode_DecodeUTF8(PyBytes_AS_STRING(raw), size, NULL)
            except UnicodeDecodeError:
                return None
            place = self.places.get(name)
            if place is not None:
                found[place] = text
        for place in self.needed:
            if not found[place]:
                return None
        return tuple.__new__(self.kind, found)

    def effect(self, cause, str id, str kind, str source, now, str subject):
        """Headers of what follows from a message: its own id, type, source, time and subject, the rest its cause's.

        None where plain Python must write them.
        """
        if not isinstance(cause, tuple) or PyTuple_GET_SIZE(cause) != len(self.names):
            return None
        made = list(<tuple>cause)
        made[CORRELATION] = made[CORRELATION] or made[ID]
        made[CAUSATION] = made[ID]
        made[ID], made[TYPE], made[SOURCE], made[TIME], made[SUBJECT] = id, kind, source, now, subject
        made[REPLY_TOPIC] = made[REPLY_KEY] = ""
        return self.write(tuple(made))

    def write(self, envelope):
        """The headers; None where plain Python must write them."""
        cdef Py_ssize_t place, size = 0
        cdef const char *text
        cdef long long at
        cdef int beyond = 0
        if not isinstance(envelope, tuple) or PyTuple_GET_SIZE(envelope) != len(self.names):
            return None
        headers = list(self.before)
        for place in range(len(self.names)):
            if place == self.time:
                continue
            value = <object>PyTuple_GET_ITEM(envelope, place)
            if type(value) is not str:
                return None
            if value:
                try:
                    text = PyUnicode_AsUTF8AndSize(value, &size)
                except UnicodeEncodeError:
                    return None
                headers.append((self.names[place], PyBytes_FromStringAndSize(text, size)))
        clock = <object>PyTuple_GET_ITEM(envelope, self.time)
        if type(clock) is not int:
            return None
        at = PyLong_AsLongLongAndOverflow(clock, &beyond)
        if beyond or not 0 <= at <= LAST_MS:
            return None
        headers.append((self.clock, spelt(at)))
        return headers


cdef inline long long number(const unsigned char *at, int digits) noexcept:
    """Some digits as a number; negative where one is none."""
    cdef long long found = 0
    cdef int place
    for place in range(digits):
        if not 48 <= at[place] <= 57:
            return -1 << 40
        found = 10 * found + at[place] - 48
    return found


cdef long long millis(const unsigned char *text, Py_ssize_t size) noexcept:
    """2026-03-02T08:00:00.000Z as milliseconds since the epoch; negative where it is spelt otherwise or earlier."""
    cdef long long year, month, day, hour, minute, second, part
    if size != SPELT or text[4] != b"-" or text[7] != b"-" or text[10] != b"T" or text[13] != b":":
        return -1
    if text[16] != b":" or text[19] != b"." or text[23] != b"Z":
        return -1
    year, month, day = number(text, 4), number(text + 5, 2), number(text + 8, 2)
    hour, minute, second = number(text + 11, 2), number(text + 14, 2), number(text + 17, 2)
    part = number(text + 20, 3)
    if not (1970 <= year and 1 <= month <= 12 and 1 <= day <= month_days(year, month)):
        return -1
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60 and part >= 0):
        return -1
    return 1000 * (DAY_S * days(year, month, day) + 3600 * hour + 60 * minute + second) + part


cdef long long days(long long year, long long month, long long day) noexcept:
    """Days since 1970-01-01 of a date of the Gregorian calendar: years are counted from March, 146,097 days to 400 years."""
    cdef long long shifted = year - (month <= 2)
    cdef long long era = shifted // 400
    cdef long long of_era = shifted - era * 400
    cdef long long of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


cdef inline long long month_days(long long year, long long month) noexcept:
    """Days of a month."""
    return days(year + month // 12, month % 12 + 1, 1) - days(year, month, 1)


cdef bytes spelt(long long at):
    """Milliseconds since the epoch as 2026-03-02T08:00:00.000Z."""
    cdef long long day = at // (1000 * DAY_S) + 719_468
    cdef long long part = at % (1000 * DAY_S)
    cdef long long era = day // 146_097
    cdef long long of_era = day - era * 146_097
    cdef long long year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    cdef long long of_year = of_era - (365 * year + year // 4 - year // 100)
    cdef long long turned = (5 * of_year + 2) // 153
    cdef long long month = turned + (3 if turned < 10 else -9)
    cdef unsigned char text[SPELT]
    memcpy(text, b"0000-00-00T00:00:00.000Z", SPELT)
    spell(text, year + era * 400 + (month <= 2), 4)
    spell(text + 5, month, 2)
    spell(text + 8, of_year - (153 * turned + 2) // 5 + 1, 2)
    spell(text + 11, part // 3_600_000, 2)
    spell(text + 14, part // 60_000 % 60, 2)
    spell(text + 17, part // 1000 % 60, 2)
    spell(text + 20, part % 1000, 3)
    return PyBytes_FromStringAndSize(<char *>text, SPELT)


cdef inline void spell(unsigned char *at, long long value, int digits) noexcept:
    """A number in so many digits."""
    while digits:
        digits -= 1
        at[digits] = 48 + value % 10
        value //= 10
