'use client';

import { type ReactNode, useId } from 'react';
import { knownZones } from '../../logic/zones.ts';

interface TextFieldProps {
  name: string;
  label: string;
  /** One sentence that explains it. */
  help: string;
  value: string;
  problem?: string | undefined;
  placeholder?: string | undefined;
  /** What is known already; anything else may be entered too. */
  suggestions?: readonly string[];
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
  suggestions,
  kind = 'text',
  onChange,
}: TextFieldProps) {
  return (
    <Field label={label} help={help} problem={problem}>
      {(ids) => (
        <>
          <input
            {...ids}
            className="mw-input"
            type={kind === 'decimal' ? 'text' : kind}
            inputMode={kind === 'decimal' ? 'decimal' : undefined}
            name={name}
            list={suggestions && `${ids.id}-list`}
            autoComplete={kind === 'password' ? 'new-password' : 'off'}
            spellCheck={false}
            maxLength={MAX_LENGTH}
            placeholder={placeholder}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
          {suggestions && (
            <datalist id={`${ids.id}-list`}>
              {suggestions.map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  );
}

type ZoneFieldProps = Omit<TextFieldProps, 'label' | 'suggestions' | 'kind'>;

/** A time zone, with all that are known as suggestions. */
export function ZoneField(props: ZoneFieldProps) {
  return <TextField {...props} label="Zone" suggestions={knownZones()} />;
}

interface ChoiceFieldProps<Choice extends string> {
  name?: string;
  label: string;
  help: string;
  /** What each choice is called. */
  choices: { [Name in Choice]?: string };
  value: Choice;
  problem?: string | undefined;
  onChange: (choice: Choice) => void;
}

export function ChoiceField<Choice extends string>(props: ChoiceFieldProps<Choice>) {
  const { name, label, help, choices, value, problem, onChange } = props;
  return (
    <Field label={label} help={help} problem={problem}>
      {(ids) => (
        <select
          {...ids}
          name={name}
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
  name?: string;
  label: string;
  help: string;
  on: boolean;
  onChange: (on: boolean) => void;
}

/** Something that is either so or not. */
export function SwitchField({ name, label, help, on, onChange }: SwitchFieldProps) {
  const id = useId();
  return (
    <div className="mw-form-field">
      <label className="mw-switch">
        <input
          type="checkbox"
          role="switch"
          name={name}
          checked={on}
          aria-describedby={`${id}-help`}
          onChange={(event) => onChange(event.target.checked)}
        />
        <span className="mw-switch-track" />
        <span className="mw-form-label">{label}</span>
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
      <label className="mw-form-label" htmlFor={id}>
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
