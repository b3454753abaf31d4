//! A small world for the hub's tests: a folder for everything, a loopback server that speaks
//! the hub's protocol, packages, and a listener that remembers what it was told.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use depeche::hub::{Environment, Hub, HubOptions, ModelCard};
use depeche::progress::{Progress, Total};
use sha2::{Digest, Sha256};

pub const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
pub const REPO_FOLDER: &str = "models--owner--tiny";

/// A model file of 30 000 bytes that differ from one another.
pub fn content() -> Vec<u8> {
    let numbers = (0u32..7499).map(|i| i.wrapping_mul(2_654_435_761));
    b"GGUF".iter().copied().chain(numbers.flat_map(u32::to_le_bytes)).collect()
}

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The card of [`content`]; with packages, also a mirror.
pub fn tiny_card(packages: &[&str]) -> ModelCard {
    let bytes = content();
    let mut text = format!(
        "name = 'tiny'\ntask = 'chat'\narchitecture = 'qwen2'\nlanguages = ['fr']\n\
         licence = 'MIT'\ncontext_length = 64\nchat_template = 'gguf'\n\
         [hub]\nrepo = 'owner/tiny'\nrevision = '{COMMIT}'\n\
         [[files]]\nname = 'tiny.gguf'\nsize = {}\nsha256 = '{}'\n",
        bytes.len(),
        sha256(&bytes),
    );
    if !packages.is_empty() {
        let packages = format!("{packages:?}");
        text += &format!("[files.mirror]\nmember = '*/data/part*.bin'\npackages = {packages}\n");
    }
    ModelCard::parse(&text, "the test's card").unwrap()
}

/// One folder that holds all that a test touches.
pub struct World {
    pub dir: tempfile::TempDir,
    pub variables: BTreeMap<&'static str, OsString>,
}

impl World {
    pub fn new(endpoint: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let variables = BTreeMap::from([
            ("HOME", dir.path().join("home").into()),
            ("HF_HUB_CACHE", dir.path().join("hub").into()),
            ("HF_ENDPOINT", endpoint.into()),
            ("DEPECHE_PIP", dir.path().join("pip").into()),
        ]);
        Self { dir, variables }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.variables.insert(name, value.into());
        self
    }

    pub fn environment(&self) -> Environment {
        let get = |name: &str| self.variables.get(name).cloned();
        Environment::from_variables(self.path("work"), get)
    }

    pub fn hub(&self) -> Hub {
        Hub::new(HubOptions::default(), self.environment())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn repo(&self, name: &str) -> PathBuf {
        self.path("hub").join(REPO_FOLDER).join(name)
    }

    pub fn blob(&self) -> PathBuf {
        self.repo("blobs").join(sha256(&content()))
    }

    pub fn pointer(&self) -> PathBuf {
        self.repo("snapshots").join(COMMIT).join("tiny.gguf")
    }

    pub fn part(&self) -> PathBuf {
        self.repo("blobs").join(format!("{}.incomplete", sha256(&content())))
    }

    pub fn write(&self, path: &Path, bytes: &[u8]) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// Puts a package with one piece where the stand-in for pip finds it.
    pub fn add_package(&self, package: &str, piece: &[u8]) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fake_pip.sh");
        // A link, not a copy: a program just written may still be open in a forked child.
        #[cfg(unix)]
        let _ = std::os::unix::fs::symlink(script, self.path("pip"));
        let path = self.path("wheels").join(format!("{package}.whl"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut zip = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file("tiny_part/__init__.py", options).unwrap();
        zip.write_all(b"raise SystemExit('never imported')\n").unwrap();
        zip.start_file("tiny_part/data/part01.bin", options).unwrap();
        zip.write_all(piece).unwrap();
        zip.finish().unwrap();
    }

    /// The packages that pip was asked for, in order.
    pub fn asked(&self) -> Vec<String> {
        let diary = std::fs::read_to_string(self.path("asked")).unwrap_or_default();
        diary.lines().map(str::to_owned).collect()
    }
}

pub const PACKAGES: [&str; 3] = ["tiny-part1==1.0", "tiny-part2==1.0", "tiny-part3==1.0"];

/// A world with a mirror that holds the first `n` packages of the card.
pub fn mirrored(endpoint: &str, n: usize) -> World {
    let world = World::new(endpoint);
    for (package, piece) in PACKAGES.iter().zip(content().chunks(10_000)).take(n) {
        world.add_package(package, piece);
    }
    world
}

/// What a client asked.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub path: String,
    pub start: u64,
    pub authorization: Option<String>,
}

/// What the server answers.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    /// Close the connection after so many bytes of the body.
    pub cut_at: Option<usize>,
}

impl Reply {
    pub fn status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The bytes from the asked start on, as the hub sends them.
    pub fn file(asked: &Asked, bytes: &[u8]) -> Self {
        let n = bytes.len();
        let start = asked.start as usize;
        let range = format!("bytes {start}-{}/{n}", n - 1);
        Self { status: 206, body: bytes[start..].to_vec(), ..Self::default() }
            .with("ETag", format!("\"{}\"", sha256(bytes)))
            .with("X-Repo-Commit", COMMIT)
            .with("Content-Range", range)
    }

    pub fn cut_at(self, n: usize) -> Self {
        Self { cut_at: Some(n), ..self }
    }
}

/// A server on the loopback address; it serves until the test process ends.
pub struct Server {
    pub endpoint: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// `reply` gets the request and how many there were before it.
    pub fn start(reply: impl Fn(&Asked, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (log, reply) = (asked.clone(), Arc::new(reply));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, reply) = (log.clone(), reply.clone());
                std::thread::spawn(move || serve(stream, &log, &*reply));
            }
        });
        Self { endpoint, asked }
    }

    /// Serves [`content`] without any mischief.
    pub fn honest() -> Self {
        Self::start(|asked, _| Reply::file(asked, &content()))
    }

    /// An address where nobody listens.
    pub fn nobody() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(
    stream: TcpStream,
    log: &Mutex<Vec<Asked>>,
    reply: &(impl Fn(&Asked, usize) -> Reply + ?Sized),
) {
    let Some(asked) = read_request(&stream) else { return };
    let n_before = {
        let mut log = log.lock().unwrap();
        log.push(asked.clone());
        log.len() - 1
    };
    let _ = write_reply(stream, &reply(&asked, n_before));
}

fn read_request(stream: &TcpStream) -> Option<Asked> {
    let mut lines = BufReader::new(stream).lines();
    let path = lines.next()?.ok()?.split(' ').nth(1)?.to_owned();
    let mut asked = Asked { path, ..Asked::default() };
    for line in lines {
        let line = line.ok()?;
        let Some((name, value)) = line.split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "range" => {
                asked.start = value.strip_prefix("bytes=")?.split('-').next()?.parse().ok()?
            }
            "authorization" => asked.authorization = Some(value.to_owned()),
            _ => {}
        }
    }
    Some(asked)
}

fn write_reply(mut stream: TcpStream, reply: &Reply) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 {} X\r\nConnection: close\r\n", reply.status)?;
    for (name, value) in &reply.headers {
        write!(stream, "{name}: {value}\r\n")?;
    }
    write!(stream, "Content-Length: {}\r\n\r\n", reply.body.len())?;
    let n = reply.cut_at.unwrap_or(reply.body.len());
    stream.write_all(&reply.body[..n])?;
    stream.flush()
}

/// Remembers what it was told.
#[derive(Default)]
pub struct Listener {
    notes: Mutex<Vec<String>>,
    advanced: Mutex<u64>,
}

impl Listener {
    pub fn heard(&self, part: &str) -> bool {
        self.notes.lock().unwrap().iter().any(|note| note.contains(part))
    }
}

impl Progress for Listener {
    fn begin(&self, _what: &str, _total: Total) {
        *self.advanced.lock().unwrap() = 0;
    }

    fn advance(&self, n: u64) {
        *self.advanced.lock().unwrap() += n;
    }

    fn note(&self, message: &str) {
        self.notes.lock().unwrap().push(message.to_owned());
    }

    fn end(&self) {
        assert!(*self.advanced.lock().unwrap() <= content().len() as u64, "more than there is");
    }
}
