"""Tell by the exit code whether this interpreter can hold Lead Lab's environment.

It must be able to start on an old Python, so as to turn it down.
"""

import sys

if not (3, 11) <= sys.version_info[:2] < (3, 14):
    sys.exit(1)

# Debian and Ubuntu leave these out of their plain python3.
import ensurepip  # noqa: F401
import venv  # noqa: F401
