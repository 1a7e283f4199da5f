"""What an operation costs as something grows: one panel a curve, a picture for what grows."""

from dataclasses import dataclass

from rows import Row

RUNTIMES = MODULES = (1, 2, 4, 8, 16)
THREADS = (10, 30, 100, 300, 1000)
CONTEXTS = (1, 10, 100, 1000)


@dataclass
class Curve:
    growing: str  # what grows: the picture that it is in
    title: str
    program: str
    words: str  # {n} = how many
    places: tuple
    operations: int = 50
    kind: str = "added"  # added: bare and coexist. absolute: coexist alone
    unit: str = "ns"
    per: int = 1

    def row(self, count):
        """One point."""
        return Row(self.title, "", self.program, self.words.format(n=count), self.kind,
                   operations=self.operations, per=self.per, unit=self.unit)


def grow(growing, title, operation, places, operations=50, **more):
    return Curve(growing, title, "grow", f"{operation} {growing}={{n}}", places, operations, **more)


CURVES = [
    Curve("runtimes", "a fault, to its owner and back", "fault", "parties={n}", RUNTIMES),
    grow("runtimes", "pthread_sigmask", "mask", RUNTIMES, 500),
    grow("runtimes", "pthread_create and join", "thread", RUNTIMES, 20, unit="us", per=1000),
    grow("runtimes", "dlopen and dlclose", "dlopen", RUNTIMES, 10, unit="us", per=1000),
    Curve("threads", "a fault, to its owner and back", "fault", "parties=2 threads={n}", THREADS),
    grow("threads", "pthread_sigmask", "mask", THREADS, 500),
    grow("threads", "__tls_get_addr", "tls", THREADS, 2000),
    grow("threads", "pthread_create and join", "thread", THREADS, 20, unit="us", per=1000),
    grow("threads", "dlopen and dlclose", "dlopen", THREADS, 10, unit="us", per=1000),
    grow("modules", "__tls_get_addr", "tls", MODULES, 2000),
    grow("modules", "dlopen and dlclose", "dlopen", MODULES, 10, unit="us", per=1000),
    grow("modules", "pthread_create and join", "thread", MODULES, 20, unit="us", per=1000),
    grow("modules", "a context entered and left", "enter", MODULES, 500, kind="absolute"),
    Curve("contexts", "a context entered and left", "grow", "enter contexts={n} modules=1",
          CONTEXTS, 500, "absolute"),
]


def measure_all(bench, chosen):
    """Measures and prints each; returns the objects of the JSON."""
    objects = []
    for curve in CURVES:
        if not chosen(curve.growing):
            continue
        points = {}
        for count in curve.places:
            for name, series in bench.measure(curve.row(count)).items():
                if name != "libjsig":
                    points.setdefault(name, []).append(round(series.best, 2))
        objects.append({"growing": curve.growing, "title": curve.title, "unit": curve.unit,
                        "places": list(curve.places), "points": points})
        for name, values in points.items():
            print(f"{curve.growing:<9} {curve.title:<31} {name:<8}",
                  *(f"{value:>8.1f}" for value in values), curve.unit, flush=True)
    return objects
