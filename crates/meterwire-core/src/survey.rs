//! Single events as they are gone over in the order of time, for questions that no sum answers.

use crate::money::CostNanos;
use crate::tokens::TokenUsage;
use std::any::Any;
use std::sync::Arc;

/// What is told of each event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SurveyedEvent {
    /// Its number in the order of recording.
    pub seq: i64,
    /// When it happened, Unix milliseconds.
    pub time_ms: i64,
    /// The number of its kind, as the surveyor was told before.
    pub kind: u32,
    /// HTTP status, 0 where absent.
    pub status: u16,
    /// Its model has no price.
    pub unpriced: bool,
    /// Its tokens.
    pub tokens: TokenUsage,
    /// What it costs.
    pub cost: CostNanos,
    /// The number that stands for the hash of its request, 0 where absent or not wanted.
    pub request: u64,
}

impl SurveyedEvent {
    /// A call that failed: status 400 or above.
    pub fn is_error(&self) -> bool {
        self.status >= 400
    }
}

/// The number that stands for a request by its hash: 64 bits of all 256, never 0. Senders need not hash well: hashes that
/// differ in one of their four words never share a number. It is on disk, so it must never change.
pub fn request_number(hash: &[u8; 32]) -> u64 {
    let mut mixed = 0_u64;
    for word in hash.as_chunks::<8>().0 {
        mixed = (mixed.rotate_left(13) ^ u64::from_be_bytes(*word)).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
    mixed.max(1)
}

/// What events have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SurveyKind {
    /// Who sells the model.
    pub provider: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// The provider's service tier.
    pub service_tier: Option<String>,
}

/// Takes in events. It is called from the store's own thread and must not wait.
pub trait Surveyor: Send {
    /// Tells the next kind: the first is number 0, the one after it 1, and so on.
    fn kind(&mut self, kind: SurveyKind);
    /// Takes some events, in the order of time, then of recording.
    fn events(&mut self, events: &[SurveyedEvent]);

    /// By what its states are told from those of others; `None` where none is worth remembering.
    fn name(&self) -> Option<String> {
        None
    }

    /// What it has taken in so far.
    fn state(&self) -> Option<SurveyState> {
        None
    }

    /// Goes on from such a state as if it had taken in all of that itself. False, and nothing is changed, where that is no
    /// state of what this one is to find out.
    fn go_on_from(&mut self, _state: &(dyn Any + Send + Sync)) -> bool {
        false
    }
}

/// What a surveyor has taken in, so that another time it can go on from there.
#[derive(Clone)]
pub struct SurveyState {
    /// Read by [`Surveyor::go_on_from`] alone.
    pub taken_in: Arc<dyn Any + Send + Sync>,
    /// About how many bytes of memory it takes.
    pub bytes: usize,
}

#[cfg(test)]
mod tests {
    use super::request_number;
    use std::collections::BTreeSet;

    #[test]
    fn padded_numbers_are_different_requests() {
        let mut numbers = BTreeSet::new();
        for i in 0..1_000_u64 {
            for place in 0..4 {
                let mut hash = [0; 32];
                hash[8 * place..8 * (place + 1)].copy_from_slice(&(i + 1).to_be_bytes());
                numbers.insert(request_number(&hash));
            }
        }
        assert_eq!(numbers.len(), 4_000);
        assert_eq!(request_number(&[0; 32]), 1, "0 stands for no hash");
    }
}
