"""Runs a command until it ends, or until standard input does: so it does not outlive the one who started it.

usage: supervise.py <command> [argument ...]

Ends with the command's own exit code, 128 and the number of the signal if that ended it.
"""

import os
import signal
import subprocess
import sys
import threading


def end_with_parent():
    # Not sys.stdin: its lock, held by a thread that waits, makes an interpreter that ends complain.
    while os.read(0, 1024):
        pass
    os.killpg(0, signal.SIGKILL)


def main(command):
    # The whole group gets the signal; this process waits for what the command makes of it.
    signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    except OSError as error:
        print("exec: %s: %s" % (command[0], error.strerror), file=sys.stderr)
        return 126
    threading.Thread(target=end_with_parent, daemon=True).start()
    code = child.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    os._exit(main(sys.argv[1:]))
