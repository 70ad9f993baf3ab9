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
  onChange: (value: string) => void;
}

const MAX_LENGTH = 200;

export function TextField({
  name,
  label,
  help,
  value,
  problem,
  placeholder,
  list,
  onChange,
}: TextFieldProps) {
  return (
    <Field label={label} help={help} problem={problem}>
      {(ids) => (
        <input
          {...ids}
          className="mw-input"
          type="text"
          name={name}
          list={list}
          autoComplete="off"
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
function Field({ label, help, problem, children }: FieldProps) {
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
