//! How the program takes memory and gives it back.

/// Large pieces of memory go back to the system as soon as they are let go of.
///
/// The allocator of GNU/Linux raises the size from which it does so to that of the largest piece that it ever gave back, up to 32 MB. From then on
/// the columns of worlds lie between small pieces, and what is free between those is of little use: ten runs one after the other took twice the
/// memory of two (`make memory`).
pub fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        /// The size from which a piece has pages of its own: what the allocator begins with.
        const LARGE: libc::c_int = 128 * 1024;
        // SAFETY: it sets one number of the allocator; it may be called at any time.
        #[expect(unsafe_code, reason = "the standard library has no word for it")]
        unsafe {
            libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
        }
    }
}

/// From now on this process gets no more than so many bytes, and ends if it asks for more. Where this cannot be had (it can on 64-bit
/// GNU/Linux), nothing happens: it is a second wall, not the first.
pub fn limit(bytes: u64) {
    #[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
    {
        let limit = libc::rlimit { rlim_cur: bytes, rlim_max: bytes };
        // SAFETY: it reads the structure, which is there, and sets a number of this process.
        #[expect(unsafe_code, reason = "the standard library has no word for it")]
        unsafe {
            libc::setrlimit(libc::RLIMIT_AS, &raw const limit);
        }
    }
    #[cfg(not(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64")))]
    let _ = bytes;
}
