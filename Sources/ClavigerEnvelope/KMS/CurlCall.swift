import CCurl

/// One request on a handle of libcurl, which has no options yet.
///
/// The first option that libcurl does not take makes the call fail: most of them are there for security.
final class CurlCall {
    private let library: CurlLibrary
    private let handle: UnsafeMutableRawPointer
    private var failure: CURLcode?

    init(library: CurlLibrary, handle: UnsafeMutableRawPointer) {
        self.library = library
        self.handle = handle
    }

    /// Verified certificates, the address's own scheme, and nothing of the process or of files.
    func restrict(to endpoint: KMSEndpoint) {
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_NOSIGNAL, 1)
        note(library.closeOnExecute(handle))
        let scheme = endpoint.isEncrypted ? "https" : "http"
        // By name since 7.85.
        if library.set(CURLOPT_PROTOCOLS_STR, scheme, on: handle) != CURLE_OK {
            set(CURLOPT_PROTOCOLS, Int(endpoint.isEncrypted ? CURLPROTO_HTTPS : CURLPROTO_HTTP))
        }
        if !endpoint.isEncrypted { set(CURLOPT_NOPROXY, "*") }
    }

    func setLimits(connecting: Duration, altogether: Duration) {
        set(CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(connecting))
        set(CURLOPT_TIMEOUT_MS, Self.milliseconds(altogether))
    }

    /// Uses none of the connections that were kept.
    func makeConnection() { set(CURLOPT_FRESH_CONNECT, 1) }

    func setAuthorities(_ authorities: ExtraAuthorities?) {
        guard let authorities else { return }
        note(authorities.apply(to: handle, of: library))
    }

    /// - Parameter body: must stay where it is until the call is made.
    func setRequest(
        _ body: UnsafeMutablePointer<claviger_curl_body>, to endpoint: KMSEndpoint,
        headers: UnsafeMutablePointer<curl_slist>
    ) {
        set(CURLOPT_URL, endpoint.url)
        note(library.setBody(body, on: handle))
        note(library.set(CURLOPT_HTTPHEADER, UnsafeRawPointer(headers), on: handle))
        // What is for the KMS is not for a proxy.
        set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
    }

    /// - Parameter isWhole: tells whether all of the header came; must stay where it is until the call is made.
    func watchHeader(_ isWhole: UnsafeMutablePointer<Bool>) { note(library.watchHeader(isWhole, on: handle)) }

    func collectAnswer(in target: WipedBytes) { note(library.collectAnswer(in: target, on: handle)) }

    func perform() -> CURLcode { failure ?? library.perform(handle) }

    private func set(_ option: CURLoption, _ value: Int) { note(library.set(option, value, on: handle)) }

    private func set(_ option: CURLoption, _ text: String) {
        text.withCString { note(library.set(option, UnsafeRawPointer($0), on: handle)) }
    }

    private func note(_ code: CURLcode) {
        if failure == nil, code != CURLE_OK { failure = code }
    }

    /// At least one: to libcurl zero is no limit.
    private static func milliseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
