import CInspect
import Glibc

/// D001: Linux, x86_64, glibc 2.35 or later (for _dl_find_object).
enum PlatformCheck {
  static func run(_ patient: Patient) -> [Finding] {
    var system = utsname()
    uname(&system)
    let kernel = fixedText(&system.release)
    let machine = fixedText(&system.machine)
    let libc = String(cString: inspect_libc_version())
    return [judge(kernel: kernel, machine: machine, libc: libc)]
  }

  static func judge(kernel: String, machine: String, libc: String) -> Finding {
    let release = kernel.split(separator: ".").prefix(2).joined(separator: ".")
    let title = "Linux \(release), \(machine), glibc \(libc)"
    let parts = libc.split(separator: ".").map { Int($0) ?? 0 }
    let version = (parts.first ?? 0) * 1000 + (parts.dropFirst().first ?? 0)
    if machine != "x86_64" {
      return Finding("D001", .problem, title, remedy: "libcoexist.so is made for x86_64 only.")
    }
    if version < 2035 {
      return Finding(
        "D001", .problem, title,
        remedy: "libcoexist.so needs _dl_find_object, which came with glibc 2.35. Use a newer "
          + "distribution or a container of one.")
    }
    return Finding("D001", .good, title, note: "needs glibc 2.35 or later")
  }
}
