//! A desktop of one's own, without a screen: a server of windows, a home folder and the viewer.
//!
//! Nothing here touches the display, the settings or the files of whoever runs the task, and two
//! runs at once do not meet.

pub(crate) mod home;
pub(crate) mod picture;
pub(crate) mod server;
pub(crate) mod viewer;
pub(crate) mod wayland;
pub(crate) mod x11;

use std::time::{Duration, Instant};

use anyhow::Result;

/// Asks again and again until there is an answer; `None` once the time is over.
pub(crate) fn poll<T>(
    limit: Duration,
    pause: Duration,
    mut ask: impl FnMut() -> Result<Option<T>>,
) -> Result<Option<T>> {
    let end = Instant::now() + limit;
    loop {
        if let Some(answer) = ask()? {
            return Ok(Some(answer));
        }
        if Instant::now() >= end {
            return Ok(None);
        }
        std::thread::sleep(pause);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::poll;

    #[test]
    fn polling_ends_with_an_answer_or_with_the_time() {
        let mut asked = 0;
        let answer = poll(Duration::from_mins(1), Duration::ZERO, || {
            asked += 1;
            Ok((asked == 3).then_some(asked))
        });
        assert_eq!(answer.unwrap(), Some(3));
        let none = poll(Duration::ZERO, Duration::ZERO, || Ok(None::<()>));
        assert_eq!(none.unwrap(), None);
        let error = poll(Duration::ZERO, Duration::ZERO, || {
            anyhow::bail!("broken") as anyhow::Result<Option<()>>
        });
        assert_eq!(error.expect_err("an error ends it").to_string(), "broken");
    }
}
