//! tmux in tmux: the outer one tells how the inner one's status line looks.

use crate::tmux::Tmux;
use crate::{HEADLINE, pasted, rig};

#[test]
fn a_status_line_shows_it_in_colour() {
    let rig = rig();
    let rest = "set -g status-left ''\nset -g status-right-length 80\nset -g window-status-current-format ''\nset -g destroy-unattached on\n";
    rig.home.write("inner.conf", format!("{}\n{rest}", pasted("--format tmux")));
    let inner = "env -u TMUX tmux -L inner -f inner.conf new-session 'exec cat'";
    let tmux = Tmux::new(&rig, (80, 5), inner);
    tmux.shows(HEADLINE);
    let shown = tmux.colours();
    let line = shown.lines().find(|line| line.contains("quota")).unwrap_or(&shown);
    // 31 is red; between the two the status line's own colour comes back.
    assert!(line.contains("31mThe quota 3%") && line.contains("31mThe wrong !"), "{line:?}");
}
