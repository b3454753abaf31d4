//! What becomes of memory that is no longer used.

/// Bytes that stay with the program: more than the largest layer takes and frees in a pass.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const KEPT: i32 = 256 << 20;
/// The largest piece that is kept, in bytes. The allocator takes no greater number.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const LARGEST: i32 = 32 << 20;

/// Lets freed memory stay with the program, for all of its run. Every layer of a pass over a long
/// prompt takes and frees tens of megabytes; left alone, the allocator gives them back each time,
/// and the system hands them out again page by page, each filled with zeros.
///
/// Does something with the GNU C library only, whose allocator does so.
pub fn keep_what_is_freed() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: these are numbers that the allocator looks at, and it takes any.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGEST);
        libc::mallopt(libc::M_TRIM_THRESHOLD, KEPT);
    }
}
