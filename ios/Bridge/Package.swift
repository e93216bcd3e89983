// swift-tools-version: 6.0
// The phone's state holders without a screen. `cargo xtask bindings` writes the package of the core.
import PackageDescription

let package = Package(
    name: "Bridge",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "Bridge", targets: ["Bridge"])],
    dependencies: [.package(path: "../../target/bindings/XunchaCore")],
    targets: [
        // Swift 6.0 on Linux leaves a symbol out that Observation needs.
        .target(name: "LinuxShims"),
        .target(name: "Bridge", dependencies: [.product(name: "XunchaCore", package: "XunchaCore"), "LinuxShims"]),
        .testTarget(name: "BridgeTests", dependencies: ["Bridge"]),
    ]
)
