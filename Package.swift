// swift-tools-version: 6.2
import PackageDescription

// CI makes every warning an error (`make check`, `make test`); a newer compiler must not break a user's build.
let strict = Context.environment["CLAVIGER_STRICT"] != nil

let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (strict ? [.treatAllWarnings(as: .error)] : [])

// `make sdk` builds the shared library: with Swift's own libraries inside, and nothing to be seen but the functions of its header.
let sdk = Context.environment["CLAVIGER_SDK"] != nil
let sdkLinkerSettings: [LinkerSetting] =
    sdk
    ? [
        .unsafeFlags([
            "-static-stdlib", "-Xlinker", "-soname", "-Xlinker", "libkms_enc_sdk.so", "-Xlinker",
            "--version-script=Bindings/c/exports.map", "-Xlinker", "--gc-sections",
            // Neither Swift's runtime nor OpenSSL's clean-up at exit survive being unloaded.
            "-Xlinker", "-z", "-Xlinker", "nodelete",
        ])
    ] : []
let sdkProducts: [Product] =
    sdk ? [.library(name: "kms_enc_sdk", type: .dynamic, targets: ["ClavigerEnvelopeC"])] : []

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")

let tests: [Target] = [
    .target(
        name: "ClavigerTesting",
        dependencies: ["ClavigerBackendSoftware", "ClavigerCore", "ClavigerCrypto"],
        swiftSettings: settings
    ),
    .testTarget(
        name: "CLITests",
        dependencies: [
            "ClavigerCore", "ClavigerCrypto", "ClavigerEnvelope", "ClavigerIdentity", "claviger",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        exclude: ["Sessions"],
        swiftSettings: settings
    ),
    .testTarget(
        name: "ClavigerAPIAdminTests",
        dependencies: [
            "ClavigerAPI", "ClavigerAPIAdmin", "ClavigerAudit", "ClavigerBackendSoftware", "ClavigerCore",
            "ClavigerCrypto", "ClavigerIdentity", "ClavigerSigning", "ClavigerTesting", logging, nioHTTP1,
        ],
        swiftSettings: settings
    ),
    .testTarget(
        name: "ClavigerAPIAlibabaTests",
        dependencies: [
            "ClavigerAPI", "ClavigerAPIAlibaba", "ClavigerAudit", "ClavigerBackendSoftware", "ClavigerCore",
            "ClavigerCrypto", "ClavigerIdentity", "ClavigerSigning", "ClavigerTesting", crypto, cryptoExtras, logging,
            nioCore, nioHTTP1,
        ],
        exclude: ["Vectors"],
        swiftSettings: settings
    ),
    .testTarget(
        name: "ClavigerAPIHuaweiTests",
        dependencies: [
            "ClavigerAPI", "ClavigerAPIHuawei", "ClavigerAudit", "ClavigerBackendSoftware", "ClavigerCore",
            "ClavigerCrypto", "ClavigerIdentity", "ClavigerSigning", "ClavigerTesting", crypto, cryptoExtras, logging,
            nioCore, nioHTTP1,
        ],
        exclude: ["Vectors"],
        swiftSettings: settings
    ),
    .testTarget(
        name: "ClavigerAPITencentTests",
        dependencies: [
            "ClavigerAPI", "ClavigerAPITencent", "ClavigerAudit", "ClavigerBackendSoftware", "ClavigerCore",
            "ClavigerCrypto", "ClavigerIdentity", "ClavigerSigning", "ClavigerTesting", crypto, cryptoExtras, logging,
            nioCore, nioHTTP1,
        ],
        exclude: ["Vectors"],
        swiftSettings: settings
    ),
    .testTarget(
        name: "ClavigerAPITests",
        dependencies: ["ClavigerAPI", "ClavigerCore", "ClavigerCrypto", nioHTTP1],
        swiftSettings: settings
    ),
    .testTarget(
        name: "ClavigerAuditTests",
        dependencies: ["ClavigerAudit", "ClavigerCore", "ClavigerCrypto", crypto, logging],
        swiftSettings: settings
    ),
    .testTarget(
        name: "ClavigerBackendSoftwareTests",
        dependencies: ["ClavigerBackendSoftware", "ClavigerCore", "ClavigerCrypto", "ClavigerTesting"],
        swiftSettings: settings
    ),
    .testTarget(
        name: "ClavigerCoreTests",
        dependencies: ["ClavigerBackendSoftware", "ClavigerCore", "ClavigerCrypto", "ClavigerTesting"],
        swiftSettings: settings
    ),
    .testTarget(
        name: "ClavigerCryptoTests",
        dependencies: ["COpenSSL", "ClavigerCrypto", "ClavigerTesting", crypto, cryptoExtras],
        swiftSettings: settings
    ),
    .testTarget(
        name: "CGuomiTests",
        dependencies: ["CGcrypt", "CGuomi", "COpenSSL"],
        swiftSettings: settings
    ),
    .testTarget(
        name: "ClavigerEnvelopeCTests",
        dependencies: ["CKmsEncSdk", "ClavigerCrypto", "ClavigerEnvelope", "ClavigerEnvelopeC"],
        swiftSettings: settings
    ),
    .testTarget(
        name: "ClavigerEnvelopeTests",
        dependencies: [
            "CGuomi", "COpenSSL", "ClavigerCrypto", "ClavigerEnvelope", "ClavigerSigning",
            .product(name: "SwiftProtobuf", package: "swift-protobuf"),
        ],
        exclude: ["Vectors"],
        swiftSettings: settings
    ),
    .testTarget(
        name: "ClavigerIdentityTests",
        dependencies: [
            "ClavigerBackendSoftware", "ClavigerCore", "ClavigerCrypto", "ClavigerIdentity", "ClavigerTesting",
        ],
        swiftSettings: settings
    ),
    .testTarget(
        name: "ClavigerServerTests",
        dependencies: [
            "ClavigerAPI", "ClavigerAPIAlibaba", "ClavigerAPIHuawei", "ClavigerAPITencent", "ClavigerCore",
            "ClavigerCrypto", "ClavigerServer",
            logging, nioCore, nioHTTP1, .product(name: "CoreMetrics", package: "swift-metrics"),
            .product(name: "NIOEmbedded", package: "swift-nio"),
            .product(name: "NIOExtras", package: "swift-nio-extras"),
        ],
        swiftSettings: settings
    ),
    .testTarget(
        name: "ClavigerSigningTests",
        dependencies: ["ClavigerCrypto", "ClavigerSigning", crypto],
        swiftSettings: settings
    ),
    .testTarget(
        name: "ClavigerStoreSQLiteTests",
        dependencies: [
            "ClavigerCore", "ClavigerStoreSQLite", "ClavigerTesting", .product(name: "GRDB", package: "GRDB.swift"),
        ],
        swiftSettings: settings
    ),
    .testTarget(
        name: "ClavigerTestingTests",
        dependencies: ["ClavigerCore", "ClavigerTesting"],
        swiftSettings: settings
    ),
]

// Benchmarks and fuzz targets join the package only when they are asked for.
let benchmarks: [Target] =
    Context.environment["CLAVIGER_BENCHMARKS"] == nil
    ? []
    : [
        .executableTarget(
            name: "bare-server",
            dependencies: [nioCore, nioHTTP1, nioPosix],
            path: "Benchmarks/BareServer",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "guomi-speed",
            dependencies: ["CGcrypt", "CGuomi", "COpenSSL"],
            path: "Benchmarks/Guomi",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "raw-signer",
            dependencies: ["COpenSSL", crypto],
            path: "Benchmarks/RawSigner",
            swiftSettings: settings
        ),
    ]

func fuzzTarget(_ name: String, folder: String, _ dependencies: [Target.Dependency]) -> Target {
    // libFuzzer brings its own `main`.
    .executableTarget(
        name: name,
        dependencies: dependencies,
        path: "Fuzz/\(folder)",
        swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])],
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]
    )
}

let fuzzTargets: [Target] =
    Context.environment["CLAVIGER_FUZZ"] == nil
    ? []
    : [
        fuzzTarget(
            "fuzz-alibaba", folder: "Alibaba",
            ["ClavigerAPI", "ClavigerAPIAlibaba", "ClavigerCore", "ClavigerCrypto", "ClavigerSigning"]),
        fuzzTarget("fuzz-asymmetric", folder: "Asymmetric", ["ClavigerCrypto"]),
        fuzzTarget("fuzz-ciphertext", folder: "Ciphertext", ["ClavigerCrypto"]),
        fuzzTarget("fuzz-context", folder: "EncryptionContext", ["ClavigerCrypto"]),
        fuzzTarget("fuzz-envelope", folder: "Envelope", ["ClavigerCrypto", "ClavigerEnvelope"]),
        fuzzTarget("fuzz-form", folder: "Form", ["ClavigerAPI"]),
        fuzzTarget(
            "fuzz-huawei", folder: "Huawei",
            ["ClavigerAPIHuawei", "ClavigerCore", "ClavigerCrypto", "ClavigerIdentity", "ClavigerSigning"]),
        fuzzTarget("fuzz-json", folder: "JSON", ["ClavigerCrypto"]),
        fuzzTarget("fuzz-policy", folder: "Policy", ["ClavigerCore", "ClavigerIdentity"]),
    ]

// So does what makes the reference documentation.
let documentation: [Package.Dependency] =
    Context.environment["CLAVIGER_DOCS"] == nil
    ? [] : [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0")]

let package = Package(
    name: "claviger",
    products: [
        .executable(name: "claviger", targets: ["claviger"]),
        .library(name: "ClavigerEnvelope", targets: ["ClavigerEnvelope"]),
    ] + sdkProducts,
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ] + documentation,
    targets: [
        // Headers alone: the library is loaded when the first call is made.
        .systemLibrary(name: "CCurl"),
        .systemLibrary(name: "CGcrypt", pkgConfig: "libgcrypt", providers: [.apt(["libgcrypt20-dev"])]),
        .target(name: "CGuomi"),
        .target(name: "CKmsEncSdk"),
        .systemLibrary(name: "CKernel"),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(
            name: "ClavigerCrypto",
            dependencies: ["CGuomi", "CKernel", "COpenSSL", crypto, cryptoExtras],
            swiftSettings: settings
        ),
        .target(name: "ClavigerCore", dependencies: ["CKernel", "ClavigerCrypto"], swiftSettings: settings),
        .target(name: "ClavigerSigning", dependencies: ["ClavigerCrypto", crypto], swiftSettings: settings),
        .target(
            name: "ClavigerEnvelope",
            dependencies: [
                "CCurl", "CGuomi", "ClavigerCrypto", "ClavigerSigning",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            exclude: ["Message/kms_enc_sdk.proto"],
            swiftSettings: settings
        ),
        .target(
            name: "ClavigerEnvelopeC",
            dependencies: ["CKmsEncSdk", "ClavigerCrypto", "ClavigerEnvelope"],
            swiftSettings: settings,
            linkerSettings: sdkLinkerSettings
        ),
        .target(name: "ClavigerIdentity", dependencies: ["ClavigerCore", "ClavigerCrypto"], swiftSettings: settings),
        .target(
            name: "ClavigerAudit",
            dependencies: ["ClavigerCore", "ClavigerCrypto", crypto, logging],
            swiftSettings: settings
        ),
        .target(
            name: "ClavigerBackendSoftware",
            dependencies: ["ClavigerCore", "ClavigerCrypto", crypto],
            swiftSettings: settings
        ),
        .target(
            name: "ClavigerStoreSQLite",
            dependencies: ["ClavigerCore", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: settings
        ),
        .target(
            name: "ClavigerAPI",
            dependencies: [
                "ClavigerAudit", "ClavigerCore", "ClavigerCrypto", "ClavigerSigning", logging, nioHTTP1,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "ClavigerAPIAdmin",
            dependencies: [
                "ClavigerAPI", "ClavigerAudit", "ClavigerCore", "ClavigerCrypto", "ClavigerIdentity",
                "ClavigerSigning", nioHTTP1,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "ClavigerAPIAlibaba",
            dependencies: [
                "ClavigerAPI", "ClavigerCore", "ClavigerCrypto", "ClavigerIdentity", "ClavigerSigning", nioHTTP1,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "ClavigerAPIHuawei",
            dependencies: [
                "ClavigerAPI", "ClavigerCore", "ClavigerCrypto", "ClavigerIdentity", "ClavigerSigning", nioHTTP1,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "ClavigerAPITencent",
            dependencies: [
                "ClavigerAPI", "ClavigerCore", "ClavigerCrypto", "ClavigerIdentity", "ClavigerSigning", nioHTTP1,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "ClavigerServer",
            dependencies: [
                "CKernel", "ClavigerAPI", "ClavigerAPIAdmin", "ClavigerAPIAlibaba", "ClavigerAPIHuawei",
                "ClavigerAPITencent", "ClavigerAudit", "ClavigerBackendSoftware", "ClavigerCore", "ClavigerCrypto",
                "ClavigerIdentity",
                "ClavigerSigning",
                "ClavigerStoreSQLite", logging, nioCore, nioHTTP1, nioPosix,
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "claviger",
            dependencies: [
                "ClavigerAudit", "ClavigerCore", "ClavigerCrypto", "ClavigerEnvelope", "ClavigerIdentity",
                "ClavigerServer", "ClavigerSigning", logging, nioCore,
                nioHTTP1,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings
        ),
    ] + tests + benchmarks + fuzzTargets
)
