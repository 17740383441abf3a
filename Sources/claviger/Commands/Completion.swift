import ArgumentParser

/// `claviger completion`
struct Completion: ParsableCommand {
    /// A shell that can complete what is typed.
    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish
    }

    static let configuration = CommandConfiguration(
        abstract: "Write the script by which a shell completes commands.",
        discussion: """
              claviger completion bash > ~/.local/share/bash-completion/completions/claviger
              claviger completion zsh > ~/.zfunc/_claviger
              claviger completion fish > ~/.config/fish/completions/claviger.fish
            """
    )

    @Argument(help: "The shell.")
    var shell: Shell

    func run() throws {
        let target: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        StandardOutput.write(Claviger.completionScript(for: target) + "\n")
    }
}
