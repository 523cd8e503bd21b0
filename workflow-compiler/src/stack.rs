//! Room for what is nested as deep as the limits allow.

/// How large a stack is made; only what is used of it takes memory
const STACK: usize = 64 * 1024 * 1024;

/// Runs `work` on a stack that takes the deepest program, whatever that of the caller is
///
/// Checking a program needs little. But the code of an expression at the limits is nested as deep
/// as the expression, and the libraries that parse and lay it out take tens of kilobytes a level.
/// Where no thread can be had, the work is done on the caller's stack.
pub(crate) fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let work = std::sync::Mutex::new(Some(work));
    let take = || work.lock().ok().and_then(|mut work| work.take());
    let done = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        let thread = thread.spawn_scoped(scope, || take().map(|work| work())).ok()?;
        match thread.join() {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    });
    match (done, take()) {
        (Some(done), _) => done,
        (None, Some(work)) => work(),
        (None, None) => unreachable!("the work was taken, and neither ended nor panicked"),
    }
}

#[cfg(test)]
mod tests {
    use super::on_large_stack;

    #[test]
    fn gives_what_the_work_gives_or_its_panic() {
        let text = String::from("borrowed");
        assert_eq!(on_large_stack(|| text.len()), 8);
        let panic = std::panic::catch_unwind(|| on_large_stack(|| panic!("mine")));
        assert_eq!(panic.unwrap_err().downcast_ref::<&str>(), Some(&"mine"));
    }
}
