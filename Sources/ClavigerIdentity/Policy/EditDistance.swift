/// How many slips of the pen are between two words.
enum EditDistance {
    /// Letters left out, added, changed, or swapped with their neighbour.
    static func between(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        var twoBack: [Int] = []
        var back = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var least = min(back[column + 1], current[column]) + 1
                least = min(least, back[column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    least = min(least, twoBack[column - 1] + 1)
                }
                current.append(least)
            }
            (twoBack, back) = (back, current)
        }
        return back[right.count]
    }

    /// The word that was probably meant, whatever its case; `nil` if none is near.
    static func nearest(to text: String, in words: some Sequence<String>) -> String? {
        // Nobody misspells so much; and the time is the product of the lengths.
        guard text.utf8.count <= 100 else { return nil }
        let text = text.lowercased()
        let farthest = text.utf8.count < 5 ? 1 : max(2, text.utf8.count / 4)
        let ranked = words.map { (word: $0, distance: between(text, $0.lowercased())) }
        let nearest = ranked.min { ($0.distance, $0.word) < ($1.distance, $1.word) }
        guard let nearest, nearest.distance <= farthest, nearest.distance < nearest.word.utf8.count else { return nil }
        return nearest.word
    }
}
