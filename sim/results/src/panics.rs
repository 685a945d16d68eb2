//! Panics, which are bugs in recsafe or a library. A panic is reported once. The panic is caught if
//! other work can continue.

use std::any::Any;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Number of active calls of [`caught`] in all threads. Work inside [`caught`] can start threads,
/// which can panic too.
static CATCHING: AtomicUsize = AtomicUsize::new(0);

/// Messages and source locations of panics that [`caught`] has not returned yet.
static PLACES: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

/// Installs a panic hook. A panic inside [`caught`] prints nothing, because the caller reports it.
/// For other panics the hook calls `tell` with the message.
pub fn tell_once(tell: impl Fn(&str) + Send + Sync + 'static) {
    set_hook(Box::new(move |panic| {
        if CATCHING.load(Ordering::SeqCst) == 0 {
            tell(&panic.to_string());
        } else {
            PLACES.lock().unwrap_or_else(PoisonError::into_inner).push((message(panic.payload()), location(panic)));
        }
    }));
}

/// Returns the result of `work`. If `work` panics, returns the message of the panic. The message
/// includes the source location if [`tell_once`] was called.
///
/// The caller must not use data that `work` was changing.
///
/// # Errors
/// If `work` panics.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    CATCHING.fetch_add(1, Ordering::SeqCst);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    CATCHING.fetch_sub(1, Ordering::SeqCst);
    outcome.map_err(|payload| {
        let text = message(&*payload);
        let mut places = PLACES.lock().unwrap_or_else(PoisonError::into_inner);
        match places.iter().position(|(message, _)| *message == text) {
            Some(number) => format!("{text} ({})", places.swap_remove(number).1),
            None => text,
        }
    })
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "unknown".to_owned())
}

fn location(panic: &PanicHookInfo) -> String {
    panic.location().map_or_else(|| "somewhere".to_owned(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_caught_with_its_words_also_from_another_thread() {
        assert_eq!(caught(|| 3), Ok(3));
        let message = caught(|| panic!("out of {}", "range")).unwrap_err();
        assert!(message.starts_with("out of range"), "{message}");
        let inner = || std::thread::scope(|scope| scope.spawn(|| panic!("in a thread")).join());
        let message = caught(|| inner().map_err(|payload| std::panic::resume_unwind(payload))).unwrap_err();
        assert!(message.starts_with("in a thread"), "{message}");
    }
}
