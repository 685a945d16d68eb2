//! How the program gives memory back.

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
