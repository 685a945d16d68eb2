//! Parallel work on chunks with rayon. Without the feature `parallel`, chunks run sequentially,
//! with bit-identical results.

#[cfg(feature = "parallel")]
pub(crate) use rayon::{current_num_threads, current_thread_index, join, prelude};

#[cfg(not(feature = "parallel"))]
pub(crate) use alone::{current_num_threads, current_thread_index, join};

/// Traits for work on lists.
#[cfg(not(feature = "parallel"))]
pub(crate) mod prelude {
    pub(crate) use super::alone::{IntoParallelIterator, ParallelSliceMut};
}

/// Sequential replacement for the part of rayon that is used here.
#[cfg(not(feature = "parallel"))]
mod alone {
    pub(crate) trait IntoParallelIterator: IntoIterator + Sized {
        fn into_par_iter(self) -> Self::IntoIter {
            self.into_iter()
        }
    }

    impl<I: IntoIterator> IntoParallelIterator for I {}

    pub(crate) trait ParallelSliceMut<T> {
        fn par_chunks_mut(&mut self, size: usize) -> std::slice::ChunksMut<'_, T>;
    }

    impl<T> ParallelSliceMut<T> for [T] {
        fn par_chunks_mut(&mut self, size: usize) -> std::slice::ChunksMut<'_, T> {
            self.chunks_mut(size)
        }
    }

    pub(crate) fn join<A, B>(first: impl FnOnce() -> A, second: impl FnOnce() -> B) -> (A, B) {
        (first(), second())
    }

    pub(crate) fn current_num_threads() -> usize {
        1
    }

    pub(crate) fn current_thread_index() -> Option<usize> {
        None
    }
}
