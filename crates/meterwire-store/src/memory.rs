//! Gives freed memory back to the system.
//!
//! SQLite's caches are thousands of small pieces, and questions over many events need much for a moment; without this the
//! allocator keeps what they leave, and a server that was busy once stays large for good.

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod gnu {
    use std::sync::Once;

    /// Pieces of this size and more are the system's again as soon as they are free.
    const LARGE_BYTES: libc::c_int = 1 << 20;
    /// So much may be free at the end of each heap, so that what every question needs is not asked for each time.
    const SPARE_BYTES: libc::c_int = 16 << 20;
    /// What one heap has free is of no use to threads of another one; by default there are eight for each processor.
    const HEAPS: libc::c_int = 4;

    static BOUNDED: Once = Once::new();

    /// Bounds what the allocator keeps of freed memory, once and for the whole process.
    pub(crate) fn bound() {
        BOUNDED.call_once(|| {
            #[expect(unsafe_code, reason = "calls into the C library with two numbers each")]
            // SAFETY: mallopt takes no pointer and may be called at any time; what it refuses changes nothing.
            let is_bounded = unsafe {
                libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE_BYTES) == 1
                    && libc::mallopt(libc::M_TRIM_THRESHOLD, SPARE_BYTES) == 1
                    && libc::mallopt(libc::M_ARENA_MAX, HEAPS) == 1
            };
            if !is_bounded {
                tracing::debug!("the allocator could not be told how much to keep");
            }
        });
    }

    /// Gives back what the allocator holds but nobody uses.
    pub(crate) fn give_back() {
        #[expect(unsafe_code, reason = "a call into the C library without arguments that could be wrong")]
        // SAFETY: malloc_trim takes no pointer and may be called from any thread at any time.
        unsafe {
            libc::malloc_trim(0);
        }
    }
}

/// Other allocators give memory back by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
mod other {
    pub(crate) fn bound() {}
    pub(crate) fn give_back() {}
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) use gnu::{bound, give_back};
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) use other::{bound, give_back};
