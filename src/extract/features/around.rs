//! A line among its neighbours: what stands beside it, and how far prose and kept lines are.

use super::ground::Sum;
use super::{AROUND, COUNT, FREE, NEAR, NEIGHBOURS, OWN, Page, Put, Row, ln, share};
use crate::extract::content::Block;
use crate::extract::dom::Tag;

/// Farther lines are all equally far.
const FAR: f32 = 40.0;

impl Page<'_> {
    pub fn near(&self, rows: &mut [Row]) {
        let count = self.blocks.len();
        let body = gaps(count, |i| self.kept[i] && self.prose[i]);
        let prose = gaps(count, |i| self.prose[i]);
        // Running sums, so that any stretch of lines costs the same.
        let mut sums = vec![(0.0f64, Sum::default(), 0.0f64); count + 1];
        for i in 0..count {
            let (mass, mut sum, kept) = sums[i];
            let block = &self.blocks[i];
            sum.add(&Sum::of(block, self.prose[i], self.kept[i]));
            sums[i + 1] = (mass + block.mass(), sum, kept + f64::from(u8::from(self.kept[i])));
        }
        for (i, row) in rows.iter_mut().enumerate() {
            self.beside(row, i);
            let mut put = Put::at(row, OWN + NEAR * NEIGHBOURS.len());
            put.add(prose.0[i]);
            put.add(prose.1[i]);
            let over = |reach: usize| {
                let (from, to) = (i.saturating_sub(reach), (i + reach + 1).min(count));
                let lines = (to - from) as f64;
                let (a, b) = (&sums[from], &sums[to]);
                let linked = share(f64::from(b.1.linked - a.1.linked), f64::from(b.1.weight - a.1.weight));
                (ln((b.0 - a.0) / lines), linked, ((b.2 - a.2) / lines) as f32)
            };
            let (close, wide) = (over(3), over(10));
            for value in [close.0, close.1, wide.0, wide.1, self.east_asian] {
                put.add(value);
            }
            debug_assert_eq!(put.at, FREE);
            let mut put = Put::at(row, COUNT - AROUND);
            for step in NEIGHBOURS {
                let kept = self.neighbour(i, step).map(|j| f32::from(u8::from(self.kept[j])));
                put.add(kept.unwrap_or(-1.0));
            }
            for value in [body.0[i], body.1[i], close.2, wide.2] {
                put.add(value);
            }
            debug_assert_eq!(put.at, COUNT);
        }
    }

    fn neighbour(&self, i: usize, step: isize) -> Option<usize> {
        i.checked_add_signed(step).filter(|j| *j < self.blocks.len())
    }

    fn beside(&self, row: &mut Row, i: usize) {
        let mut put = Put::at(row, OWN);
        for step in NEIGHBOURS {
            let Some(j) = self.neighbour(i, step) else {
                (0..NEAR).for_each(|_| put.add(-1.0));
                continue;
            };
            let other: &Block = &self.blocks[j];
            put.add(ln(f64::from(other.weight)));
            put.add(other.link_share() as f32);
            put.yes(self.prose[j]);
            put.yes(self.homes[j] == self.homes[i]);
            put.yes(self.signs[j] == self.signs[i]);
            put.yes(matches!(self.dom.tag(other.at), Some(Tag::Heading | Tag::H1)));
            put.add(self.said[j].iter().copied().fold(0.0, f32::max));
        }
    }
}

/// Of each line, lines since the last such line above and until the next one below.
fn gaps(count: usize, is: impl Fn(usize) -> bool) -> (Vec<f32>, Vec<f32>) {
    let (mut above, mut below) = (vec![FAR; count], vec![FAR; count]);
    let mut since = FAR;
    for (i, gap) in above.iter_mut().enumerate() {
        since = (since + 1.0).min(FAR);
        *gap = since;
        if is(i) {
            since = 0.0;
        }
    }
    since = FAR;
    for i in (0..count).rev() {
        since = (since + 1.0).min(FAR);
        below[i] = since;
        if is(i) {
            since = 0.0;
        }
    }
    (above, below)
}
