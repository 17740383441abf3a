/// How the two numbers of a signature on a curve are written; an RSA signature has one form alone.
package enum SignatureEncoding: CaseIterable, Hashable, Sendable {
    /// `SEQUENCE { r INTEGER, s INTEGER }` in DER (RFC 3279 section 2.2.3, GM/T 0009 section 7.3).
    case der
    /// r and s one after the other, each as long as the curve's order (IEEE P1363).
    case raw
}
