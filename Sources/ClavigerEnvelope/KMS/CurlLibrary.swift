import CCurl

/// libcurl, loaded when it is first needed.
///
/// A handle is a connection or some with what belongs to them; one thread at a time uses it.
struct CurlLibrary: Sendable {
    /// `nil` if there is no libcurl on this machine.
    static let shared = CurlLibrary()

    // Written by `init` alone, and never released: libcurl cannot be unloaded safely.
    private nonisolated(unsafe) let functions: UnsafeMutablePointer<claviger_curl>

    private init?() {
        functions = .allocate(capacity: 1)
        functions.initialize(to: claviger_curl())
        guard claviger_curl_load(functions) == 0 else {
            functions.deallocate()
            return nil
        }
    }

    /// The file with the certificate authorities that libcurl takes by default, if it tells.
    var authorities: String? { claviger_curl_authorities(functions).map { String(cString: $0) } }

    func makeHandle() -> UnsafeMutableRawPointer? { claviger_curl_create(functions) }

    func destroy(_ handle: UnsafeMutableRawPointer) { claviger_curl_destroy(functions, handle) }

    /// Forgets the handle's options; its connections stay open.
    func reset(_ handle: UnsafeMutableRawPointer) { claviger_curl_reset(functions, handle) }

    func set(_ option: CURLoption, _ value: Int, on handle: UnsafeMutableRawPointer) -> CURLcode {
        claviger_curl_set_long(functions, handle, option, value)
    }

    /// Sets what `value` points to. libcurl copies texts, and nothing else.
    func set(_ option: CURLoption, _ value: UnsafeRawPointer?, on handle: UnsafeMutableRawPointer) -> CURLcode {
        claviger_curl_set_pointer(functions, handle, option, value)
    }

    /// Lets `body` be posted, and never a second time without its sender's knowledge.
    func setBody(
        _ body: UnsafeMutablePointer<claviger_curl_body>, on handle: UnsafeMutableRawPointer
    ) -> CURLcode {
        claviger_curl_set_body(functions, handle, body)
    }

    /// Lets the answer's bytes be appended to `target`, until there are ``KMSAnswer/maximumBodySize``.
    func collectAnswer(in target: WipedBytes, on handle: UnsafeMutableRawPointer) -> CURLcode {
        claviger_curl_set_writer(
            functions, handle,
            { bytes, _, count, target in
                guard let bytes, let target else { return 0 }
                let body = Unmanaged<WipedBytes>.fromOpaque(target).takeUnretainedValue()
                let taken = min(count, KMSAnswer.maximumBodySize - body.count)
                body.append(UnsafeRawBufferPointer(start: bytes, count: taken))
                return taken
            }, Unmanaged.passUnretained(target).toOpaque())
    }

    /// Lets `isWhole` tell whether all of the answer's header came.
    func watchHeader(_ isWhole: UnsafeMutablePointer<Bool>, on handle: UnsafeMutableRawPointer) -> CURLcode {
        claviger_curl_watch_header(functions, handle, isWhole)
    }

    /// Keeps the handle's sockets from programs that the process executes.
    func closeOnExecute(_ handle: UnsafeMutableRawPointer) -> CURLcode {
        claviger_curl_close_on_execute(functions, handle)
    }

    func perform(_ handle: UnsafeMutableRawPointer) -> CURLcode { claviger_curl_perform(functions, handle) }

    /// The status of the last answer.
    func status(_ handle: UnsafeMutableRawPointer) -> Int { claviger_curl_status(functions, handle) }

    func description(of code: CURLcode) -> String { String(cString: claviger_curl_describe(functions, code)) }

    /// Gives `body` a list of these lines, or `nil` if there is no memory for it.
    func withList<Result>(_ lines: [String], _ body: (UnsafeMutablePointer<curl_slist>?) -> Result) -> Result {
        var list: UnsafeMutablePointer<curl_slist>?
        defer { claviger_curl_free_list(functions, list) }
        for line in lines {
            guard let longer = claviger_curl_append(functions, list, line) else { return body(nil) }
            list = longer
        }
        return body(list)
    }
}
