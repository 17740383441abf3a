import CCurl
import ClavigerCrypto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Carries requests by libcurl, over connections that are kept for the next ones.
///
/// Certificates are verified, redirects are not followed, and there are neither cookies nor passwords from files. Proxies that
/// the environment names (`https_proxy`, `all_proxy`, `no_proxy`) are used for https, where they see no more than the host; never
/// for http, where they would see data keys.
package final class CurlTransport: KMSTransport {
    /// That of the process: its connections serve all managers.
    package static let shared = CurlTransport()

    /// How many handles are kept: so many calls at a time find a connection open.
    private static let mostIdle = 16

    private struct Pool: ~Copyable {
        var process: pid_t = 0
        var idle: [UInt] = []
    }

    private let connectTimeout: Duration
    private let extraAuthorities: @Sendable () -> String?
    private let processID: @Sendable () -> pid_t
    private let pool = ForkGuarded(Pool())

    /// - Parameters:
    ///   - connectTimeout: how long it may take until the TLS connection stands.
    ///   - extraAuthorities: the path of a file with certificate authorities besides the system's, asked for each call.
    ///   - processID: which process this is; a child of fork() has another.
    init(
        connectTimeout: Duration = .seconds(3),
        extraAuthorities: @escaping @Sendable () -> String? = { ExtraAuthorities.environment() },
        processID: @escaping @Sendable () -> pid_t = { getpid() }
    ) {
        self.processID = processID
        self.connectTimeout = connectTimeout
        self.extraAuthorities = extraAuthorities
    }

    package func post(
        _ body: UnsafeRawBufferPointer, to endpoint: KMSEndpoint, headers: [(name: String, value: String)],
        timeout: Duration, isRetry: Bool
    ) throws(KMSTransportError) -> KMSAnswer {
        // No fork() comes between: a child could not load what another thread of its parent was loading.
        guard let library = ForkGate.hold({ CurlLibrary.shared }) else {
            throw KMSTransportError("libcurl cannot be loaded")
        }
        var authorities: ExtraAuthorities?
        if endpoint.isEncrypted, let path = extraAuthorities() {
            authorities = try ExtraAuthorities(path: path, system: library.authorities)
        }
        guard let handle = takeIdle() ?? ForkGate.hold({ library.makeHandle() }) else {
            throw KMSTransportError("there is no memory")
        }
        defer {
            library.reset(handle)
            if !keepIdle(handle) { library.destroy(handle) }
        }
        // Most answers are smaller: a buffer that need not grow.
        let answer = WipedBytes(capacity: 8192)
        // `Expect` is taken out: a body of some hundred bytes waits for nobody's leave.
        let lines = headers.map { "\($0.name): \($0.value)" } + ["Expect:"]
        var source = claviger_curl_body(bytes: body.baseAddress, size: body.count, taken: 0)
        var isHeaderWhole = false
        let code = library.withList(lines) { lines in
            guard let lines else { return CURLE_OUT_OF_MEMORY }
            let call = CurlCall(library: library, handle: handle)
            call.restrict(to: endpoint)
            call.setLimits(connecting: connectTimeout, altogether: timeout)
            call.setAuthorities(authorities)
            if isRetry { call.makeConnection() }
            call.collectAnswer(in: answer)
            return withUnsafeMutablePointer(to: &source) { source in
                call.setRequest(source, to: endpoint, headers: lines)
                return withUnsafeMutablePointer(to: &isHeaderWhole) { isHeaderWhole in
                    call.watchHeader(isHeaderWhole)
                    return withExtendedLifetime(answer) { call.perform() }
                }
            }
        }
        // A connection that ends within the header is to libcurl an answer without a body.
        if code == CURLE_OK, !isHeaderWhole {
            throw KMSTransportError(isBrokenConnection: true, "the connection ended before the answer")
        }
        let isWhole = code == CURLE_OK
        let isEnough = code == CURLE_WRITE_ERROR && answer.count == KMSAnswer.maximumBodySize
        guard isWhole || isEnough else {
            throw KMSTransportError(
                isBrokenConnection: Self.isBrokenConnection(code), Self.message(library.description(of: code)))
        }
        return KMSAnswer(status: library.status(handle), body: answer)
    }

    /// Whether there was a connection, and it ended before the answer did.
    private static func isBrokenConnection(_ code: CURLcode) -> Bool {
        // CURLE_SEND_FAIL_REWIND: libcurl would have sent the request again by itself.
        [
            CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_SSL_CONNECT_ERROR,
            CURLE_SEND_FAIL_REWIND,
        ].contains(code)
    }

    /// libcurl's words in our form: its names, such as SSL, keep their letters.
    private static func message(_ text: String) -> String {
        guard let first = text.first, text.dropFirst().first?.isLowercase == true else { return text }
        return first.lowercased() + text.dropFirst()
    }
}

// MARK: Handles

extension CurlTransport {
    private func takeIdle() -> UnsafeMutableRawPointer? {
        let process = processID()
        return pool.withLock { pool -> UInt? in
            if pool.process != process {
                // After fork() they are the parent's connections. To use them, and even to end them as TLS does, would break them.
                pool.process = process
                pool.idle.removeAll()
            }
            return pool.idle.popLast()
        }.flatMap(UnsafeMutableRawPointer.init(bitPattern:))
    }

    private func keepIdle(_ handle: UnsafeMutableRawPointer) -> Bool {
        let address = UInt(bitPattern: handle)
        return pool.withLock { pool in
            guard pool.idle.count < Self.mostIdle else { return false }
            pool.idle.append(address)
            return true
        }
    }
}
