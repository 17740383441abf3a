import ArgumentParser

/// Where the bytes of a file command come from.
struct FileInputOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The file to read; - or none is the standard input.", valueName: "in"), completion: .file())
    var file: String?
}
