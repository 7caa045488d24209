"""The parts of the suite, one module each; `tests.benchmarks.__main__` names them."""
