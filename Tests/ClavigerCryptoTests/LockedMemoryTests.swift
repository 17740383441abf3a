import Foundation
import Testing

@testable import ClavigerCrypto

@Suite struct LockedMemoryTests {
    @Test(arguments: [1, 32, 64, 65, 256, 1000, 1024, 4096, 4097, 10_000])
    func `Memory that was given back reads zero when it is given out again`(size: Int) {
        for _ in 0..<3 {
            let blocks = (0..<100).map { _ in LockedMemory.allocate(size) }
            for block in blocks {
                #expect(block.count == size)
                #expect(block.allSatisfy { $0 == 0 })
                block.initializeMemory(as: UInt8.self, repeating: 0xAA)
            }
            blocks.forEach(LockedMemory.release)
        }
    }

    @Test(arguments: [1, 64, 65, 256, 1024, 4096, 5000])
    func `Blocks do not overlap`(size: Int) {
        let blocks = (0..<300).map { _ in LockedMemory.allocate(size) }
        defer { blocks.forEach(LockedMemory.release) }
        for (index, block) in blocks.enumerated() {
            block.initializeMemory(as: UInt8.self, repeating: UInt8(truncatingIfNeeded: index))
        }
        for (index, block) in blocks.enumerated() {
            #expect(block.allSatisfy { $0 == UInt8(truncatingIfNeeded: index) })
        }
    }

    @Test func `Material whose making fails is given back and wiped`() {
        struct Failure: Error {}
        // Other tests may take the block first, so there is more than one attempt.
        let givenBack = (0..<100).contains { _ in
            var used: UnsafeMutableRawBufferPointer?
            _ = try? KeyMaterial(count: 700) { bytes throws(Failure) in
                bytes.initializeMemory(as: UInt8.self, repeating: 0xAA)
                used = bytes
                throw Failure()
            }
            let next = LockedMemory.allocate(700)
            defer { LockedMemory.release(next) }
            return next.baseAddress == used?.baseAddress && next.allSatisfy { $0 == 0 }
        }
        #expect(givenBack)
    }

    @Test func `Wiped memory is zero`() {
        var bytes = [UInt8](repeating: 0xAA, count: 1000)
        bytes.withUnsafeMutableBytes { LockedMemory.wipe($0) }
        #expect(bytes == [UInt8](repeating: 0, count: 1000))
    }

    #if os(Linux)
        @Test(arguments: [32, 4096, 100_000])
        func `Core dumps leave the memory out`(size: Int) throws {
            let block = LockedMemory.allocate(size)
            defer { LockedMemory.release(block) }
            #expect(try kernelFlags(of: block).contains("dd"))
        }

        /// Small and large blocks are locked by the same call; `RLIMIT_MEMLOCK` may be too low for either.
        @Test(arguments: [32, 4096])
        func `The memory is locked unless the kernel refused`(size: Int) throws {
            let block = LockedMemory.allocate(size)
            defer { LockedMemory.release(block) }
            let isLocked = try kernelFlags(of: block).contains("lo")
            #expect(isLocked || LockedMemory.slabLockWasRefused)
        }

        /// `VmFlags` of the mapping that holds `block`, proc(5).
        private func kernelFlags(of block: UnsafeMutableRawBufferPointer) throws -> [Substring] {
            let address = UInt(bitPattern: block.baseAddress)
            let file = try #require(FileHandle(forReadingAtPath: "/proc/self/smaps"))
            let text = try String(decoding: #require(try file.readToEnd()), as: UTF8.self)
            var isMapping = false
            for line in text.split(separator: "\n") {
                let words = line.split(separator: " ")
                let bounds = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
                if bounds.count == 2 { isMapping = bounds[0] <= address && address < bounds[1] }
                if isMapping, words[0] == "VmFlags:" { return Array(words.dropFirst()) }
            }
            Issue.record("the block is in no mapping")
            return []
        }
    #endif
}
