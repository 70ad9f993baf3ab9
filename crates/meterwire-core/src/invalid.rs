//! A value that a rule refuses, told so that the caller can mend it.

/// One refused value: which field, and a sentence that says what is allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct Invalid {
    /// The field as the caller names it, dotted: `usage.input_tokens`.
    pub field: String,
    /// A sentence for the caller.
    pub message: String,
}

impl Invalid {
    /// A refusal of `field` with a sentence.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}
