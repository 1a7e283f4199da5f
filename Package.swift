// swift-tools-version: 6.2
import PackageDescription

// C that runs inside strangers: no thread-local call into the loader, no stack protector (both read
// the FS base, which may be another context's), and no function that could lock in a handler.
let inStrangers = [
  "-std=gnu11", "-D_GNU_SOURCE", "-O2", "-fvisibility=hidden", "-ftls-model=initial-exec",
  "-fno-stack-protector",
  "-fno-omit-frame-pointer", "-Wall", "-Wextra", "-Werror=function-effects",
]

// -O also in debug builds: an unoptimised core calls putchar to print a failed precondition.
let embedded: [SwiftSetting] = [
  .enableExperimentalFeature("Embedded"),
  .unsafeFlags([
    "-wmo", "-no-allocations", "-O", "-Xfrontend", "-function-sections",
    "-Xfrontend", "-disable-stack-protector", "-Xcc", "-ftls-model=initial-exec", "-Xcc",
    "-D_GNU_SOURCE",
  ]),
]

let preloadLinker = [
  "--version-script=\(Context.packageDirectory)/preload/libcoexist.map",
  "--version-script=\(Context.packageDirectory)/preload/loader.map",
  "--gc-sections", "--strip-debug", "-z", "now", "-z", "relro", "-soname=libcoexist.so.1",
].flatMap { ["-Xlinker", $0] }

// Whoever imports CCoexist sees glibc's extensions, as its headers do.
let gnu: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-D_GNU_SOURCE"])]

// The embedded build checks signal safety; unoptimised code of the same sources could not pass.
let hosted: [SwiftSetting] =
  gnu + [.unsafeFlags(["-Xllvm", "-sil-disable-pass=performance-diagnostics"])]

// The configuration reader stays clear of CCoexist's objects: its library must need libc alone.
let reader: [CXXSetting] = [
  .headerSearchPath("../CCoexist/include"), .headerSearchPath("../../CCoexist/include"),
  .headerSearchPath("../CCoexist"), .headerSearchPath("../../CCoexist"),  // catalogue/
  .unsafeFlags([
    "-std=c++17", "-fno-exceptions", "-fno-rtti", "-fvisibility=hidden", "-ffunction-sections",
    "-Wall", "-Wextra", "-Wno-perf-constraint-implies-noexcept",
  ]),
]

// No Swift runtime, and libstdc++ as an archive (see library/link): NEEDED is libc alone.
let configLinker =
  [
    "-L\(Context.packageDirectory)/Sources/ConfigReader/library/link",
    "-enable-experimental-feature", "Embedded",
  ]
  + [
    "--version-script=\(Context.packageDirectory)/Sources/ConfigReader/config.map",
    "--gc-sections", "-z", "now", "-z", "relro", "-soname=libcoexist-config.so.1",
  ].flatMap { ["-Xlinker", $0] }

let containerLinker =
  ["-enable-experimental-feature", "Embedded"]
  + [
    "--version-script=\(Context.packageDirectory)/Sources/ContainerWriter/container.map",
    "--gc-sections", "-z", "now", "-z", "relro", "-soname=libcoexist-container.so.1",
  ].flatMap { ["-Xlinker", $0] }

// A released tool brings the Swift runtime along: it runs where no toolchain is.
let whole: [SwiftSetting] = [.unsafeFlags(["-static-stdlib"], .when(configuration: .release))]
let wholeLinker: [LinkerSetting] = [
  .unsafeFlags(["-static-stdlib"], .when(configuration: .release))
]

let package = Package(
  name: "coexist",
  products: [
    .library(name: "Coexist", targets: ["Coexist"]),
    .library(name: "coexist", type: .dynamic, targets: ["CoexistPreload", "CoexistCore"]),
    .library(name: "coexist-config", type: .dynamic, targets: ["ConfigLibrary"]),
    .library(name: "coexist-container", type: .dynamic, targets: ["ContainerWriter"]),
    .executable(name: "coexist-inspect", targets: ["coexist-inspect"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
  ],
  targets: [
    .target(name: "Coexist", dependencies: ["CCoexistAPI"]),
    .systemLibrary(name: "CCoexistAPI"),
    .target(name: "CCoexist", cSettings: [.unsafeFlags(inStrangers)]),
    .target(name: "CoexistCore", dependencies: ["CCoexist"], swiftSettings: embedded),
    // The same sources (a symbolic link) as an ordinary module, for unit tests, TSan and ASan.
    .target(
      name: "CoexistCoreHosted", dependencies: ["CCoexist"],
      swiftSettings: hosted, linkerSettings: [.linkedLibrary("urcu-bp")]),
    .target(
      name: "CoexistPreload", dependencies: ["CCoexist"], path: "preload",
      exclude: ["README.md", "libcoexist.map", "loader.map"], publicHeadersPath: "include",
      cSettings: [.unsafeFlags(inStrangers)],
      linkerSettings: [.linkedLibrary("urcu-bp"), .unsafeFlags(preloadLinker)]),
    .target(
      name: "ConfigReader", exclude: ["README.md", "config.map", "library"], cxxSettings: reader),
    .target(
      name: "ConfigLibrary", dependencies: ["ConfigReader"], path: "Sources/ConfigReader/library",
      exclude: ["link"], publicHeadersPath: ".", cxxSettings: reader,
      linkerSettings: [.unsafeFlags(configLinker)]),
    .target(
      name: "ContainerWriter", dependencies: ["CCoexist"], exclude: ["container.map"],
      cSettings: [.unsafeFlags(["-std=gnu11", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra"])],
      linkerSettings: [.linkedLibrary("elf"), .unsafeFlags(containerLinker)]),
    .systemLibrary(name: "CElf", path: "Sources/CElf", pkgConfig: "libdw"),
    .target(
      name: "CInspect", dependencies: ["CCoexist"], exclude: ["codes"],
      cSettings: [.define("_GNU_SOURCE")]),
    .target(
      name: "InspectKit", dependencies: ["CCoexist", "CInspect", "ConfigReader", "CElf"],
      swiftSettings: gnu + whole),
    .executableTarget(
      name: "coexist-inspect",
      dependencies: [
        "InspectKit", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: gnu + whole, linkerSettings: wholeLinker),
    .testTarget(
      name: "CoexistCoreTests", dependencies: ["CoexistCoreHosted", "CCoexist"],
      swiftSettings: hosted),
    .testTarget(
      name: "ConfigReaderTests", dependencies: ["ConfigReader", "CCoexist"], exclude: ["Python"],
      swiftSettings: gnu),
    .testTarget(
      name: "InspectKitTests",
      dependencies: ["InspectKit", "CCoexist", "CInspect", "coexist-inspect"],
      exclude: ["Golden", "Programs"],
      swiftSettings: gnu),
    .testTarget(
      name: "PreloadTests", dependencies: ["InspectKit"], exclude: ["README.md"],
      swiftSettings: gnu),
    .testTarget(name: "ThreadLocalTests"),
    .testTarget(name: "TidyTests"),
    .testTarget(name: "ContainerTests"),
  ]
)
