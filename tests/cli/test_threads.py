"""numpy's products run on one thread in a gdcli process, unless the user says otherwise."""

from __future__ import annotations

import subprocess
import sys

from gdcli.__main__ import BLAS_THREADS, one_thread_a_product


def test_one_thread_where_nothing_is_set() -> None:
    environment: dict[str, str] = {}
    one_thread_a_product(environment)
    assert environment == dict.fromkeys(BLAS_THREADS, "1")


def test_the_users_own_number_stays() -> None:
    environment = {BLAS_THREADS[0]: "8"}
    one_thread_a_product(environment)
    assert environment[BLAS_THREADS[0]] == "8"


def test_it_is_set_before_numpy_is_loaded() -> None:
    code = "import sys, gdcli.__main__; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
