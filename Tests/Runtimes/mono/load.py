"""Mono through clr_loader, with and without its signal chaining."""

import warnings

import clr_loader

from dotnet.load import entries
from paths import built


def load(variant):
    warnings.filterwarnings("ignore", message="Hosting Mono versions")
    runtime = clr_loader.get_mono(
        libmono="libmonosgen-2.0.so.1", set_signal_chaining=variant == "chain"
    )
    return entries(runtime.get_assembly(str(built("dotnet", "Faults.dll"))))
