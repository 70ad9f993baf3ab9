'use client';

import type { AlertRule, AlertRuleChange, Channel } from '@meterwire/client';
import { useId } from 'react';
import { useAlertRules, useChannels, useMoneyChange } from '../../hooks/useMoney.ts';
import { readParam } from '../../logic/alerts/input.ts';
import { alertLabel, KIND_HELP, paramWords } from '../../logic/alerts/words.ts';
import { type Read, readUnless } from '../../logic/form.ts';
import { formatInteger } from '../../logic/number.ts';
import { Card } from '../Card/Card.tsx';
import { ChannelChoice } from '../ChannelChoice/ChannelChoice.tsx';
import { TextField } from '../Form/Field.tsx';
import { OnOffSwitch } from '../Form/OnOffSwitch.tsx';
import { useOpened } from '../Form/Opened.tsx';
import { ResourceForm } from '../Form/ResourceForm.tsx';
import { ToggleButton } from '../Form/ToggleButton.tsx';
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
          <ul className="mw-plain-list mw-rules">
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
  const { opened, open, close, around } = useOpened<'edit'>();
  const titleId = useId();
  const { kind, params } = rule;
  const label = alertLabel(kind);
  return (
    <section className="mw-rule" aria-labelledby={titleId}>
      <div className="mw-beside">
        <div className="mw-beside-words">
          <h3 className="mw-section-title" id={titleId}>
            {label}
          </h3>
          <p className="mw-section-text">{KIND_HELP[kind]}</p>
        </div>
        <div className="mw-rule-actions">
          {canChange ? <OnOff rule={rule} /> : <span>{rule.enabled ? 'On' : 'Off'}</span>}
          {canChange && (
            <ToggleButton
              text="Edit"
              label={`Edit the rule ${label}`}
              look="small"
              open={opened !== null}
              onToggle={(on) => open(on ? 'edit' : null)}
            />
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
      {opened && around(<EditRule rule={rule} onDone={close} />)}
    </section>
  );
}

function channelNames(ids: readonly string[], channels: readonly Channel[]): string {
  if (ids.length === 0) return 'all';
  return ids.map((id) => channels.find((channel) => channel.id === id)?.name ?? id).join(', ');
}

function OnOff({ rule }: { rule: AlertRule }) {
  const label = alertLabel(rule.kind);
  const change = useMoneyChange((client, enabled: boolean, options) =>
    client.alertRules.change(rule.kind, { enabled }, options),
  );
  return (
    <OnOffSwitch
      label={`Tell: ${label}`}
      on={rule.enabled}
      change={change}
      said={(on) => `${label}: ${on ? 'on' : 'off'}.`}
    />
  );
}

/** What a rule goes by, each as a text, and the channels that are told. */
type Draft = { params: Record<string, string>; channels: string[] };

function EditRule({ rule, onDone }: { rule: AlertRule; onDone: () => void }) {
  const label = alertLabel(rule.kind);
  const save = useMoneyChange((client, change: AlertRuleChange, options) =>
    client.alertRules.change(rule.kind, change, options),
  );
  return (
    <div className="mw-inset mw-rule-form">
      <ResourceForm
        what="rule"
        name={label}
        begin={draftOf(rule)}
        read={read}
        save={save}
        said={() => `Saved the rule ${label}.`}
        onDone={onDone}
      >
        {({ draft: { params, channels }, problems, change }) => (
          <>
            {Object.keys(params).length > 0 && (
              <div className="mw-form-fields">
                {Object.entries(params).map(([name, value]) => (
                  <TextField
                    key={name}
                    name={`params.${name}`}
                    {...paramWords(name)}
                    kind="decimal"
                    value={value}
                    problem={problems[`params.${name}`]}
                    onChange={(text) => change({ params: { ...params, [name]: text } })}
                  />
                ))}
              </div>
            )}
            <ChannelChoice chosen={channels} onChange={(next) => change({ channels: next })} />
          </>
        )}
      </ResourceForm>
    </div>
  );
}

function draftOf({ params, channels }: AlertRule): Draft {
  const texts = Object.entries(params).map(([name, value]) => [name, String(value)]);
  return { params: Object.fromEntries(texts) as Record<string, string>, channels };
}

function read({ params, channels }: Draft): Read<AlertRuleChange> {
  const numbers = Object.entries(params).map(([name, text]) => [name, readParam(text)] as const);
  const problems = numbers.map(([name, value]) => [
    `params.${name}`,
    value === undefined ? 'Enter a whole number.' : undefined,
  ]);
  return readUnless(Object.fromEntries(problems), () => ({
    params: Object.fromEntries(numbers) as Record<string, number>,
    channels,
  }));
}
