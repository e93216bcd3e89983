// swift-tools-version: 6.0
// Made by `cargo xtask bindings`.
import PackageDescription

let package = Package(
    name: "XunchaCore",
    products: [.library(name: "XunchaCore", targets: ["XunchaCore"])],
    targets: [
        .systemLibrary(name: "XunchaCoreFFI", path: "XunchaCoreFFI"),
        .systemLibrary(name: "XunchaAppFFI", path: "XunchaAppFFI"),
        .target(
            name: "XunchaCore",
            dependencies: ["XunchaCoreFFI", "XunchaAppFFI"],
            path: "XunchaCore",
            swiftSettings: [.swiftLanguageMode(.v5)],
            linkerSettings: [.linkedLibrary("xuncha_ffi")]
        ),
    ]
)
