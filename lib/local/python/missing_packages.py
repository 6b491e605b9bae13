"""Prints which of the requirements on standard input, one a line, this Python does not satisfy; nothing is installed.

What only pip can judge (options, URLs, paths) counts as missing: pip then finds out, and does nothing where all is well.
"""

import re
import sys
from importlib import metadata

try:
    from packaging.requirements import InvalidRequirement, Requirement
except ImportError:
    try:
        from pip._vendor.packaging.requirements import InvalidRequirement, Requirement
    except ImportError:
        Requirement = None


def is_missing(line):
    try:
        if Requirement is None:
            return metadata.version(line) is None if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", line) else True
        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate():
            return False
        if requirement.url is not None or requirement.extras:
            return True
        return not requirement.specifier.contains(metadata.version(requirement.name), prereleases=True)
    except metadata.PackageNotFoundError:
        return True
    except Exception as error:  # InvalidRequirement, which has no name where nothing could be imported
        if Requirement is not None and not isinstance(error, InvalidRequirement):
            raise
        return True


for text in sys.stdin.read().splitlines():
    requirement_line = re.sub(r"(^|\s)#.*$", "", text).strip()
    if requirement_line and is_missing(requirement_line):
        print(requirement_line)
