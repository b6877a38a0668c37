"""Counting what holds."""


class Checks:
    """Prints a line for each check, and counts them."""

    def __init__(self):
        self.passed = self.failed = 0

    def that(self, what, holds, seen=""):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
        print(f"{'ok' if holds else 'FAILED'}: {what}{'' if holds else f' -- {seen}'}", flush=True)

    def equal(self, what, found, wanted):
        self.that(what, found == wanted, f"found {found!r}, wanted {wanted!r}")
