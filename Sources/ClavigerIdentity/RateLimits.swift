/// How many requests each account may make in a second, by the name of the action. What is not named is not limited.
package struct RateLimits: Hashable, Sendable {
    /// Whole requests; 0 or less lets none through.
    package var perSecond: [String: Int]

    package init(_ perSecond: [String: Int] = [:]) { self.perSecond = perSecond }

    package static let none = RateLimits()
}
