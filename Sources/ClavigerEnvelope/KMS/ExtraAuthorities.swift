import CCurl

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Certificate authorities from a file, besides the system's.
///
/// libcurl takes one file, and one directory: a file alone would replace the system's where that has no directory in OpenSSL's
/// form. So both are put together in memory; and the system's directory, if there is one, stays as it is.
struct ExtraAuthorities {
    private static let environmentName = "TENCENT_SDK_CA_FILE"
    private static let largestFile = 16 << 20

    /// Where distributions keep all authorities in one file, for a libcurl that does not tell.
    private static let systemFiles = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ]

    // OpenSSL reads "TRUSTED CERTIFICATE" as well.
    private static let pemBeginning = Array("-----BEGIN ".utf8)

    private static let systemDirectories = ["/etc/ssl/certs", "/etc/pki/tls/certs"]

    private let path: String

    /// The file's authorities, then the system's.
    let bundle: [UInt8]

    /// The value of the environment variable `TENCENT_SDK_CA_FILE`; `nil` if it is not set, or empty.
    static func environment() -> String? {
        guard let value = getenv(environmentName).map({ String(cString: $0) }), !value.isEmpty else { return nil }
        return value
    }

    /// - Parameter system: the system's file, if libcurl tells it.
    /// - Throws: ``KMSTransportError`` if the file cannot be read or holds no certificate. Whoever names a file needs it.
    init(path: String, system: String?) throws(KMSTransportError) {
        guard var bundle = Self.contents(of: path) else {
            throw KMSTransportError("the file that \(Self.environmentName) names cannot be read")
        }
        guard Self.hasCertificate(bundle) else {
            throw KMSTransportError("the file that \(Self.environmentName) names holds no certificate")
        }
        let systemFile = (system.map { [$0] } ?? []) + Self.systemFiles
        if let ofSystem = systemFile.lazy.compactMap(Self.contents(of:)).first {
            bundle.append(UInt8(ascii: "\n"))
            bundle.append(contentsOf: ofSystem)
        }
        self.path = path
        self.bundle = bundle
    }

    func apply(to handle: UnsafeMutableRawPointer, of library: CurlLibrary) -> CURLcode {
        let code = bundle.withUnsafeBytes { bundle in
            var blob = curl_blob(
                data: UnsafeMutableRawPointer(mutating: bundle.baseAddress), len: bundle.count,
                flags: UInt32(CURL_BLOB_COPY))
            return library.set(CURLOPT_CAINFO_BLOB, &blob, on: handle)
        }
        guard code != CURLE_OK else { return code }
        // Before 7.77, and with TLS libraries other than OpenSSL, there are only paths.
        if let directory = Self.systemDirectories.first(where: { access($0, R_OK | X_OK) == 0 }) {
            _ = library.set(CURLOPT_CAPATH, directory, on: handle)
        }
        return path.withCString { library.set(CURLOPT_CAINFO, UnsafeRawPointer($0), on: handle) }
    }

    private static func hasCertificate(_ bundle: [UInt8]) -> Bool {
        bundle.indices.contains { bundle[$0] == UInt8(ascii: "-") && bundle[$0...].starts(with: pemBeginning) }
    }

    private static func contents(of path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= largestFile else {
            return nil
        }
        var bytes: [UInt8] = []
        while bytes.count <= largestFile {
            var got = 0
            let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, initialized in
                got = read(file, buffer.baseAddress, buffer.count)
                initialized = max(0, got)
            }
            if got == 0 { return bytes }
            if got < 0 {
                guard errno == EINTR else { return nil }
            }
            bytes.append(contentsOf: piece)
        }
        return nil
    }
}
