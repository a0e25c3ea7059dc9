"""Random numbers with addresses.

In: an address (seed, replication, stream name, occurrence) and the keys of entities.
Out: standard variates (uniform, normal, exponential), one for each entity. A number
depends on its address and on nothing else: not on how many others were drawn, nor in
which order, nor on any setting of a scenario. That is what makes "the same buyers in
two worlds" possible.

The generator is counter based: an address is hashed to 64 bits (BLAKE2b for the
stream, the finaliser of SplitMix64 for the entity), and the hash is the number. A
generator object for each entity would cost as much as the entity's whole simulated
life, and a stream with a position would tie a lead's luck to its place in a queue.

Sources: Steele, Lea and Flood, "Fast splittable pseudorandom number generators"
(2014), for the finaliser; Salmon et al., "Parallel random numbers: as easy as 1, 2,
3" (2011), for the idea of counter-based numbers.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_SHIFTS = tuple(np.uint64(bits) for bits in (30, 27, 31))
DROP = np.uint64(12)
STEP = 2.0**-52


def stream_key(seed: int, replication: int, name: str, occurrence: int = 1) -> int:
    """Return the 64-bit key of one stream of numbers.

    Parameters
    ----------
    seed, replication : int
        The run that the numbers belong to.
    name : str
        The decision that the numbers are for, such as ``"mql.outcome"``.
    occurrence : int
        The k-th time that an entity takes this decision, from 1.
    """
    address = f"{seed}/{replication}/{name}/{occurrence}".encode()
    return int.from_bytes(hashlib.blake2b(address, digest_size=8).digest(), "little")


def entity_keys(origin: int, count: int, first: int = 0) -> Keys:
    """Return keys of `count` entities, numbered from `first`, of one origin.

    Parameters
    ----------
    origin : int
        A 64-bit key of where the entities come from (see `stream_key`).
    count, first : int
        How many, and the ordinal of the first one.
    """
    ordinals = np.arange(first, first + count, dtype=np.uint64)
    return keys_of(np.uint64(origin), ordinals)


def keys_of(origin: np.uint64 | Keys, ordinal: NDArray[np.integer]) -> Keys:
    """Return keys of entities by their origins and ordinals, shape as `ordinal`."""
    bits = ordinal.astype(np.uint64)
    bits *= GOLDEN
    bits += origin
    return mixed(bits)


def uniforms(stream: int | Keys, entities: Keys) -> Floats:
    """Return one uniform number in (0, 1), ends excluded, for each entity.

    Parameters
    ----------
    stream : int, or array of uint64 of shape (n,) or (m, 1)
        Key of the stream, from `stream_key`, or one for each entity, or several.
    entities : array of uint64, shape (n,)
        Keys of the entities, from `entity_keys`.

    Returns
    -------
    array of float64, shape (n,), or (m, n) for several streams
    """
    bits = mixed(entities + np.asarray(stream, dtype=np.uint64))
    bits >>= DROP
    numbers = bits.astype(np.float64)
    numbers += 0.5
    numbers *= STEP
    return numbers


def exponentials(stream: int, entities: Keys) -> Floats:
    """Return one exponential number of mean 1 for each entity."""
    numbers = uniforms(stream, entities)
    as_exponentials(numbers)
    return numbers


def normals(stream: int, entities: Keys) -> Floats:
    """Return one standard normal number for each entity."""
    numbers = uniforms(stream, entities)
    as_normals(numbers)
    return numbers


def as_exponentials(numbers: Floats) -> None:
    """Turn uniform numbers, in place, into exponential ones of mean 1."""
    np.subtract(1.0, numbers, out=numbers)
    np.log(numbers, out=numbers)
    np.negative(numbers, out=numbers)


def as_normals(numbers: Floats) -> None:
    """Turn uniform numbers, in place, into standard normal ones."""
    from scipy.special import ndtri

    ndtri(numbers, out=numbers)


def mixed(bits: Keys) -> Keys:
    """Mix 64-bit words, arrays in place: each bit then depends on every other one."""
    bits ^= bits >> _SHIFTS[0]
    bits *= _FIRST
    bits ^= bits >> _SHIFTS[1]
    bits *= _SECOND
    bits ^= bits >> _SHIFTS[2]
    return bits
