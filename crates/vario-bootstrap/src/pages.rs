//! Plugins' own pages: where a browser finds them, and what has to be served for them.

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use vario_manifest::{Dialect, Plugin};

use crate::hosting::Hosted;
use crate::serving::{Serving, ServingOptions};

/// What a page of smartCARS may have written into its code: the ports of that application.
const SMARTCARS_PORTS: [&[u8]; 2] = [b"7172", b"7173"];

/// How much of a page's code is looked at.
const MAX_CODE_BYTES: u64 = 64 * 1024 * 1024;

/// How a page is to look, as the window does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageColours {
    /// Whether the window is dark.
    pub is_dark: bool,
    /// Six hexadecimal digits.
    pub foreground: String,
    /// Six hexadecimal digits.
    pub background: String,
}

/// How this process serves.
pub(crate) enum Served {
    /// As somebody wanted it, who keeps it.
    AsWanted(Arc<Serving>),
    /// Because a page was opened.
    ForPages(Serving),
}

impl Served {
    fn serving(&self) -> &Serving {
        match self {
            Self::AsWanted(serving) => serving,
            Self::ForPages(serving) => serving,
        }
    }
}

impl Hosted {
    /// The address of a plugin's own page, with the parameters that pages of its family expect
    /// (smartCARS reference, section 7). Serves it from now on, if nobody does yet, and with it the
    /// ports that its code names.
    ///
    /// # Errors
    /// When there is no such page, it cannot be shown here, or what it needs cannot be served: the
    /// words name the port that is taken.
    pub fn page(self: &Arc<Self>, id: &str, colours: &PageColours) -> Result<String, String> {
        let plugins = self.plugins();
        let (plugin, folder) = plugins
            .iter()
            .find(|(plugin, _)| plugin.id == id)
            .ok_or_else(|| format!("there is no plugin `{id}`"))?;
        let Some(pages) = &plugin.ui else {
            return Err(format!("plugin `{id}` has no page of its own"));
        };
        if plugin.dialect == Dialect::Stratos {
            return Err(format!(
                "the page of `{id}` is made for the Stratos shell and needs the modules it shares"
            ));
        }
        let pages = folder.as_ref().map(|folder| folder.join(pages));
        let port = self.served_port(names_smartcars_ports(plugin, pages.as_deref()))?;
        let PageColours { is_dark, foreground, background } = colours;
        let address = vario_server::page_address(port, id);
        Ok(format!("{address}?darkmode={is_dark}&forecolor={foreground}&backcolor={background}"))
    }

    /// The port of the local server, which is started if there is none, and with the ports of
    /// smartCARS if they are wanted.
    fn served_port(self: &Arc<Self>, smartcars: bool) -> Result<u16, String> {
        let mut served = self.serving.lock();
        let port = match &*served {
            Some(known) if known.serving().has_smartcars() || !smartcars => {
                return Ok(known.serving().port());
            }
            Some(Served::AsWanted(_)) => {
                return Err("its page looks for smartCARS on ports 7172 and 7173, which are not \
                            served: start `vario serve --compat smartcars`"
                    .to_owned());
            }
            Some(Served::ForPages(known)) => known.port(),
            None => 0,
        };
        // Pages that are open find it on the same port again.
        drop(served.take());
        let start = |smartcars| {
            let options = ServingOptions { port, smartcars, ..ServingOptions::default() };
            self.vario.serve(self, &options).map_err(|error| error.to_string())
        };
        let wanted = start(smartcars);
        let (serving, outcome) = match wanted {
            Ok(serving) => (serving, Ok(())),
            // Pages that were open are still served.
            Err(words) if port != 0 => (start(false)?, Err(words)),
            Err(words) => return Err(words),
        };
        let port = serving.port();
        *served = Some(Served::ForPages(serving));
        outcome.map(|()| port)
    }

    /// This is how it is served.
    pub fn set_serving(&self, serving: &Arc<Serving>) {
        *self.serving.lock() = Some(Served::AsWanted(Arc::clone(serving)));
    }
}

/// Whether a page's code has a port of smartCARS written into it, as that vendor tells its authors
/// to (smartCARS reference, section 7). What cannot be read is not served either.
fn names_smartcars_ports(plugin: &Plugin, pages: Option<&Path>) -> bool {
    if plugin.dialect != Dialect::Smartcars {
        return false;
    }
    let mut left = MAX_CODE_BYTES;
    let mut folders: Vec<_> = pages.map(Path::to_owned).into_iter().collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder {
                folders.push(path);
            } else if is_code(&path) && names_one(&path, &mut left) {
                return true;
            }
        }
    }
    false
}

fn is_code(path: &Path) -> bool {
    let kind = path.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
    ["html", "htm", "js", "mjs"].contains(&kind.to_ascii_lowercase().as_str())
}

fn names_one(path: &Path, left: &mut u64) -> bool {
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(*left).read_to_end(&mut bytes));
    *left -= read.map_or(0, |count| count as u64);
    let names = |port: &[u8]| bytes.windows(port.len()).any(|part| part == port);
    SMARTCARS_PORTS.into_iter().any(names)
}
