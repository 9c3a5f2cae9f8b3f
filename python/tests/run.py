"""Runs all tests in one session; the exit status tells whether they passed."""

import os
import sys
import unittest

if __name__ == "__main__":
    tests = unittest.defaultTestLoader.discover(os.path.dirname(os.path.abspath(__file__)))
    passed = unittest.TextTestRunner(verbosity=2).run(tests).wasSuccessful()
    sys.exit(0 if passed else 1)
