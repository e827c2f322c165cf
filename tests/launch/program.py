"""A program to be launched, which does what its argument says."""

import json
import os
import signal
import sys
import time


def main() -> None:
    handed = json.loads(sys.stdin.readline())
    match sys.argv[1]:
        case "echo":
            say({"ready": True, "heard": handed, "words": sys.argv[2:]})
            os.read(0, 1)
        case "stubborn":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            say({"ready": True})
            time.sleep(60)
        case "refuse":
            sys.exit("moderator: the moon is not full: wait")
        case "crash":
            raise RuntimeError("a bug")
        case "babble":
            say("hello")
            time.sleep(60)
        case "dawdle":
            time.sleep(60)


def say(ready: object) -> None:
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
