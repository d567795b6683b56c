//! The clock. Below `crawl` and `cli`, `now` is an argument.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;

/// Real time, or a hand that only moves when something sleeps.
#[derive(Debug)]
pub enum Clock {
    System,
    /// Milliseconds since the epoch.
    Manual(AtomicI64),
}

impl Clock {
    pub fn manual(start: Timestamp) -> Clock {
        Clock::Manual(AtomicI64::new(start.as_millisecond()))
    }

    pub fn now(&self) -> Timestamp {
        match self {
            Clock::System => Timestamp::now(),
            Clock::Manual(hand) => {
                Timestamp::from_millisecond(hand.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
            }
        }
    }

    /// Waits until `deadline`; the manual clock waits by moving itself, and never back.
    pub async fn sleep_until(&self, deadline: Timestamp) {
        match self {
            Clock::System => {
                let wait = deadline.duration_since(Timestamp::now());
                tokio::time::sleep(Duration::try_from(wait).unwrap_or(Duration::ZERO)).await;
            }
            Clock::Manual(hand) => {
                hand.fetch_max(deadline.as_millisecond(), Ordering::SeqCst);
                tokio::task::yield_now().await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_manual_hand_moves_forward_only() {
        let start = Timestamp::from_second(1_260_748_800).unwrap();
        let clock = Clock::manual(start);
        clock.sleep_until(Timestamp::from_second(1_260_748_900).unwrap()).await;
        clock.sleep_until(start).await;
        assert_eq!(clock.now().as_second(), 1_260_748_900);
    }
}
