'use client';

import type { AlertRule, AlertRuleChange, Channel } from '@meterwire/client';
import { useId, useState } from 'react';
import { useAlertRules, useChannels, useMoneyChange } from '../../hooks/useMoney.ts';
import { readParam } from '../../logic/alerts/input.ts';
import { alertLabel, KIND_HELP, paramWords } from '../../logic/alerts/words.ts';
import { formatInteger } from '../../logic/number.ts';
import { Card } from '../Card/Card.tsx';
import { ChannelChoice } from '../ChannelChoice/ChannelChoice.tsx';
import { TextField } from '../Form/Field.tsx';
import { Form } from '../Form/Form.tsx';
import { useNotice } from '../Notice/Notice.tsx';
import { Asked } from '../States/Asked.tsx';

/** What the tenant wants to be told of, and from where on. */
export function AlertRulesTable({ canChange }: { canChange: boolean }) {
  const query = useAlertRules();
  const channels = useChannels();
  return (
    <Card
      title="Rules"
      summary={
        canChange
          ? 'What is told, from where on, and to which channels.'
          : 'What is told, from where on, and to which channels. An owner changes it.'
      }
    >
      <Asked keep query={query} label="rules" skeleton="mw-skeleton-table">
        {({ items }) => (
          <ul className="mw-rules">
            {items.map((rule) => (
              <li key={rule.kind}>
                <Rule rule={rule} channels={channels.data?.items ?? []} canChange={canChange} />
              </li>
            ))}
          </ul>
        )}
      </Asked>
    </Card>
  );
}

interface RuleProps {
  rule: AlertRule;
  channels: readonly Channel[];
  canChange: boolean;
}

function Rule({ rule, channels, canChange }: RuleProps) {
  const [editing, setEditing] = useState(false);
  const titleId = useId();
  const { kind, params } = rule;
  const label = alertLabel(kind);
  return (
    <section className="mw-rule" aria-labelledby={titleId}>
      <div className="mw-rule-head">
        <div className="mw-rule-words">
          <h3 className="mw-section-title" id={titleId}>
            {label}
          </h3>
          <p className="mw-section-text">{KIND_HELP[kind]}</p>
        </div>
        <div className="mw-rule-actions">
          {canChange ? <OnOff rule={rule} /> : <span>{rule.enabled ? 'On' : 'Off'}</span>}
          {canChange && (
            <button
              type="button"
              className="mw-button mw-button-small"
              aria-label={`Edit the rule ${label}`}
              aria-expanded={editing}
              onClick={() => setEditing(!editing)}
            >
              Edit
            </button>
          )}
        </div>
      </div>
      <dl className="mw-figures">
        {Object.entries(params).map(([name, value]) => (
          <div key={name}>
            <dt>{paramWords(name).label}</dt>
            <dd>{formatInteger(value)}</dd>
          </div>
        ))}
        <div>
          <dt>Channels</dt>
          <dd>{channelNames(rule.channels, channels)}</dd>
        </div>
      </dl>
      {editing && <EditRule rule={rule} onDone={() => setEditing(false)} />}
    </section>
  );
}

function channelNames(ids: readonly string[], channels: readonly Channel[]): string {
  if (ids.length === 0) return 'all';
  return ids.map((id) => channels.find((channel) => channel.id === id)?.name ?? id).join(', ');
}

function OnOff({ rule }: { rule: AlertRule }) {
  const say = useNotice();
  const label = alertLabel(rule.kind);
  const change = useMoneyChange((client, enabled: boolean, options) =>
    client.alertRules.change(rule.kind, { enabled }, options),
  );
  const on = change.isPending ? change.variables : rule.enabled;
  return (
    <>
      <label className="mw-switch">
        <input
          type="checkbox"
          role="switch"
          aria-label={`Tell: ${label}`}
          checked={on}
          onChange={(event) => {
            if (change.isPending) return;
            change.mutate(event.target.checked, {
              onSuccess: ({ enabled }) => say(`${label}: ${enabled ? 'on' : 'off'}.`),
            });
          }}
        />
        <span className="mw-switch-track" />
        <span aria-hidden="true">{on ? 'On' : 'Off'}</span>
      </label>
      {change.error && (
        <p className="mw-problem" role="alert">
          {change.error.message}
        </p>
      )}
    </>
  );
}

function EditRule({ rule, onDone }: { rule: AlertRule; onDone: () => void }) {
  const say = useNotice();
  const label = alertLabel(rule.kind);
  const [params, setParams] = useState<Record<string, string>>(() =>
    Object.fromEntries(Object.entries(rule.params).map(([name, value]) => [name, String(value)])),
  );
  const [channels, setChannels] = useState(rule.channels);
  const [wrong, setWrong] = useState<string>();
  const save = useMoneyChange((client, change: AlertRuleChange, options) =>
    client.alertRules.change(rule.kind, change, options),
  );
  const submit = () => {
    const read = Object.entries(params).map(([name, text]) => [name, readParam(text)] as const);
    const first = read.find(([, value]) => value === undefined)?.[0];
    setWrong(first);
    if (first) return first;
    save.mutate(
      { params: Object.fromEntries(read) as Record<string, number>, channels },
      {
        onSuccess: () => {
          onDone();
          say(`Saved the rule ${label}.`);
        },
      },
    );
    return undefined;
  };
  return (
    <div className="mw-inset mw-rule-form">
      <Form
        label={`Rule ${label}`}
        saveLabel="Save rule"
        busy={save.isPending}
        error={save.error}
        onSave={submit}
        onCancel={onDone}
      >
        {Object.keys(params).length > 0 && (
          <div className="mw-form-fields">
            {Object.entries(params).map(([name, value]) => (
              <TextField
                key={name}
                name={name}
                {...paramWords(name)}
                kind="decimal"
                value={value}
                problem={wrong === name ? 'Enter a whole number.' : undefined}
                onChange={(text) => setParams({ ...params, [name]: text })}
              />
            ))}
          </div>
        )}
        <ChannelChoice chosen={channels} onChange={setChannels} />
      </Form>
    </div>
  );
}
