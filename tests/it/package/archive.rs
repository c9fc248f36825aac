//! Zip files as the packer of the smartCARS examples writes them, byte for byte: no folders, only
//! deflate, no date, no attributes, no flags.

/// An archive of these files.
pub(crate) fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for (name, text) in files {
        let (content, offset) = (text.as_bytes(), bytes.len());
        let packed = deflated(content);
        let sizes = [crc32(content), count(packed.len()), count(content.len())];
        bytes.extend(b"PK\x03\x04");
        shorts(&mut bytes, &[20, 0, 8, 0, 0]);
        longs(&mut bytes, &sizes);
        shorts(&mut bytes, &[short(name.len()), 0]);
        bytes.extend(name.as_bytes());
        bytes.extend(packed);
        directory.extend(b"PK\x01\x02");
        shorts(&mut directory, &[20, 20, 0, 8, 0, 0]);
        longs(&mut directory, &sizes);
        shorts(&mut directory, &[short(name.len()), 0, 0, 0, 0]);
        longs(&mut directory, &[0, count(offset)]);
        directory.extend(name.as_bytes());
    }
    let (start, size) = (count(bytes.len()), count(directory.len()));
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06");
    shorts(&mut bytes, &[0, 0, short(files.len()), short(files.len())]);
    longs(&mut bytes, &[size, start]);
    shorts(&mut bytes, &[0]);
    bytes
}

/// Names in the directory of an archive, in its order.
pub(super) fn names(bytes: &[u8]) -> Vec<String> {
    let word = |at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
    let end = bytes.len() - 22;
    assert_eq!(&bytes[end..end + 4], b"PK\x05\x06");
    let mut at = word(end + 16) | word(end + 18) << 16;
    let mut names = Vec::new();
    for _ in 0..word(end + 10) {
        let name = &bytes[at + 46..at + 46 + word(at + 28)];
        names.push(String::from_utf8(name.to_vec()).expect("names are text"));
        at += 46 + word(at + 28) + word(at + 30) + word(at + 32);
    }
    names
}

/// A stream of deflate with one block that is not compressed.
fn deflated(content: &[u8]) -> Vec<u8> {
    let length = short(content.len());
    let mut stream = vec![1];
    shorts(&mut stream, &[length, !length]);
    stream.extend(content);
    stream
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum: u32, _| {
            if sum & 1 == 1 { 0xedb8_8320 ^ (sum >> 1) } else { sum >> 1 }
        })
    })
}

fn count(number: usize) -> u32 {
    u32::try_from(number).expect("a small archive")
}

fn short(number: usize) -> u16 {
    u16::try_from(number).expect("a small file")
}

fn shorts(bytes: &mut Vec<u8>, values: &[u16]) {
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
}

fn longs(bytes: &mut Vec<u8>, values: &[u32]) {
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
}
