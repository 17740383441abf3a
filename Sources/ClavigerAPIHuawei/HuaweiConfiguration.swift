/// What can be set of this dialect.
package struct HuaweiConfiguration: Sendable {
    /// Keys that users can have per project, in any state; default keys are not counted.
    package var keyQuota = 10_000

    package init() {}
}
