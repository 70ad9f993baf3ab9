//! How much memory this process may use, where the system says so (Linux).

use std::path::Path;

const MIB: u64 = 1 << 20;
/// Where nothing is known, and the bounds of what is taken unasked.
const UNKNOWN_MB: u32 = 256;
const LEAST_MB: u64 = 64;
const MOST_MB: u64 = 1_024;
/// So large a part of all memory.
const PART: u64 = 8;

/// Memory for columns in MiB where none is set: an eighth of the machine's, or of what the container may use; from 64 to
/// 1,024, and 256 where neither is known.
pub(super) fn default_column_memory_mb() -> u32 {
    let read = |file: &str| std::fs::read_to_string(Path::new(file)).ok();
    let machine = read("/proc/meminfo").and_then(|text| of_machine(&text));
    let container = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
        .into_iter()
        .find_map(read)
        .and_then(|text| text.trim().parse().ok());
    column_memory_mb(machine, container)
}

/// Of the bytes of the machine and of the container.
fn column_memory_mb(machine: Option<u64>, container: Option<u64>) -> u32 {
    // Without a limit a container names nothing, or more than there is.
    let Some(bytes) = machine.into_iter().chain(container).min() else { return UNKNOWN_MB };
    u32::try_from((bytes / PART / MIB).clamp(LEAST_MB, MOST_MB)).unwrap_or(UNKNOWN_MB)
}

/// The bytes that `/proc/meminfo` names.
fn of_machine(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_eighth_of_what_there_is_within_bounds() {
        let gib = |count: u64| Some(count << 30);
        assert_eq!(column_memory_mb(gib(2), None), 256);
        assert_eq!(column_memory_mb(gib(64), gib(4)), 512, "the container's limit");
        assert_eq!(column_memory_mb(gib(4), Some(u64::MAX)), 512, "no limit");
        assert_eq!(column_memory_mb(gib(512), None), 1_024);
        assert_eq!(column_memory_mb(Some(300 * MIB), None), 64);
        assert_eq!(column_memory_mb(None, None), 256);
    }

    #[test]
    fn memory_is_read_as_the_kernel_writes_it() {
        assert_eq!(of_machine("MemTotal:        2048000 kB\nMemFree: 1 kB\n"), Some(2_048_000 * 1_024));
        assert_eq!(of_machine("MemFree: 1 kB\n"), None);
        assert_eq!(of_machine("MemTotal: many kB\n"), None);
    }
}
