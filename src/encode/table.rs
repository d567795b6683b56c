//! The table: a row of 512 bytes for every piece, unpacked when a text first needs it.
//!
//! A byte counts steps of its chunk's scale from its chunk's lowest value; a row's chunk is its number mod 17. A frame
//! holds 64 rows of one chunk. A short text needs a few frames of two thousand, so the first one costs milliseconds
//! and not the whole table.

use std::sync::OnceLock;

use super::data::{Fields, Frames, damaged};
use super::{DIM, EncodeError};

const CHUNKS: usize = 17;
const ROWS_A_FRAME: usize = 64;

pub struct Scales {
    scale: Vec<f32>,
    lowest: Vec<f32>,
}

impl Scales {
    pub fn read(fields: &mut Fields<'_>) -> Result<Scales, EncodeError> {
        Ok(Scales {
            scale: fields.f32s(CHUNKS)?,
            lowest: fields.f32s(CHUNKS)?,
        })
    }
}

pub struct Table {
    frames: Frames,
    scales: Scales,
    /// In the order of the frames, of which the first is not the table's.
    unpacked: Vec<OnceLock<Vec<u8>>>,
}

impl Table {
    pub fn new(frames: Frames, scales: Scales, pieces: usize) -> Result<Table, EncodeError> {
        let needed = pieces.div_ceil(CHUNKS).div_ceil(ROWS_A_FRAME) * CHUNKS;
        if frames.count() != needed + 1 {
            return Err(damaged("the table has not as many rows as there are pieces"));
        }
        Ok(Table {
            unpacked: (0..needed).map(|_| OnceLock::new()).collect(),
            frames,
            scales,
        })
    }

    /// Writes the row of a piece.
    pub fn row(&self, piece: u32, out: &mut [f32]) {
        let (chunk, row) = (piece as usize % CHUNKS, piece as usize / CHUNKS);
        let number = row / ROWS_A_FRAME * CHUNKS + chunk;
        let frame = self.unpacked[number].get_or_init(|| self.unpack(number + 1));
        let start = row % ROWS_A_FRAME * DIM;
        let (scale, lowest) = (self.scales.scale[chunk], self.scales.lowest[chunk]);
        for (out, &byte) in out.iter_mut().zip(&frame[start..start + DIM]) {
            *out = f32::from(byte) * scale + lowest;
        }
    }

    fn unpack(&self, number: usize) -> Vec<u8> {
        // The file is part of the program, divided and measured when it was read, and a test unpacks every frame.
        let frame = self.frames.unpack(number);
        frame.expect("the encoder's data unpack, as when the program was tested")
    }
}
