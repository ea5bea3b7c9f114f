//! Files that were something once: bytes changed, cut, doubled and mixed at random. Knows where a module's sections begin, and
//! no more of what the bytes mean.
use compat_tests::dice::Dice;

/// Bytes that often stand at a border.
const BORDERS: &[u8] = &[0, 1, 0x0b, 0x40, 0x60, 0x7f, 0x80, 0xff];
/// Numbers as modules write them (LEB128), most of them too large, too long or without an end.
const NUMBERS: &[&[u8]] = &[
    b"\xff\xff\xff\xff\x0f",
    b"\xff\xff\xff\xff\x07",
    b"\x80\x80\x80\x80\x08",
    b"\x80\x80\x80\x80\x00",
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
    b"\xff\xff\xff\xff\xff\xff",
    b"\x80\x80\x04",
];

/// The bytes with one to four things done to them; `other` is a file that parts may come from.
pub fn mutated(bytes: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..dice.of(&[1, 1, 1, 2, 4]) {
        let at = place(&bytes, dice);
        let end = (at + 1 + length(dice)).min(bytes.len());
        // What keeps its length is valid more often.
        match dice.below(14) {
            0..5 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            5..8 if at < bytes.len() => bytes[at] = dice.of(BORDERS),
            8 => bytes.truncate(at),
            9 => drop(bytes.drain(at..end)),
            10 => {
                let twice = bytes[at..end].to_vec();
                bytes.splice(at..at, twice);
            }
            11 => {
                let length = length(dice);
                bytes.splice(at..at, dice.bytes(length));
            }
            12 => drop(bytes.splice(at..(at + 1).min(bytes.len()), dice.of(NUMBERS).iter().copied())),
            _ => {
                let from = place(other, dice);
                let to = (from + length(dice)).min(other.len());
                bytes.splice(at..end, other[from..to].iter().copied());
            }
        }
    }
    bytes
}

/// A header and sections of random bytes, or random bytes alone.
pub fn invented(dice: &mut Dice) -> Vec<u8> {
    if dice.below(4) == 0 {
        let length = dice.below(2_000);
        return dice.bytes(length);
    }
    let mut bytes = b"\0asm\x01\0\0\0".to_vec();
    for _ in 0..dice.below(8) {
        let length = dice.below(100);
        bytes.extend([dice.below(14) as u8, length as u8]);
        // Small numbers mean something more often.
        bytes.extend((0..length).map(|_| if dice.below(3) == 0 { dice.of(BORDERS) } else { dice.below(8) as u8 }));
    }
    bytes
}

/// Mostly few bytes.
fn length(dice: &mut Dice) -> usize {
    let most = dice.of(&[4, 16, 300]);
    dice.below(most)
}

/// Somewhere, in each section as often: the code is most of a module.
fn place(bytes: &[u8], dice: &mut Dice) -> usize {
    let mut sections = vec![(0, bytes.len())];
    let mut at = 8;
    while bytes.starts_with(b"\0asm") && at < bytes.len() {
        let Some((length, begin)) = leb(bytes, at + 1) else { break };
        let end = begin.saturating_add(length).min(bytes.len());
        sections.push((at, end));
        at = end;
    }
    let (begin, end) = dice.of(&sections);
    // Counts and types stand where a section begins.
    let reach = if dice.below(2) == 0 { 12 } else { usize::MAX };
    begin + dice.below((end - begin).min(reach))
}

/// The number at a place, and where it ends.
fn leb(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let (mut number, mut shift) = (0_usize, 0);
    loop {
        let byte = *bytes.get(at)?;
        number |= usize::from(byte & 0x7f) << shift;
        (at, shift) = (at + 1, shift + 7);
        if byte & 0x80 == 0 || shift > 28 {
            return Some((number, at));
        }
    }
}
