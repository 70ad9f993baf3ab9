//! Which kind of usage an event is, in the terms of `OpenAI`'s usage API: exactly one kind an event.
//!
//! The operation decides. One that is absent or that nobody has heard of says nothing, so the model does: what names a
//! model or a provider is a request to a model and counts as a completion, what names neither is [`UsageKind::Other`].
//! Only labels decide, never token counts, so that rollups can answer and no total depends on the grouping.

/// A kind of usage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UsageKind {
    /// Text out of a model: chat, completions, responses, messages.
    Completions,
    /// Decisions of a model.
    Decisions,
    /// Vectors out of a model.
    Embeddings,
    /// Moderation of texts and images.
    Moderations,
    /// Images made, edited or varied.
    Images,
    /// Speech out of text.
    AudioSpeeches,
    /// Text out of speech.
    AudioTranscriptions,
    /// Bytes kept for searching.
    VectorStores,
    /// Sessions of a code interpreter.
    CodeInterpreterSessions,
    /// Searches in kept files.
    FileSearchCalls,
    /// Searches in the web.
    WebSearchCalls,
    /// Everything else: tools, reranking, video, and what is no request to a model at all.
    Other,
}

use UsageKind::{
    AudioSpeeches, AudioTranscriptions, CodeInterpreterSessions, Completions, Decisions, Embeddings,
    FileSearchCalls, Images, Moderations, Other, VectorStores, WebSearchCalls,
};

/// Names of operations that are known to be of a kind, folded as [`fold`] does. `OpenTelemetry`'s names are among them.
const OPERATIONS: [(UsageKind, &[&str]); 12] = [
    (
        Completions,
        &[
            "chat",
            "chat_completion",
            "chat_completions",
            "completion",
            "completions",
            "text_completion",
            "text_completions",
            "generate",
            "generate_content",
            "text_generation",
            "response",
            "responses",
            "message",
            "messages",
            "converse",
            "realtime",
            "invoke_agent",
            "invoke_workflow",
            "plan",
        ],
    ),
    (Decisions, &["decision", "decisions"]),
    (Embeddings, &["embedding", "embeddings", "embed", "embed_content"]),
    (Moderations, &["moderation", "moderations", "moderate"]),
    (
        Images,
        &[
            "image",
            "images",
            "image_generation",
            "image_generations",
            "images_generations",
            "generate_image",
            "generate_images",
            "image_edit",
            "image_edits",
            "images_edits",
            "edit_image",
            "image_variation",
            "image_variations",
            "images_variations",
        ],
    ),
    (AudioSpeeches, &["audio_speech", "audio_speeches", "speech", "text_to_speech", "tts"]),
    (
        AudioTranscriptions,
        &[
            "audio_transcription",
            "audio_transcriptions",
            "transcription",
            "transcriptions",
            "transcribe",
            "audio_translation",
            "audio_translations",
            "speech_to_text",
            "stt",
        ],
    ),
    (VectorStores, &["vector_store", "vector_stores", "vector_storage"]),
    (
        CodeInterpreterSessions,
        &["code_interpreter", "code_interpreter_session", "code_interpreter_sessions", "code_execution"],
    ),
    (FileSearchCalls, &["file_search", "file_search_call", "file_search_calls", "file_searches"]),
    (WebSearchCalls, &["web_search", "web_search_call", "web_search_calls", "web_searches"]),
    (
        Other,
        &[
            "execute_tool",
            "create_agent",
            "fetch_response",
            "retrieval",
            "rerank",
            "video",
            "videos",
            "video_generation",
            "generate_video",
            "fine_tuning",
        ],
    ),
];

impl UsageKind {
    /// Every kind; each event is of one of them.
    pub const ALL: [Self; 12] = [
        Completions,
        Decisions,
        Embeddings,
        Moderations,
        Images,
        AudioSpeeches,
        AudioTranscriptions,
        VectorStores,
        CodeInterpreterSessions,
        FileSearchCalls,
        WebSearchCalls,
        Other,
    ];

    /// The name in routes.
    pub fn name(self) -> &'static str {
        match self {
            Completions => "completions",
            Decisions => "decisions",
            Embeddings => "embeddings",
            Moderations => "moderations",
            Images => "images",
            AudioSpeeches => "audio_speeches",
            AudioTranscriptions => "audio_transcriptions",
            VectorStores => "vector_stores",
            CodeInterpreterSessions => "code_interpreter_sessions",
            FileSearchCalls => "file_search_calls",
            WebSearchCalls => "web_search_calls",
            Other => "other",
        }
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind that an operation alone decides; `None` where it is absent or not known.
    pub fn of_operation(operation: Option<&str>) -> Option<Self> {
        let folded = fold(operation?);
        OPERATIONS.iter().find(|(_, names)| names.contains(&folded.as_str())).map(|(kind, _)| *kind)
    }

    /// The kind of an event whose operation decides nothing.
    pub fn of_undecided(names_model_or_provider: bool) -> Self {
        if names_model_or_provider { Completions } else { Other }
    }

    /// The kind of an event.
    pub fn of(operation: Option<&str>, names_model_or_provider: bool) -> Self {
        Self::of_operation(operation).unwrap_or_else(|| Self::of_undecided(names_model_or_provider))
    }
}

/// How `OpenAI` names what an image came about by: `image.generation`, `image.edit` or `image.variation`.
pub fn image_source(operation: Option<&str>) -> &'static str {
    let folded = fold(operation.unwrap_or_default());
    if folded.contains("edit") {
        "image.edit"
    } else if folded.contains("variation") {
        "image.variation"
    } else {
        "image.generation"
    }
}

/// A name without what differs only in spelling: `image.generation` and `Images/Generations` lose dots, slashes and capitals.
fn fold(operation: &str) -> String {
    let fold = |c: char| if matches!(c, '.' | '-' | '/' | ' ') { '_' } else { c.to_ascii_lowercase() };
    operation.trim().chars().map(fold).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_operation_is_of_one_kind_and_folded() {
        let all: Vec<_> = OPERATIONS.iter().flat_map(|(_, names)| names.iter()).collect();
        let different: HashSet<_> = all.iter().collect();
        assert_eq!(all.len(), different.len());
        assert!(all.iter().all(|name| fold(name) == **name));
        let kinds: HashSet<_> = OPERATIONS.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, UsageKind::ALL.into_iter().collect());
    }

    #[test]
    fn the_operation_decides_whatever_its_spelling() {
        let of = |operation| UsageKind::of(Some(operation), true);
        assert_eq!(of("chat"), Completions);
        assert_eq!(of("Chat.Completions"), Completions);
        assert_eq!(of("generate_content"), Completions);
        assert_eq!(of("embeddings"), Embeddings);
        assert_eq!(of("images/generations"), Images);
        assert_eq!(of("text-to-speech"), AudioSpeeches);
        assert_eq!(of("transcribe"), AudioTranscriptions);
        assert_eq!(of("execute_tool"), Other);
    }

    #[test]
    fn where_it_says_nothing_the_model_does() {
        assert_eq!(UsageKind::of(None, true), Completions);
        assert_eq!(UsageKind::of(None, false), Other);
        assert_eq!(UsageKind::of(Some("summarise-ticket"), true), Completions);
        assert_eq!(UsageKind::of(Some("deploy"), false), Other);
    }

    #[test]
    fn images_tell_how_they_came_about() {
        assert_eq!(image_source(Some("image.edit")), "image.edit");
        assert_eq!(image_source(Some("images/variations")), "image.variation");
        assert_eq!(image_source(Some("image_generation")), "image.generation");
    }
}
