'use client';

import type { Me } from '@meterwire/client';
import type { ReactNode } from 'react';
import { useView } from '../../hooks/useView.ts';
import { mayChange } from '../../logic/budget/state.ts';
import { refusalOf, SECTION_LABEL, type SettingsSection } from '../../logic/settings/sections.ts';
import { AuditTable } from '../AuditTable/AuditTable.tsx';
import { ChannelsTable } from '../ChannelsTable/ChannelsTable.tsx';
import { ConnectionsTable } from '../ConnectionsTable/ConnectionsTable.tsx';
import { DataSettings } from '../DataSettings/DataSettings.tsx';
import { DimensionsTable } from '../DimensionsTable/DimensionsTable.tsx';
import { KeysTable } from '../KeysTable/KeysTable.tsx';
import { NoticeProvider } from '../Notice/Notice.tsx';
import { PricesTable } from '../PricesTable/PricesTable.tsx';
import { ProjectsTable } from '../ProjectsTable/ProjectsTable.tsx';
import { ReportsTable } from '../ReportsTable/ReportsTable.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { TenantSettings } from '../TenantSettings/TenantSettings.tsx';
import { UsersSettings } from '../UsersSettings/UsersSettings.tsx';

export interface SettingsOverviewProps {
  me: Me;
  section: SettingsSection;
  /** Links to all sections, made by whoever owns the addresses. */
  nav: ReactNode;
  /** The server's address as a shell would reach it. */
  origin: string;
  /** Begins with the form for a new one open. */
  adding?: boolean;
  onTenant: (slug: string) => void;
  /** Leads to what the audit log says of something. */
  onAudit?: (target: string) => void;
  /** The one whose entries are marked there. */
  audited?: string | undefined;
}

/** The page of settings below the header: the list of sections and the one that is shown. */
export function SettingsOverview(props: SettingsOverviewProps) {
  const { me, section, nav } = props;
  const refusal = refusalOf(section, me);
  return (
    <NoticeProvider>
      <div className="mw-overview mw-settings">
        <div className="mw-toolbar-words mw-settings-words">
          <h1 className="mw-page-title">Settings</h1>
        </div>
        <div className="mw-settings-nav">{nav}</div>
        <div className="mw-settings-section" key={section}>
          {refusal ? (
            <section className="mw-card" aria-label={SECTION_LABEL[section]}>
              <EmptyRange>{refusal}</EmptyRange>
            </section>
          ) : (
            <Section {...props} />
          )}
        </div>
      </div>
    </NoticeProvider>
  );
}

function Section(props: SettingsOverviewProps) {
  const { me, section, origin, adding = false, onTenant, onAudit, audited } = props;
  const { tenant: slug, tz } = useView().view;
  const tenant = me.tenants.find((one) => one.slug === (slug ?? me.tenant?.slug)) ?? me.tenant;
  const zone = tz ?? tenant?.timezone ?? 'UTC';
  const canChange = mayChange(me);
  switch (section) {
    case 'keys':
      return <KeysTable key={String(adding)} me={me} origin={origin} adding={adding} />;
    case 'users':
      return <UsersSettings canChange={canChange} />;
    case 'projects':
      return <ProjectsTable canChange={canChange} />;
    case 'prices':
      return <PricesTable canChange={canChange} zone={zone} onAudit={onAudit} />;
    case 'reports':
      return <ReportsTable canChange={canChange} zone={tenant?.timezone ?? 'UTC'} />;
    case 'channels':
      return <ChannelsTable canChange={canChange} />;
    case 'providers':
      return <ConnectionsTable canChange={canChange} zone={zone} />;
    case 'tenant':
      return <TenantSettings me={me} slug={tenant?.slug} canChange={canChange} onTenant={onTenant} />;
    case 'dimensions':
      return <DimensionsTable canChange={canChange} />;
    case 'data':
      return <DataSettings canChange={canChange} origin={origin} />;
    case 'audit':
      return <AuditTable zone={zone} marked={audited} />;
  }
}
