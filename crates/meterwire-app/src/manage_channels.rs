//! Channels: made, changed, tried, deleted. Their secrets are sealed before the store sees them.

use crate::deliver_alerts::{self, SECRET_OF_CHANNEL};
use crate::ports::{Channel, Notice, Page, PageRequest, SecretError, SendError, StoreError, Taken};
use crate::{Access, AppError, Caller, Meterwire, clock};
use meterwire_core::alert::{AlertKind, ChannelKind, Severity, check_recipients, host_of};
use meterwire_core::invalid::Invalid;
use meterwire_core::name::clean_name;
use serde_json::json;

/// A channel to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChannel {
    /// For people.
    pub name: String,
    /// What it is.
    pub kind: ChannelKind,
    /// Mail: the addresses.
    pub to: Option<Vec<String>>,
    /// Slack and webhook: the address.
    pub url: Option<String>,
    /// Whether alerts go there.
    pub enabled: bool,
}

/// What to change of a channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChannelChange {
    /// For people.
    pub name: Option<String>,
    /// Mail: the addresses.
    pub to: Option<Vec<String>>,
    /// Slack and webhook: the address.
    pub url: Option<String>,
    /// Whether alerts go there.
    pub enabled: Option<bool>,
    /// Whether a webhook gets a new secret; the old one ends at once.
    pub new_secret: bool,
}

/// A channel, with the secret of a webhook where one was just made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeChannel {
    /// The channel.
    pub channel: Channel,
    /// `whsec_..`, shown this once.
    pub secret: Option<String>,
}

/// What became of a test message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelTest {
    /// What the other side did.
    pub result: Result<Taken, SendError>,
    /// How long that took, in milliseconds.
    pub took_ms: i64,
}

impl Meterwire {
    /// Channels by id.
    pub async fn list_channels(
        &self,
        caller: &Caller,
        named: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<Channel>, AppError> {
        let tenant = self.whole_tenant_for(caller, named).await?;
        let mut page = self.alerts.channels(tenant.id, page).await?;
        page.items.iter_mut().for_each(|channel| hide_address(caller, channel));
        Ok(page)
    }

    /// One channel.
    pub async fn read_channel(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
    ) -> Result<Channel, AppError> {
        let tenant = self.whole_tenant_for(caller, named).await?;
        let found = self.alerts.channel(tenant.id, id).await?;
        let mut channel = found.ok_or(AppError::NotFound("channel"))?;
        hide_address(caller, &mut channel);
        Ok(channel)
    }

    /// Makes a channel.
    pub async fn create_channel(
        &self,
        caller: &Caller,
        named: Option<&str>,
        new: NewChannel,
    ) -> Result<MadeChannel, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        let mut channel = Channel {
            id: clock::new_id(),
            name: clean_name("name", &new.name)?,
            kind: new.kind,
            to: Vec::new(),
            url: None,
            sealed: None,
            enabled: new.enabled,
            off_because: None,
            created_ms: self.now_ms(),
        };
        let missing = match new.kind {
            ChannelKind::Email if new.to.is_none() => Some("to"),
            ChannelKind::Slack | ChannelKind::Webhook if new.url.is_none() => Some("url"),
            _ => None,
        };
        if let Some(field) = missing {
            let sentence = format!("a channel of type {} needs {field}", new.kind.name());
            return Err(Invalid::new(field, sentence).into());
        }
        self.aim(&mut channel, new.to, new.url)?;
        let secret =
            if new.kind == ChannelKind::Webhook { Some(self.new_secret(&mut channel)?) } else { None };
        let audit = self.audit(caller, "channel.create", &channel.id);
        self.alerts.create_channel(tenant.id, channel.clone(), audit).await?;
        Ok(MadeChannel { channel, secret })
    }

    /// Changes a channel. Switching it on again forgets why it had been switched off.
    pub async fn update_channel(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
        change: ChannelChange,
    ) -> Result<MadeChannel, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        let found = self.alerts.channel(tenant.id, id).await?;
        let mut channel = found.ok_or(AppError::NotFound("channel"))?;
        if let Some(name) = change.name {
            channel.name = clean_name("name", &name)?;
        }
        self.aim(&mut channel, change.to, change.url)?;
        if let Some(enabled) = change.enabled {
            channel.enabled = enabled;
            channel.off_because = None;
        }
        let secret = match (change.new_secret, channel.kind) {
            (false, _) => None,
            (true, ChannelKind::Webhook) => Some(self.new_secret(&mut channel)?),
            (true, _) => return Err(Invalid::new("new_secret", "only a webhook has a secret").into()),
        };
        let audit = self.audit(caller, "channel.update", id);
        self.alerts.update_channel(tenant.id, channel.clone(), audit).await?;
        Ok(MadeChannel { channel, secret })
    }

    /// Deletes a channel. What was on its way there is given up; the history keeps its name.
    pub async fn delete_channel(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
    ) -> Result<(), AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        Ok(self.alerts.delete_channel(tenant.id, id, self.audit(caller, "channel.delete", id)).await?)
    }

    /// Sends a test message now, also where the channel is switched off, and tells what happened.
    pub async fn test_channel(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
    ) -> Result<ChannelTest, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        let found = self.alerts.channel(tenant.id, id).await?;
        let channel = found.ok_or(AppError::NotFound("channel"))?;
        let started_ms = self.now_ms();
        let notice = Notice {
            id: clock::new_id(),
            is_test: true,
            tenant: tenant.slug,
            kind: AlertKind::BudgetThreshold,
            severity: Severity::Info,
            title: format!("This is a test of the channel {}", channel.name),
            detail: json!({"channel": channel.name}),
            raised_ms: started_ms,
            at_ms: started_ms,
        };
        self.catalog.note(Some(tenant.id), self.audit(caller, "channel.test", id)).await?;
        let result = match deliver_alerts::destination(&*self.outside.secrets, &channel) {
            Ok(destination) => self.outside.messenger.tell(&destination, &notice).await,
            Err(error) => Err(error),
        };
        Ok(ChannelTest { result, took_ms: self.now_ms() - started_ms })
    }

    /// Whether a mail server is set.
    pub fn can_mail(&self) -> bool {
        self.outside.messenger.can_mail()
    }

    /// Sets where a channel leads to.
    fn aim(
        &self,
        channel: &mut Channel,
        to: Option<Vec<String>>,
        url: Option<String>,
    ) -> Result<(), AppError> {
        let not_of = |field: &str| {
            Invalid::new(field, format!("a channel of type {} has no {field}", channel.kind.name()))
        };
        if let Some(to) = to {
            if channel.kind != ChannelKind::Email {
                return Err(not_of("to").into());
            }
            check_recipients("to", &to)?;
            channel.to = to;
        }
        let Some(url) = url else { return Ok(()) };
        if channel.kind == ChannelKind::Email {
            return Err(not_of("url").into());
        }
        self.outside.messenger.check_url(&url).map_err(|sentence| Invalid::new("url", sentence))?;
        if channel.kind == ChannelKind::Webhook {
            channel.url = Some(url);
        } else {
            channel.sealed = Some(self.seal(&url)?);
        }
        Ok(())
    }

    /// Gives a webhook a new secret. 32 characters of base 32 are base 64 as well: 24 bytes, 160 of their bits random.
    fn new_secret(&self, channel: &mut Channel) -> Result<String, AppError> {
        let secret = format!("whsec_{}", clock::new_secret());
        channel.sealed = Some(self.seal(&secret)?);
        Ok(secret)
    }

    fn seal(&self, secret: &str) -> Result<Vec<u8>, AppError> {
        let sealed = self.outside.secrets.seal(SECRET_OF_CHANNEL, secret);
        sealed.map_err(|error: SecretError| AppError::Store(StoreError::Failed(Box::new(error))))
    }
}

/// Path and query of an address can be as good as a password: who may not change a channel sees where it leads, no more.
fn hide_address(caller: &Caller, channel: &mut Channel) {
    if caller.require(Access::Own).is_err() {
        channel.url = channel.url.as_deref().map(|url| host_of(url).to_owned());
    }
}
