"""How many samples a CPU profile holds."""

import gzip

# Of the 100 that a second at 100 Hz makes. Who lost the timer gets none; on a busy machine a sample
# may wait for the idle thread that the kernel moved it to (retarget_shared_pending).
ENOUGH = 3


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def fields(data):
    """The fields of a protocol buffer: number and value, of the two kinds that profiles have."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        value, at = varint(data, at)
        if key & 7 == 2:
            value, at = data[at : at + value], at + value
        yield key >> 3, value


def go_samples(path):
    """Of the file that runtime/pprof wrote: the sum of the first value of each sample."""
    with gzip.open(path) as file:
        profile = file.read()
    samples = 0
    for number, sample in fields(profile):
        if number == 2:
            values = next(value for number, value in fields(sample) if number == 2)
            samples += varint(values, 0)[0] if isinstance(values, bytes) else values
    return samples
