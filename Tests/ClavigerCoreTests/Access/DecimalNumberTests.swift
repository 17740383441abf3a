import ClavigerCore
import Testing

@Suite struct DecimalNumberTests {
    @Test func `Numbers are ordered by their value`() throws {
        let ascending = [
            "-100000000000000000000", "-12.5", "-12.05", "-12", "-0.1", "0", "0.000001", "0.1", "0.11", "9", "12",
            "12.05",
            "12.5", "100", "9007199254740992", "9007199254740993", "100000000000000000000",
        ]
        let numbers = try ascending.map { try #require(DecimalNumber($0.utf8)) }
        for left in numbers.indices {
            for right in numbers.indices {
                #expect((numbers[left] < numbers[right]) == (left < right), "\(ascending[left]) \(ascending[right])")
                #expect((numbers[left] == numbers[right]) == (left == right), "\(ascending[left]) \(ascending[right])")
            }
        }
    }

    @Test(arguments: [("0", "-0"), ("1", "1.0"), ("1", "001"), ("-2.50", "-2.5"), ("0.0", "-0.00")])
    func `Zeros that say nothing make no difference`(left: String, right: String) throws {
        let number = try #require(DecimalNumber(left.utf8))
        #expect(number == DecimalNumber(right.utf8))
    }

    @Test(arguments: ["", "-", ".", "1.", ".5", "+1", "1e3", "0x10", "1,5", " 1", "1 ", "--1", "1.2.3", "nan", "１"])
    func `What is no decimal number is refused`(text: String) { #expect(DecimalNumber(text.utf8) == nil) }
}
