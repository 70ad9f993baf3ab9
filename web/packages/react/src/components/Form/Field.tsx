'use client';

import { type ReactNode, useId } from 'react';

interface TextFieldProps {
  name: string;
  label: string;
  /** One sentence that explains it. */
  help: string;
  value: string;
  problem?: string | undefined;
  placeholder?: string;
  /** The id of a list of suggestions. */
  list?: string;
  /** What it is: digits, an address, or something secret. */
  kind?: 'text' | 'decimal' | 'date' | 'password' | 'url';
  onChange: (value: string) => void;
}

const MAX_LENGTH = 2000;

export function TextField({
  name,
  label,
  help,
  value,
  problem,
  placeholder,
  list,
  kind = 'text',
  onChange,
}: TextFieldProps) {
  return (
    <Field label={label} help={help} problem={problem}>
      {(ids) => (
        <input
          {...ids}
          className="mw-input"
          type={kind === 'decimal' ? 'text' : kind}
          inputMode={kind === 'decimal' ? 'decimal' : undefined}
          name={name}
          list={list}
          autoComplete={kind === 'password' ? 'new-password' : 'off'}
          spellCheck={false}
          maxLength={MAX_LENGTH}
          placeholder={placeholder}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

interface ChoiceFieldProps<Choice extends string> {
  label: string;
  help: string;
  /** What each choice is called. */
  choices: { [Name in Choice]?: string };
  value: Choice;
  onChange: (choice: Choice) => void;
}

export function ChoiceField<Choice extends string>(props: ChoiceFieldProps<Choice>) {
  const { label, help, choices, value, onChange } = props;
  return (
    <Field label={label} help={help}>
      {(ids) => (
        <select
          {...ids}
          className="mw-select"
          value={value}
          onChange={(event) => onChange(event.target.value as Choice)}
        >
          {(Object.entries(choices) as [Choice, string][]).map(([choice, text]) => (
            <option key={choice} value={choice}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface SwitchFieldProps {
  label: string;
  help: string;
  on: boolean;
  onChange: (on: boolean) => void;
}

/** Something that is either so or not. */
export function SwitchField({ label, help, on, onChange }: SwitchFieldProps) {
  const id = useId();
  return (
    <div className="mw-form-field">
      <label className="mw-switch">
        <input
          type="checkbox"
          role="switch"
          checked={on}
          aria-describedby={`${id}-help`}
          onChange={(event) => onChange(event.target.checked)}
        />
        <span className="mw-switch-track" />
        <span className="mw-limit-label">{label}</span>
      </label>
      <p className="mw-form-help" id={`${id}-help`}>
        {help}
      </p>
    </div>
  );
}

interface FieldIds {
  id: string;
  'aria-describedby': string;
  'aria-invalid': boolean;
}

interface FieldProps {
  label: string;
  help: string;
  problem?: string | undefined;
  children: (ids: FieldIds) => ReactNode;
}

/** A named field with its sentence, and what is wrong with it. */
export function Field({ label, help, problem, children }: FieldProps) {
  const id = useId();
  return (
    <div className="mw-form-field">
      <label className="mw-limit-label" htmlFor={id}>
        {label}
      </label>
      {children({
        id,
        'aria-describedby': problem ? `${id}-problem ${id}-help` : `${id}-help`,
        'aria-invalid': problem !== undefined,
      })}
      {problem && (
        <p className="mw-problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
      <p className="mw-form-help" id={`${id}-help`}>
        {help}
      </p>
    </div>
  );
}
