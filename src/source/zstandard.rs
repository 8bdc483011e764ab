//! Zstandard data as plain bytes: frames one after another, skippable ones left out, each held against the length
//! and the checksum it states.
//!
//! Knows the order of frames and nothing of what is in them; `ruzstd` decodes a frame.

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::io::{self, BufRead, Read};

/// Reader of the unpacked bytes. A frame may ask for a window of 128 MiB at most, as with the `zstd` command.
pub(super) struct ZstdDecoder<R> {
    packed: R,
    frame: FrameDecoder,
    /// Bytes of the frame handed out; `None` between frames.
    unpacked: Option<u64>,
}

impl<R: BufRead> ZstdDecoder<R> {
    /// Of data that begins with a frame.
    pub(super) fn new(packed: R) -> Self {
        Self { packed, frame: FrameDecoder::new(), unpacked: None }
    }

    /// Begins the next frame; `false` where the data ends.
    fn next_frame(&mut self) -> io::Result<bool> {
        while !self.packed.fill_buf()?.is_empty() {
            match self.frame.reset(&mut self.packed) {
                Ok(()) => {
                    self.unpacked = Some(0);
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let length = u64::from(length);
                    if io::copy(&mut self.packed.by_ref().take(length), &mut io::sink())? < length {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(fault) => return Err(io::Error::other(fault)),
            }
        }
        Ok(false)
    }

    /// Ends a frame of which so many bytes were handed out.
    fn end_frame(&mut self, unpacked: u64) -> io::Result<()> {
        self.unpacked = None;
        let stated = self.frame.get_checksum_from_data();
        if stated.is_some() && stated != self.frame.get_calculated_checksum() {
            return Err(io::Error::other("the checksum does not match"));
        }
        // A frame that states no length gives 0.
        if ![0, unpacked].contains(&self.frame.content_size()) {
            return Err(io::Error::other("the length does not match"));
        }
        Ok(())
    }
}

impl<R: BufRead> Read for ZstdDecoder<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        loop {
            match self.unpacked {
                None => {
                    if !self.next_frame()? {
                        return Ok(0);
                    }
                }
                Some(before) if self.frame.can_collect() > 0 => {
                    let len = self.frame.read(into)?;
                    self.unpacked = Some(before + len as u64);
                    return Ok(len);
                }
                Some(all) if self.frame.is_finished() => self.end_frame(all)?,
                Some(_) => {
                    let decoded =
                        self.frame.decode_blocks(&mut self.packed, BlockDecodingStrategy::UptoBlocks(1));
                    decoded.map_err(io::Error::other)?;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAMED: &[u8] = include_bytes!("../../fixtures/reading/packed/streamed.zst");
    const SMALL_WINDOW: &[u8] = include_bytes!("../../fixtures/reading/packed/small-window.zst");
    fn unpack(packed: &[u8]) -> io::Result<Vec<u8>> {
        let mut unpacked = Vec::new();
        ZstdDecoder::new(packed).read_to_end(&mut unpacked).map(|_| unpacked)
    }

    #[test]
    fn what_is_cut_off_or_changed_is_not_read() {
        let whole = unpack(STREAMED).unwrap();
        for packed in [STREAMED, SMALL_WINDOW] {
            for at in (1..packed.len()).step_by(467).chain(packed.len() - 5..packed.len()) {
                assert!(unpack(&packed[..at]).is_err(), "cut at {at}");
                let mut changed = packed.to_vec();
                changed[at] ^= 1 << (at % 8);
                // A bit of the frame's head may say the same in another way.
                assert!(unpack(&changed).map_or(true, |unpacked| unpacked == whole), "changed at {at}");
            }
        }
        assert!(unpack(&[STREAMED, b"garbage"].concat()).is_err());
        assert!(unpack(&[STREAMED, &[0x53, 0x2A, 0x4D, 0x18, 9, 0, 0, 0, 1]].concat()).is_err());
    }
}
