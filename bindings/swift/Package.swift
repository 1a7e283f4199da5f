// swift-tools-version: 6.2
import PackageDescription

// Programs with the Swift module of coexist; yours names its repository instead of a path.
let package = Package(
  name: "carry",
  dependencies: [.package(name: "coexist", path: "../..")],
  targets: [
    .executableTarget(
      name: "carry", dependencies: [.product(name: "Coexist", package: "coexist")]),
    .executableTarget(
      name: "keep", dependencies: [.product(name: "Coexist", package: "coexist")]),
  ]
)
