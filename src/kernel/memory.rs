//! What becomes of memory that is no longer used.

/// Bytes that stay with the program: more than the largest layer takes and frees in a pass.
#[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
const KEPT: i32 = 256 << 20;
/// The largest piece that is kept, in bytes. The allocator refuses a greater number.
#[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
const LARGEST: i32 = 32 << 20;

/// Lets freed memory stay with the program, for all of its run; to be called before it has other
/// threads, and without effect later. Every layer of a pass over a long prompt takes and frees tens
/// of megabytes; left alone, the allocator gives them back each time, and the system hands them out
/// again page by page, each filled with zeros.
///
/// Does something with the GNU C library only, whose allocator does so.
pub fn keep_what_is_freed() {
    #[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
    if is_alone() {
        // SAFETY: the allocator's settings may be changed while no other thread uses it. Numbers
        // that it does not like it refuses.
        unsafe {
            if libc::mallopt(libc::M_MMAP_THRESHOLD, LARGEST) == 1 {
                libc::mallopt(libc::M_TRIM_THRESHOLD, KEPT);
            }
        }
    }
}

/// Whether this is the only thread of the program.
#[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
fn is_alone() -> bool {
    std::fs::read_dir("/proc/self/task").is_ok_and(|threads| threads.count() == 1)
}
