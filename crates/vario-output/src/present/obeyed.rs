/// What a terminal or a bar obeys instead of showing it: control characters, and marks that turn the
/// direction of writing, break lines, or are not seen at all. The joiners are not among them: emoji
/// are made with them.
pub fn is_obeyed(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{061c}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}'
                | '\u{feff}'
                | '\u{e0000}'..='\u{e007f}'
        )
}
