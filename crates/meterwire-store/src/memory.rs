//! Gives freed memory back to the system.
//!
//! SQLite's caches are thousands of small pieces; without this the allocator keeps what they leave, and a server that was
//! busy once stays large for good.

/// Gives back what the allocator holds but nobody uses.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn give_back() {
    #[expect(unsafe_code, reason = "a call into the C library without arguments that could be wrong")]
    // SAFETY: malloc_trim takes no pointer and may be called from any thread at any time.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Other allocators give memory back by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn give_back() {}
