# -*- coding: utf-8 -*-
"""From a fresh clone, with Python alone: a private environment, then the example or the tests.

    python start.py                  set up .venv, run the bundled example into ./演示
    python start.py test [pytest …]  set up with the developers' tools, run every check

This file keeps to what any Python can read, because an old one must still be able to say what is wrong.
"""

import sys

OLDEST = (3, 11)
TOO_OLD = (
    "考核系统需要 Python 3.11、3.12 或 3.13;现在用的是 Python %d.%d(%s)。\n"
    "请安装其中一个版本后重新运行,例如:\n"
    "    Windows:       py -3.13 start.py\n"
    "    Linux / macOS: python3.13 start.py\n"
)

if __name__ == "__main__":
    if sys.version_info[:2] < OLDEST:
        sys.stderr.write(TOO_OLD % (sys.version_info[0], sys.version_info[1], sys.executable))
        sys.exit(2)
    from tools.commands import run

    sys.exit(run(sys.argv[1:]))
