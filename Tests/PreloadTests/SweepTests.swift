import Foundation
import Testing

/// Common programs do the same with the library as without it.
@Suite struct SweepTests {
  /// Shell commands; each works in an empty folder. Those whose first program is missing are left
  /// out.
  static let commands = [
    "ls -l /etc", "find /etc -maxdepth 1", "grep -c . /etc/passwd", "env -i sh -c 'echo $PATH'",
    "awk 'BEGIN { for (i = 0; i < 1000; i++) s += i; print s }'", "seq 1000 | sort -R | sort -n",
    "tar cf - /etc/passwd 2>/dev/null | tar tf -", "timeout 0.1 sleep 5", "nice true",
    "bash -c 'trap \"echo usr1\" USR1; kill -USR1 $$; (exit 3); echo $?'",
    "bash -c 'ulimit -c 0; sh -c \"kill -SEGV \\$\\$\"; echo $?; kill -ABRT $$'",
    "bash -c 'for i in 1 2 3; do sleep 0.0$i & done; wait; ls /none; echo $?'",
    "bash -c 'trap \"\" SEGV FPE; grep Sig[IBC] /proc/self/status'",
    "sh -c 'ulimit -f 0; exec true'", "sh -c 'ulimit -v 60000; exec ls -d /'",
    "sh -c 'ulimit -s 128; exec ls -d /'", "ls -d / <&- >&- 2>&-",
    "sh -c 'unset XDG_RUNTIME_DIR HOME; XDG_CACHE_HOME=/none ls -d /'",
    "sh -c 'mkdir gone; cd gone; rmdir ../gone; ls; echo $?'", "script -qc 'ls -d /' /dev/null",
    // By subprocess, which closes what other tests, running now, have open.
    "python3 -c 'import subprocess, sys; subprocess.run([sys.executable, \"-c\", sys.argv[1]])' "
      + "'import os; print(sorted(os.listdir(\"/proc/self/fd\")))'",
    "git init -q . && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x "
      + "&& git log --format=%s",
    "cc --version >/dev/null && echo 'int main(void) { return 7; }' >a.c && cc a.c && ./a.out",
    "make --version", "xargs --version", "gdb -batch -ex 'print 6 * 7'",
    "perl -e 'local $SIG{SEGV} = sub { print qq(caught\\n) }; kill SEGV => $$; print qq(on\\n)'",
    "perl -e '$SIG{FPE} = q(IGNORE); system q(sh -c \"kill -FPE \\$\\$; echo alive\"); fork; wait'",
    "python3 -c 'import signal as s; s.signal(11, lambda *a: print(a[0])); s.raise_signal(11)'",
    "python3 -c 'import subprocess; print(subprocess.run([\"sh\", \"-c\", \"kill -SEGV $$\"]))'",
    "python3 -X faulthandler -c 'import ctypes; ctypes.string_at(0)'",
    "python3 -c 'import faulthandler as f; f.enable(); f.disable(); print(f.is_enabled())'",
    "python3 -c 'import threading as t; [t.Thread(target=id, args=[1]).start() for _ in [1] * 9]'",
    "python3 -c 'import multiprocessing as m; print(m.Pool(2).map(abs, [-1, -2]))'",
    "node -e 'console.log(process.version)'",
    "node -e 'process.on(\"SIGTRAP\", () => console.log(1)); setTimeout(() => {}, 50);"
      + " process.kill(process.pid, \"SIGTRAP\")'",
    "node -e 'm = new Uint8Array([0,97,115,109,1,0,0,0,1,5,1,96,0,1,127,3,2,1,0,5,3,1,0,1,7,5,1,1,"
      + "97,0,0,10,11,1,9,0,65,127,40,2,0,11]); i = new WebAssembly.Instance(new "
      + "WebAssembly.Module(m)); for (n = 0; n < 3; n++) try { i.exports.a() } catch (e) "
      + "{ console.log(e.message) }'",
    "java -version", "java -XshowSettings:vm -Xmx64m -version",
    "ruby -e 'trap(:SEGV) { } rescue puts $!.class; puts 1'", "ocaml -version", "mono --version",
    "sbcl --version", "guile -c '(display 1)'", "ghc --version",
  ]

  static let present = commands.filter { command in
    let name = command.words[0]
    return ["/bin", "/usr/bin", "/usr/local/bin"].contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
    }
      || (try? Program(path: "/bin/sh", arguments: ["-c", "command -v \(name)"]).run())?.ending
        == .exited(0)
  }

  @Test("common programs", arguments: present)
  func command(_ command: String) throws {
    let shell = Program(path: "/bin/sh", arguments: ["-c", command], limit: .seconds(20))
    let bare = try shell.run().normalized
    let library = try Preload.require()
    for run in 1...3 {
      let preloaded = try shell.run(preload: library).normalized
      try #require(preloaded == bare, "run \(run): \(preloaded)\nbare: \(bare)")
    }
  }
}

extension Outcome {
  /// Without addresses, process numbers, sizes and times, which differ from run to run anyway.
  var normalized: Outcome {
    func plain(_ text: String) -> String {
      text.replacing(/0x[0-9a-f]+/, with: "ADDRESS").replacing(/[0-9]+\.[0-9]+[MG]?/, with: "N")
        .replacing(/line [0-9]+: +[0-9]+/, with: "line N")
    }
    return Outcome(output: plain(output), errors: plain(errors), ending: ending)
  }
}
