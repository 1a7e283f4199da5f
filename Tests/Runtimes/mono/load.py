"""Mono through clr_loader, with and without its signal chaining."""

import ctypes
import warnings

import clr_loader

from dotnet.load import entries
from paths import built


def load(variant):
    warnings.filterwarnings("ignore", message="Hosting Mono versions")
    runtime = clr_loader.get_mono(
        libmono="libmonosgen-2.0.so.1", set_signal_chaining=variant == "chain"
    )
    checks = entries(runtime.get_assembly(str(built("dotnet", "Faults.dll"))))
    attach = ctypes.CDLL("libmonosgen-2.0.so.1").mono_jit_thread_attach

    def attached(check):
        """Mono must get to know a thread before it is used there."""

        def run():
            attach(None)
            check()

        return run

    return {name: attached(check) for name, check in checks.items()}
