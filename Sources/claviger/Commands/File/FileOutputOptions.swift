import ArgumentParser

/// Where the bytes of a file command go, and what is shown meanwhile.
struct FileOutputOptions: ParsableArguments {
    @Option(
        name: .customLong("out"),
        help: ArgumentHelp("The file to write instead of the standard output (-).", valueName: "file"),
        completion: .file())
    var file: String?

    @Flag(help: "Replace a file that is there already, which may be the one that is read.")
    var force = false

    @Flag(
        inversion: .prefixedNo,
        help: "Show how far it is (default: if the standard error is a terminal and it takes more than a moment).")
    var progress: Bool?
}
