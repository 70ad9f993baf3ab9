//! Sending reports: the newest finished period of each, once, at least once across a crash, tried again with growing
//! pauses where the mail server does not take it.

use crate::manage_reports::{check_formats, check_scope};
use crate::ports::{
    DueReport, NewReportDelivery, ReportDelivery, ReportScope, ReportState, ReportTry, SendAgain, SendError,
    Tenant,
};
use crate::report_content::{Press, ReportOf};
use crate::{Access, AppError, Caller, Meterwire};
use meterwire_core::alert::{check_recipients, next_try_ms};
use meterwire_core::period::{self, RangeInput};
use meterwire_core::report::ReportFormat;

/// Reports that are begun, and mails that are sent, in one round.
const AT_ONCE: usize = 20;
/// What is sent by hand is left alone by the job for so long: whoever asked is sending it.
const BY_HAND_MS: i64 = 600_000;

/// A report made by hand.
#[derive(Debug, Clone)]
pub struct ReportByHand {
    /// The range; default last month.
    pub range: RangeInput,
    /// IANA zone; default the tenant's.
    pub tz: Option<String>,
    /// What it tells of.
    pub scope: ReportScope,
}

impl Meterwire {
    /// One round of the job that sends reports; `true` where there is more to do at once.
    pub async fn run_report_jobs(&self, press: &dyn Press) -> Result<bool, AppError> {
        let now_ms = self.now_ms();
        let due = self.statements.due_reports(now_ms, AT_ONCE).await?;
        for (tenant, report) in &due {
            let period = report.schedule.due(now_ms)?;
            let next_due_ms = Some(report.schedule.next_ms(now_ms)?);
            let (range, by_hand) = (period.range, false);
            let new = NewReportDelivery { range, by_hand, try_ms: now_ms, at_ms: now_ms, next_due_ms };
            match self
                .statements
                .begin_report_delivery(*tenant, &report.id, new)
                .await
                .map_err(AppError::from)
            {
                // Deleted while it was looked at.
                Err(AppError::NotFound(_)) => {}
                begun => drop(begun?),
            }
        }
        let pending = self.statements.due_report_deliveries(self.now_ms(), AT_ONCE).await?;
        for due in &pending {
            self.try_report(press, due).await?;
        }
        Ok(due.len() == AT_ONCE || pending.len() == AT_ONCE)
    }

    /// Tries a delivery once and notes how it went. Nothing is noted before the mail server has answered, so that a crash
    /// sends it again rather than not at all.
    async fn try_report(&self, press: &dyn Press, due: &DueReport) -> Result<ReportTry, AppError> {
        let sent = match self.catalog.tenant_by_id(due.tenant).await? {
            None => return Err(AppError::NotFound("tenant")),
            Some(_) if !due.report.enabled && !due.delivery.by_hand => {
                Err(never("the report was switched off".to_owned()))
            }
            Some(tenant) => self.send_report(press, tenant, due).await,
        };
        let at_ms = self.now_ms();
        let attempts = due.delivery.attempts + 1;
        let ended = match sent {
            Ok(refused) => ReportTry { state: ReportState::Delivered, next_ms: at_ms, at_ms, error: refused },
            Err(SendError { sentence, then }) => {
                let again = match then {
                    SendAgain::Later(asked_ms) if !due.delivery.by_hand => {
                        next_try_ms(attempts, due.delivery.n, asked_ms, at_ms)
                    }
                    // Whoever asked is told at once and can ask again.
                    _ => None,
                };
                let state = if again.is_some() { ReportState::Pending } else { ReportState::Failed };
                ReportTry { state, next_ms: again.unwrap_or(at_ms), at_ms, error: Some(sentence) }
            }
        };
        self.statements.end_report_try(due.delivery.n, ended.clone()).await?;
        tracing::info!(report = %due.report.id, state = ?ended.state, attempts, "a report was sent, or tried");
        Ok(ended)
    }

    async fn send_report(
        &self,
        press: &dyn Press,
        tenant: Tenant,
        due: &DueReport,
    ) -> Result<Option<String>, SendError> {
        let report = &due.report;
        let of = ReportOf {
            tenant,
            name: Some(report.name.clone()),
            scope: report.scope.clone(),
            timezone: report.schedule.timezone.clone(),
            range: due.delivery.range,
        };
        self.mail_content(press, of, &report.to, &report.formats).await
    }

    async fn mail_content(
        &self,
        press: &dyn Press,
        of: ReportOf,
        to: &[String],
        formats: &[ReportFormat],
    ) -> Result<Option<String>, SendError> {
        let content = self.report_content(of, formats).await.map_err(not_made)?;
        let mail = content.mail(press, to.to_vec(), formats).map_err(not_made)?;
        Ok(self.outside.messenger.mail(mail).await?.refused)
    }

    /// Sends the newest finished period of a report now, beside the calendar, and tells how it went.
    pub async fn send_report_now(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
        press: &dyn Press,
    ) -> Result<ReportDelivery, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        let report = self.statements.report(tenant.id, id).await?.ok_or(AppError::NotFound("report"))?;
        let now_ms = self.now_ms();
        let range = report.schedule.due(now_ms)?.range;
        let try_ms = now_ms + BY_HAND_MS;
        let new = NewReportDelivery { range, by_hand: true, try_ms, at_ms: now_ms, next_due_ms: None };
        let begun = self.statements.begin_report_delivery(tenant.id, id, new).await?;
        let delivery = begun.ok_or(AppError::NotFound("report"))?;
        let due = DueReport { tenant: tenant.id, report, delivery: delivery.clone() };
        let ended = self.try_report(press, &due).await?;
        let delivered_ms = (ended.state == ReportState::Delivered).then_some(ended.at_ms);
        Ok(ReportDelivery {
            state: ended.state,
            attempts: delivery.attempts + 1,
            next_ms: ended.next_ms,
            delivered_ms,
            last_error: ended.error,
            ..delivery
        })
    }

    /// Makes a report by hand: the name of its file, and the file.
    pub async fn report_file(
        &self,
        caller: &Caller,
        named: Option<&str>,
        by_hand: ReportByHand,
        format: ReportFormat,
        press: &dyn Press,
    ) -> Result<(String, Vec<u8>), AppError> {
        let tenant = self.whole_tenant_for(caller, named).await?;
        let of = self.by_hand(tenant, by_hand)?;
        self.report_content(of, &[format]).await?.file(press, format)
    }

    /// Makes a report by hand and mails it; answers why that failed, or what was refused, in a sentence.
    pub async fn mail_report(
        &self,
        caller: &Caller,
        named: Option<&str>,
        by_hand: ReportByHand,
        (to, formats): (&[String], &[ReportFormat]),
        press: &dyn Press,
    ) -> Result<Result<Option<String>, String>, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        check_recipients("to", to)?;
        check_formats(formats)?;
        let of = self.by_hand(tenant.clone(), by_hand)?;
        let content = self.report_content(of, formats).await?;
        let mail = content.mail(press, to.to_vec(), formats)?;
        let target = format!("{} to {} addresses", mail.subject, to.len());
        self.catalog.note(Some(tenant.id), self.audit(caller, "report.mail", &target)).await?;
        Ok(match self.outside.messenger.mail(mail).await {
            Ok(taken) => Ok(taken.refused),
            Err(error) => Err(error.sentence),
        })
    }

    fn by_hand(&self, tenant: Tenant, by_hand: ReportByHand) -> Result<ReportOf, AppError> {
        check_scope(&by_hand.scope)?;
        let timezone = by_hand.tz.unwrap_or_else(|| tenant.timezone.clone());
        let range = by_hand.range.resolve("last_month", &period::zone(&timezone)?, self.now_ms())?;
        Ok(ReportOf { tenant, name: None, scope: by_hand.scope, timezone, range })
    }
}

/// A report that could not be made: the store may have a bad moment, anything else stays as it is.
fn not_made(error: AppError) -> SendError {
    match error {
        AppError::Store(error) => {
            tracing::error!(%error, "a report could not be made");
            let sentence = "the report could not be made; it is tried again".to_owned();
            SendError { sentence, then: SendAgain::Later(None) }
        }
        other => never(format!("the report could not be made: {other}")),
    }
}

fn never(sentence: String) -> SendError {
    SendError { sentence, then: SendAgain::Never }
}
