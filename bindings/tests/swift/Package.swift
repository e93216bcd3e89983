// swift-tools-version: 6.0
// The core from Swift, against a real hub. `cargo xtask test --only swift` builds what it needs.
import PackageDescription

let core = Target.Dependency.product(name: "XunchaCore", package: "XunchaCore")

let package = Package(
    name: "CoreTests",
    platforms: [.macOS(.v14)],
    dependencies: [.package(path: "../../../target/bindings/XunchaCore")],
    targets: [
        // A hub and phones, as the tests tell of them.
        .target(name: "Hub", dependencies: [core]),
        // `cargo xtask bench ffi` runs it.
        .executableTarget(name: "CallTimes", dependencies: [core, "Hub"]),
        .testTarget(name: "CoreTests", dependencies: [core, "Hub"], path: "Tests"),
    ]
)
