//! A **Vector** is the meaning of a text as the encoder measures it: numbers of one length, kept small.

/// Each number as a whole one from −127 to 127, and what one step is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Vector {
    pub scale: f32,
    pub steps: Vec<i8>,
}

impl Vector {
    /// The nearest steps; a vector of nothing but zeros has a scale of 0.
    pub fn of(values: &[f32]) -> Vector {
        let largest = values
            .iter()
            .filter(|value| value.is_finite())
            .fold(0.0_f32, |most, value| most.max(value.abs()));
        let scale = largest / 127.0;
        let step = |value: &f32| {
            if scale > 0.0 { (value / scale).round() as i8 } else { 0 }
        };
        Vector {
            scale,
            steps: values.iter().map(step).collect(),
        }
    }

    pub fn values(&self) -> impl Iterator<Item = f32> + '_ {
        self.steps.iter().map(|step| f32::from(*step) * self.scale)
    }

    /// The bytes of the steps, as the store keeps them.
    pub fn bytes(&self) -> Vec<u8> {
        self.steps.iter().map(|step| step.cast_unsigned()).collect()
    }

    pub fn from_bytes(scale: f32, bytes: &[u8]) -> Vector {
        Vector {
            scale,
            steps: bytes.iter().map(|byte| byte.cast_signed()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_near_what_was_measured() {
        let values: Vec<f32> = (0..512).map(|n| ((n * 37 % 101) as f32 - 50.0) / 400.0).collect();
        let kept = Vector::of(&values);
        let again = Vector::from_bytes(kept.scale, &kept.bytes());
        assert_eq!(kept, again);
        for (was, is) in values.iter().zip(again.values()) {
            assert!((was - is).abs() <= kept.scale / 2.0 + f32::EPSILON);
        }
    }

    #[test]
    fn no_number_that_is_none_spreads() {
        assert_eq!(Vector::of(&[0.0, 0.0]).scale, 0.0);
        assert_eq!(Vector::of(&[f32::NAN, 1.0]).steps, [0, 127]);
    }
}
