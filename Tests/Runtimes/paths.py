"""Where tools/setup puts the runtimes and the built fixtures."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNTIMES = ROOT / ".runtimes"


def built(folder, name):
    """A file that Tests/Runtimes/FOLDER/build made."""
    path = RUNTIMES / "built" / folder / name
    if not path.exists():
        raise SystemExit(f"error: {path.name} is not built\n help: run tools/setup")
    return path
