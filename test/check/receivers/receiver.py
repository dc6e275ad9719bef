"""The receiver of examples/python-receiver, which is a right one, or the same with one of the mistakes of mistakes.py:

    python3 receiver.py --port 0 --out FOLDER [--mistake NAME]
"""

import sys
from pathlib import Path

# Before the folder of this file, where a module of the same name stands: this one.
sys.path.insert(0, str(Path(__file__).parents[3] / "examples" / "python-receiver"))

from mistakes import flawed
from receiver import Receiver, argument_parser, serve

if __name__ == "__main__":
    parser = argument_parser()
    parser.add_argument("--mistake")
    options = parser.parse_args()
    serve(Receiver(options.out) if options.mistake is None else flawed(options.mistake, options.out), options.port)
