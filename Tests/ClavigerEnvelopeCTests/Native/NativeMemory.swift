/// The memory of the arguments of one call, each of them between guards.
final class NativeMemory {
    static let filling: UInt8 = 0xA5
    private static let guardByte: UInt8 = 0x5A
    private static let guardSize = 64
    private static let noLength: Int32 = -77

    private let arguments: [NativeArgument]
    private var blocks: [UnsafeMutableBufferPointer<UInt8>?] = []
    private let lengths: UnsafeMutableBufferPointer<Int32>

    init(_ arguments: [NativeArgument]) {
        self.arguments = arguments
        lengths = .allocate(capacity: arguments.count)
        lengths.initialize(repeating: Self.noLength)
        blocks = arguments.map { argument in
            switch argument {
            case .input(let bytes): Self.block(bytes)
            case .output(let size): Self.block([UInt8](repeating: Self.filling, count: size))
            case .count, .outputLength, .null: nil
            }
        }
    }

    deinit {
        for block in blocks { block?.deallocate() }
        lengths.deallocate()
    }

    private static func block(_ content: [UInt8]) -> UnsafeMutableBufferPointer<UInt8> {
        let block = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: content.count + 2 * guardSize)
        let ends = [UInt8](repeating: guardByte, count: guardSize)
        _ = block.initialize(from: ends + content + ends)
        return block
    }

    func bytes(_ index: Int) -> UnsafeMutablePointer<UInt8>? {
        blocks[index]?.baseAddress.map { $0 + Self.guardSize }
    }

    func count(_ index: Int) -> Int32 {
        guard case .count(let count) = arguments[index] else { preconditionFailure("argument \(index) is no count") }
        return count
    }

    func length(_ index: Int) -> UnsafeMutablePointer<Int32>? {
        guard case .outputLength = arguments[index] else { return nil }
        return lengths.baseAddress.map { $0 + index }
    }

    /// What stands in the memory after a call that returned `code`.
    func outcome(_ code: Int32) -> NativeOutcome {
        var outputs: [[UInt8]] = []
        var isIntact = true
        for (argument, block) in zip(arguments, blocks) {
            guard let block else { continue }
            let content = Array(block.dropFirst(Self.guardSize).dropLast(Self.guardSize))
            let ends = block.prefix(Self.guardSize) + block.suffix(Self.guardSize)
            if !ends.allSatisfy({ $0 == Self.guardByte }) { isIntact = false }
            switch argument {
            case .input(let bytes): if content != bytes { isIntact = false }
            case .output: outputs.append(content)
            case .count, .outputLength, .null: break
            }
        }
        let written = lengths.first { $0 != Self.noLength }
        return NativeOutcome(code: code, outputs: outputs, length: written.map { Int($0) }, isIntact: isIntact)
    }
}
