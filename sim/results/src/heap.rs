//! Memory of the process: how it is returned to the system, and how it is limited.

/// Makes the allocator return large blocks to the system as soon as they are freed.
///
/// glibc gives separate pages to blocks above a threshold. When a large block is freed, glibc
/// raises this threshold to the size of the block, up to 32 MB. From then on, large columns of
/// later worlds are placed between small blocks. When these columns are freed, the gaps are hardly
/// reusable. Ten runs in a row took twice the memory of two runs (`make memory`).
pub fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        /// Size above which a block gets its own pages: glibc's initial threshold.
        const LARGE: libc::c_int = 128 * 1024;
        // SAFETY: the call sets one number of the allocator and is allowed at any time.
        #[expect(unsafe_code, reason = "the standard library has no such function")]
        unsafe {
            libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
        }
    }
}

/// Limits the memory of this process. The process aborts if it needs more. The limit has an effect
/// on 64-bit GNU/Linux only, so callers must have a different safeguard too.
pub fn limit(bytes: u64) {
    #[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
    {
        let limit = libc::rlimit { rlim_cur: bytes, rlim_max: bytes };
        // SAFETY: the call reads a valid structure and sets a limit of this process.
        #[expect(unsafe_code, reason = "the standard library has no such function")]
        unsafe {
            libc::setrlimit(libc::RLIMIT_AS, &raw const limit);
        }
    }
    #[cfg(not(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64")))]
    let _ = bytes;
}
