//! A mail server of the tests, and a report that is to be mailed.

use meterwire_app::clock::{Clock, SystemClock};
use meterwire_app::ports::{Audit, Catalog, Report, ReportScope, Statements};
use meterwire_core::report::{Every, ReportFormat, Schedule};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A mail server that keeps what it is given, and answers the end of a mail only where it is told to.
#[derive(Clone, Default)]
pub(crate) struct MailServer {
    pub(crate) port: u16,
    mails: Arc<Mutex<Vec<String>>>,
    pub(crate) answers: Arc<AtomicBool>,
}

impl MailServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self { port: listener.local_addr().unwrap().port(), ..Self::default() };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().talk(stream));
            }
        });
        server
    }

    async fn talk(self, stream: TcpStream) -> Option<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 test\r\n").await.ok()?;
        while let Some(line) = lines.next_line().await.ok()? {
            let answer = match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await.ok()?;
                    let mut mail = String::new();
                    while let Some(line) = lines.next_line().await.ok()?.filter(|line| line != ".") {
                        mail.push_str(&line);
                        mail.push('\n');
                    }
                    self.mails.lock().unwrap().push(mail);
                    if !self.answers.load(Ordering::SeqCst) {
                        std::future::pending::<()>().await;
                    }
                    "250 taken\r\n"
                }
                "QUIT" => "221 bye\r\n",
                _ => "250 test\r\n",
            };
            write.write_all(answer.as_bytes()).await.ok()?;
        }
        Some(())
    }

    pub(crate) fn came(&self) -> Vec<String> {
        self.mails.lock().unwrap().clone()
    }

    pub(crate) async fn wait_for(&self, count: usize) {
        let begun = Instant::now();
        while self.came().len() < count {
            assert!(begun.elapsed() < Duration::from_mins(1), "{} mails came", self.came().len());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// A daily report of a tenant that has been due for three days, by mail in these formats.
pub(crate) async fn overdue_report(store: &(impl Catalog + Statements), formats: &[ReportFormat]) {
    let tenant = store.tenant("acme").await.unwrap().unwrap().id;
    let now_ms = SystemClock.now_ms();
    let report = Report {
        id: "r-1".into(),
        name: "Daily".into(),
        schedule: Schedule { every: Every::Day, timezone: "UTC".into(), hour: 0 },
        scope: ReportScope::Tenant,
        to: vec!["finance@example.com".into()],
        formats: formats.to_vec(),
        enabled: true,
        created_ms: now_ms - 10 * 86_400_000,
        next_ms: now_ms - 3 * 86_400_000,
    };
    let audit = Audit { actor: "test".into(), action: "report.create", target: "r-1".into(), at_ms: now_ms };
    store.create_report(tenant, report, audit).await.unwrap();
}
