# Opens Lean 4 as a Mojo program does: OwnedDLHandle asks for RTLD_GLOBAL, and closes the library
# right after the handle's last use, while a thread of Lean's event loop still waits in it.
from std.ffi import OwnedDLHandle, external_call
from std.os import getenv

def main() raises:
    var lean = OwnedDLHandle(getenv("LEAN") + "/libleanshared.so")
    lean.call["lean_initialize_runtime_module", NoneType]()
    external_call["host_job_control", NoneType]()
