"""HotSpot through JPype."""

import jpype

from paths import RUNTIMES, built


def load(variant):
    faults = built("jvm", "Faults.class")
    options = ["-Xmx256m"]
    if variant == "jdk25":
        options.append("--enable-native-access=ALL-UNNAMED")  # else it warns about JPype
    jpype.startJVM(
        str(RUNTIMES / variant / "lib/server/libjvm.so"),
        *options,
        classpath=[str(faults.parent)],
        convertStrings=True,
    )
    java = jpype.JClass("Faults")

    def check(name):
        def run():
            wrong = getattr(java, name)()
            assert wrong == "", wrong

        return run

    def jfr():
        samples = jpype.JClass("Sampled").samples()
        assert samples >= 5, f"{samples} samples"

    checks = {name: check(name) for name in ("npe", "div", "so", "sot", "gc", "exits")}
    checks["daemon"] = java.startDaemon
    checks["jfr"] = jfr
    return checks
