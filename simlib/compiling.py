"""How a loop becomes fast: numba where there is one, plain Python elsewhere.

In: functions of other rooms. Out: the same functions, compiled and kept on disk if
numba is installed, else as they are. It knows nothing of leads or desks.

Numba asks only the file of a compiled function whether its machine code is stale,
but a loop is made of several files. So a digest of all of them goes into the key
under which numba keeps it (`key_of_sources`). Where it is kept is numba's own affair:
``NUMBA_CACHE_DIR``, else beside the source, else the user's cache folder.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import logging
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar, cast

try:
    import numba
except ImportError:  # an uncommon processor, or a browser
    numba = None

Function = TypeVar("Function", bound=Callable[..., Any])

COMPILED = numba is not None and not numba.config.DISABLE_JIT
NOTICE = "Lead Lab compiles its fast engine; only this first run takes so long."

# Without nrt no references are counted: nothing is allocated inside, and the counting
# would take longer than the loop.
_OPTIONS = {"nogil": True, "error_model": "numpy", "_nrt": False}
_is_over = False


def part(function: Function) -> Function:
    """Make a function ready to become part of a compiled whole."""
    if not COMPILED:
        return function
    return cast("Function", numba.njit(function, forceinline=True, **_OPTIONS))


def whole(function: Function) -> Function:
    """Make a function that is compiled with all its parts and kept on disk."""
    if not COMPILED:
        return function
    try:
        kept = numba.njit(function, cache=True, **_OPTIONS)
    except RuntimeError:  # no folder can be written: compile anew in each process
        kept = numba.njit(function, **_OPTIONS)

    def called(*given: Any) -> Any:
        try:
            return kept(*given)
        except OSError:  # it is compiled, but the disk is full: use it all the same
            return kept(*given)

    return cast("Function", called)


def part_of(function: Callable[..., Any], **names: Callable[..., Any]) -> Any:
    """Make a part of another room's function, with compiled ones for what it calls."""
    if not COMPILED:
        return function
    plain = cast("FunctionType", function)
    known = {**plain.__globals__, **names}
    return part(FunctionType(plain.__code__, known, plain.__name__))


def address_in_scipy(name: str) -> int:
    """Return the address of a function of ``scipy.special``, for compiled callers."""
    from scipy.special import cython_special

    capsule = cython_special.__pyx_capi__[name]
    api = ctypes.pythonapi
    api.PyCapsule_GetName.restype = ctypes.c_char_p
    api.PyCapsule_GetName.argtypes = [ctypes.py_object]
    api.PyCapsule_GetPointer.restype = ctypes.c_void_p
    api.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
    title = api.PyCapsule_GetName(capsule)
    return int(api.PyCapsule_GetPointer(capsule, title))


def _caller(arguments: int) -> Any:
    """Return a part that calls a function of SciPy at an address with some numbers.

    The address is an argument, and no constant, so that the machine code can be kept.
    The last argument that Cython's functions take has no effect. Numba reads how many
    arguments there are from the signatures below.
    """
    if not COMPILED:
        return None
    from llvmlite import ir
    from numba.core import types
    from numba.extending import intrinsic

    double, last = ir.DoubleType(), ir.IntType(32)
    kind = ir.FunctionType(double, [double] * arguments + [last])
    said = types.float64(types.intp, *[types.float64] * arguments)

    def written(_: Any, builder: Any, __: Any, given: Any) -> Any:
        function = builder.inttoptr(given[0], kind.as_pointer())
        return builder.call(function, [*given[1:], ir.Constant(last, 0)])

    def with_one(_: Any, address: Any, x: Any) -> Any:  # noqa: ARG001
        return said, written

    def with_two(_: Any, address: Any, x: Any, y: Any) -> Any:  # noqa: ARG001
        return said, written

    return intrinsic(with_one if arguments == 1 else with_two)


called_with_one = _caller(1)
called_with_two = _caller(2)


def key_of_sources(home: str, *files: str | None) -> str:
    """Return a digest of the sources beside `home`, of this file and of some others."""
    folder = sorted(Path(home).parent.glob("*.py"))
    paths = [*folder, Path(__file__), *(Path(file) for file in files if file)]
    digest = hashlib.blake2b(digest_size=8)
    for path in paths:
        with contextlib.suppress(OSError):
            digest.update(path.read_bytes())
    return digest.hexdigest()


@contextlib.contextmanager
def with_notice() -> Iterator[None]:
    """Say it if something is compiled in here; only the first use can."""
    global _is_over  # noqa: PLW0603
    if not COMPILED or _is_over:
        yield
        return
    from numba.core import event

    class Listener(event.Listener):  # type: ignore[misc]
        """Hears when a compilation begins; machine code from disk is silent."""

        def on_start(self, event: Any) -> None:
            if event.data["dispatcher"].__module__.startswith("simlib."):
                _say()

        def on_end(self, event: Any) -> None:
            """Do nothing."""

    with event.install_listener("numba:compile", Listener()):
        yield
    _is_over = True


@lru_cache(maxsize=1)
def _say() -> None:
    """Tell a person at a terminal, and the log; never a notebook or a file."""
    logging.getLogger("simlib").info(NOTICE)
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write(NOTICE + "\n")
