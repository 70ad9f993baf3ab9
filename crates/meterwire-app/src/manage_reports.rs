//! Reports by the calendar: made, changed, listed.

use crate::clock::new_id;
use crate::ports::{Page, PageRequest, Report, ReportDelivery, ReportScope};
use crate::{Access, AppError, Caller, Meterwire};
use meterwire_core::alert::check_recipients;
use meterwire_core::invalid::Invalid;
use meterwire_core::name::{check_label, clean_name};
use meterwire_core::report::{ReportFormat, Schedule};

/// What of a report its owner decides.
#[derive(Debug, Clone)]
pub struct ReportWish {
    /// Its name for people.
    pub name: String,
    /// When it is sent.
    pub schedule: Schedule,
    /// What it tells of.
    pub scope: ReportScope,
    /// Addresses of mail.
    pub to: Vec<String>,
    /// The files that come with it.
    pub formats: Vec<ReportFormat>,
    /// Whether it is sent by itself.
    pub enabled: bool,
}

impl Meterwire {
    /// Makes a report. The first period it tells of is the one that is running.
    pub async fn create_report(
        &self,
        caller: &Caller,
        named: Option<&str>,
        wish: impl FnOnce(&str) -> Result<ReportWish, Invalid>,
    ) -> Result<Report, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        let wish = checked(wish(&tenant.timezone)?)?;
        let now_ms = self.now_ms();
        let next_ms = wish.schedule.next_ms(now_ms)?;
        let ReportWish { name, schedule, scope, to, formats, enabled } = wish;
        let created_ms = now_ms;
        let report =
            Report { id: new_id(), name, schedule, scope, to, formats, enabled, created_ms, next_ms };
        let audit = self.audit(caller, "report.create", &report.id);
        self.statements.create_report(tenant.id, report.clone(), audit).await?;
        Ok(report)
    }

    /// Changes a report. A period that was due under the old schedule and not begun is not sent any more.
    pub async fn update_report(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
        change: impl FnOnce(&mut ReportWish) -> Result<(), Invalid>,
    ) -> Result<Report, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        let old = self.statements.report(tenant.id, id).await?.ok_or(AppError::NotFound("report"))?;
        let Report { id, name, schedule, scope, to, formats, enabled, created_ms, next_ms } = old.clone();
        let mut wish = ReportWish { name, schedule, scope, to, formats, enabled };
        change(&mut wish)?;
        let wish = checked(wish)?;
        let is_another_time = wish.schedule != old.schedule || wish.enabled != old.enabled;
        let next_ms = if is_another_time { wish.schedule.next_ms(self.now_ms())? } else { next_ms };
        let ReportWish { name, schedule, scope, to, formats, enabled } = wish;
        let report = Report { id, name, schedule, scope, to, formats, enabled, created_ms, next_ms };
        let audit = self.audit(caller, "report.update", &report.id);
        self.statements.update_report(tenant.id, report.clone(), audit).await?;
        Ok(report)
    }

    /// Deletes a report with its history.
    pub async fn delete_report(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
    ) -> Result<(), AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        Ok(self.statements.delete_report(tenant.id, id, self.audit(caller, "report.delete", id)).await?)
    }

    /// Reports by id.
    pub async fn list_reports(
        &self,
        caller: &Caller,
        named: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<Report>, AppError> {
        let tenant = self.whole_tenant_for(caller, named).await?;
        Ok(self.statements.reports(tenant.id, page).await?)
    }

    /// One report.
    pub async fn read_report(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
    ) -> Result<Report, AppError> {
        let tenant = self.whole_tenant_for(caller, named).await?;
        self.statements.report(tenant.id, id).await?.ok_or(AppError::NotFound("report"))
    }

    /// What was sent of a report, the latest first.
    pub async fn report_deliveries(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
        page: PageRequest,
    ) -> Result<Page<ReportDelivery>, AppError> {
        let tenant = self.whole_tenant_for(caller, named).await?;
        self.statements.report(tenant.id, id).await?.ok_or(AppError::NotFound("report"))?;
        Ok(self.statements.report_deliveries(tenant.id, id, page).await?)
    }

    /// Whether reports can be mailed at all.
    pub fn reports_can_be_mailed(&self) -> bool {
        self.outside.messenger.can_mail()
    }
}

fn checked(wish: ReportWish) -> Result<ReportWish, Invalid> {
    let name = clean_name("name", &wish.name)?;
    wish.schedule.check()?;
    check_scope(&wish.scope)?;
    check_recipients("to", &wish.to)?;
    check_formats(&wish.formats)?;
    Ok(ReportWish { name, ..wish })
}

pub(crate) fn check_scope(scope: &ReportScope) -> Result<(), Invalid> {
    let (ReportScope::Department(value) | ReportScope::Project(value)) = scope else { return Ok(()) };
    check_label("scope", value)
}

pub(crate) fn check_formats(formats: &[ReportFormat]) -> Result<(), Invalid> {
    let twice = formats.iter().enumerate().any(|(place, format)| formats[..place].contains(format));
    if twice || formats.is_empty() {
        return Err(Invalid::new("formats", "formats must be csv, pdf or both, each once"));
    }
    Ok(())
}
