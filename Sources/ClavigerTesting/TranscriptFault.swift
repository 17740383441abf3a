/// What is wrong with a transcript itself: with its text, or with a call that comes before what it is about.
package struct TranscriptFault: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
