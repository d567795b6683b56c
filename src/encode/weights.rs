//! The network's numbers but for the table: vectors as they are, matrices as whole multiples of a step.

use super::EncodeError;
use super::convolution::Folded;
use super::data::Fields;
use super::product::Matrix;
use super::{DIM, forward};

/// One branch of the convolutions: how many pieces it looks at, and how many of them stand before.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    pub span: usize,
    pub before: usize,
}

impl Order {
    pub const fn after(self) -> usize {
        self.span - 1 - self.before
    }
}

pub const ORDERS: [Order; 3] = [
    Order { span: 2, before: 0 },
    Order { span: 3, before: 1 },
    Order { span: 5, before: 2 },
];

/// Numbers that a piece has in each branch.
pub const BRANCH: usize = 256;
/// Numbers between the layers of the network over a sentence.
pub const HIDDEN: usize = 320;

pub struct Weights {
    /// Keeps a division by nothing apart, as the model was trained with it.
    pub epsilon: f32,
    /// The branches side by side.
    pub projection_bias: Vec<f32>,
    pub projection_gain: Vec<f32>,
    pub projection_shift: Vec<f32>,
    pub first_bias: Vec<Vec<f32>>,
    pub second_bias: Vec<Vec<f32>>,
    pub gain: Vec<f32>,
    pub shift: Vec<f32>,
    pub sentence_bias: Vec<f32>,
    pub projection: Vec<Matrix>,
    pub first: Vec<Matrix>,
    pub second: Vec<Folded>,
    pub sentence: Matrix,
    pub dense_0: Matrix,
    pub skip_1: Matrix,
    pub dense_1: Matrix,
    pub dense_2: Matrix,
    pub skip_3: Matrix,
    pub dense_3: Matrix,
}

impl Weights {
    pub fn read(fields: &mut Fields<'_>) -> Result<Weights, EncodeError> {
        let epsilon = fields.f32s(1)?[0];
        let branches = BRANCH * ORDERS.len();
        let projection_bias = fields.f32s(branches)?;
        let projection_gain = fields.f32s(branches)?;
        let projection_shift = fields.f32s(branches)?;
        let mut biases = || {
            ORDERS
                .iter()
                .map(|_| fields.f32s(BRANCH))
                .collect::<Result<Vec<_>, _>>()
        };
        let first_bias = biases()?;
        let second_bias = biases()?;
        let gain = fields.f32s(forward::WIDTH)?;
        let shift = fields.f32s(forward::WIDTH)?;
        let sentence_bias = fields.f32s(DIM)?;
        let projection = ORDERS.iter().map(|_| matrix(fields, DIM, BRANCH));
        let projection = projection.collect::<Result<Vec<_>, _>>()?;
        let first = ORDERS.iter().map(|order| matrix(fields, order.span * BRANCH, BRANCH));
        let first = first.collect::<Result<Vec<_>, _>>()?;
        let second = ORDERS.iter().map(|order| {
            let weights = values(fields, order.span * BRANCH * BRANCH)?;
            Ok(Folded::new(&weights, order.span))
        });
        let second = second.collect::<Result<Vec<_>, _>>()?;
        Ok(Weights {
            epsilon,
            projection_bias,
            projection_gain,
            projection_shift,
            first_bias,
            second_bias,
            gain,
            shift,
            sentence_bias,
            projection,
            first,
            second,
            sentence: matrix(fields, forward::WIDTH, DIM)?,
            dense_0: matrix(fields, DIM, HIDDEN)?,
            skip_1: matrix(fields, DIM, HIDDEN)?,
            dense_1: matrix(fields, HIDDEN, HIDDEN)?,
            dense_2: matrix(fields, HIDDEN, DIM)?,
            skip_3: matrix(fields, HIDDEN, DIM)?,
            dense_3: matrix(fields, DIM, DIM)?,
        })
    }
}

fn matrix(fields: &mut Fields<'_>, rows: usize, columns: usize) -> Result<Matrix, EncodeError> {
    Ok(Matrix::new(values(fields, rows * columns)?, columns))
}

fn values(fields: &mut Fields<'_>, count: usize) -> Result<Vec<f32>, EncodeError> {
    let step = fields.f32s(1)?[0];
    let multiples = fields.bytes(count)?;
    Ok(multiples
        .iter()
        .map(|&byte| f32::from(byte.cast_signed()) * step)
        .collect())
}
