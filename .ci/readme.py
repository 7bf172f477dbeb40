"""Print the shell lines of the README that a new user would type.

Lines between `<!-- setup -->` and the next fence's end are the two that set everything up;
with --more, those of every block after a `<!-- more -->` mark.
"""

import re
import sys
from pathlib import Path


def main() -> None:
    """Print the lines asked for; fail if there are none."""
    text = Path(sys.argv[1]).read_text("utf-8")
    mark = "more" if "--more" in sys.argv else "setup"
    blocks = re.findall(rf"<!-- {mark} -->\s*```(?:bash|console|sh)\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.strip()]
    if not lines:
        sys.exit(f"no <!-- {mark} --> block in {sys.argv[1]}")
    sys.stdout.write("\n".join(line.removeprefix("$ ") for line in lines) + "\n")


if __name__ == "__main__":
    main()
