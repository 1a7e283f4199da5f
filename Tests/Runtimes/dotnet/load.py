""".NET Core through clr_loader, as pythonnet loads it."""

import clr_loader

from paths import RUNTIMES, built

CHECKS = ("nre", "div", "nret", "gc", "tight", "exits")


def entries(assembly):
    """Wraps the entry points of Faults.cs, which return the number of the step that failed."""

    def check(name):
        function = assembly.get_function("Faults", name)

        def run():
            wrong = function(b"")
            assert wrong == 0, f"step {wrong}"

        return run

    return {name: check(name) for name in CHECKS}


def load(_):
    runtime = clr_loader.get_coreclr(
        runtime_config=str(built("dotnet", "Faults.runtimeconfig.json")),
        dotnet_root=str(RUNTIMES / "dotnet"),
    )
    return entries(runtime.get_assembly(str(built("dotnet", "Faults.dll"))))
