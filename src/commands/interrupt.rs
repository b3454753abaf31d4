//! Ctrl-C: the first keeps what is finished, the second ends the program at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use depeche::progress::Progress;

use crate::output;

const EXIT_CODE: i32 = 130;

/// Whether the user wants the run to stop.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens from now on. Before that, Ctrl-C ends the program as it does any other.
    pub fn listen(progress: &dyn Progress) -> Self {
        let interrupt = Self::default();
        let flag = interrupt.0.clone();
        let heard = move || {
            if flag.swap(true, Ordering::SeqCst) {
                std::process::exit(EXIT_CODE);
            }
            output::say("stopping; what is finished is kept. Ctrl-C again ends at once");
        };
        if let Err(error) = ctrlc::set_handler(heard) {
            progress.note(&format!("Ctrl-C will end the program at once: {error}"));
        }
        interrupt
    }

    /// Whether it was pressed.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
