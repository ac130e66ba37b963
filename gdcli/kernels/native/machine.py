"""LLVM text to functions of this process, through llvmlite; object code is kept, so that it is made once."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite
import llvmlite.binding as llvm

from gdcli.kernels.native.libm import address
from gdcli.kernels.native.store import Store

_LIBM = re.compile(r"^declare double @([a-z0-9]+)\(", re.MULTILINE)


class Machine:
    """This processor and its code; `compiled` and `loaded` count the modules of this process."""

    def __init__(self, store: Store) -> None:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        self.store = store
        self.compiled = self.loaded = 0
        self._cpu = llvm.get_host_cpu_name()
        self._features = llvm.get_host_cpu_features().flatten()
        self._engines: dict[str, Any] = {}

    def function(self, text: str, name: str) -> int:
        """The address of the function `name` of the module `text`, compiled unless the store has it."""
        key = hashlib.sha256(f"{self.identity}\n{text}".encode()).hexdigest()
        if key not in self._engines:
            code = self.store.get(key)
            if code is None:
                code = self._compile(text)
                self.store.put(key, code)
            # Code lives as long as its engine.
            self._engines[key] = self._load(code, text)
        return int(self._engines[key].get_function_address(name))

    @property
    def identity(self) -> str:
        """What object code depends on besides its text."""
        versions = [llvmlite.__version__, llvm.llvm_version_info]
        return json.dumps([*versions, llvm.get_default_triple(), self._cpu, self._features])

    def _target(self) -> Any:
        target = llvm.Target.from_default_triple()
        return target.create_target_machine(cpu=self._cpu, features=self._features, opt=3, jit=True)

    def _compile(self, text: str) -> bytes:
        target = self._target()
        module = llvm.parse_assembly(text)
        module.verify()
        options = llvm.create_pipeline_tuning_options(speed_level=3)
        # The loops are written as they are to run.
        options.loop_vectorization = options.slp_vectorization = options.loop_unrolling = False
        builder = llvm.create_pass_builder(target, options)
        builder.getModulePassManager().run(module, builder)
        self.compiled += 1
        return bytes(target.emit_object(module))

    def _load(self, code: bytes, text: str) -> Any:
        for name in _LIBM.findall(text):
            llvm.add_symbol(name, address(name))
        # The engine takes its target from the module, which is empty: whatever is shipped names no target.
        engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), self._target())
        engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        engine.finalize_object()
        self.loaded += 1
        return engine


@cache
def machine(folder: Path | None) -> Machine:
    """The machine of this process that keeps its code in `folder`."""
    return Machine(Store(folder))
