//! Panics, which are mistakes of this program or of a library: caught where the rest can go on, and told once, as errors are.

use std::any::Any;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Calls of [`caught`] that are under way, in all threads: work that is caught may itself have threads, in which it panics.
static CATCHING: AtomicUsize = AtomicUsize::new(0);

/// What panicked, and where, until whoever catches it asks.
static PLACES: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

/// From now on, a panic while something is [`caught`] says nothing by itself: whoever catches it tells it. At other times `tell` gets its words.
pub fn tell_once(tell: impl Fn(&str) + Send + Sync + 'static) {
    set_hook(Box::new(move |panic| {
        if CATCHING.load(Ordering::SeqCst) == 0 {
            tell(&panic.to_string());
        } else {
            PLACES.lock().unwrap_or_else(PoisonError::into_inner).push((message(panic.payload()), place(panic)));
        }
    }));
}

/// What `work` gives; if it panics, what the panic said, and where in the program it was if [`tell_once`] was called.
///
/// What `work` may have left half done must not be looked at again.
///
/// # Errors
/// The panic, in words.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    CATCHING.fetch_add(1, Ordering::SeqCst);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    CATCHING.fetch_sub(1, Ordering::SeqCst);
    outcome.map_err(|payload| {
        let told = message(&*payload);
        let mut places = PLACES.lock().unwrap_or_else(PoisonError::into_inner);
        match places.iter().position(|(message, _)| *message == told) {
            Some(number) => format!("{told} ({})", places.swap_remove(number).1),
            None => told,
        }
    })
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "unknown".to_owned())
}

fn place(panic: &PanicHookInfo) -> String {
    panic.location().map_or_else(|| "somewhere".to_owned(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_caught_with_its_words_also_from_another_thread() {
        assert_eq!(caught(|| 3), Ok(3));
        let told = caught(|| panic!("out of {}", "range")).unwrap_err();
        assert!(told.starts_with("out of range"), "{told}");
        let inner = || std::thread::scope(|scope| scope.spawn(|| panic!("in a thread")).join());
        let told = caught(|| inner().map_err(|payload| std::panic::resume_unwind(payload))).unwrap_err();
        assert!(told.starts_with("in a thread"), "{told}");
    }
}
