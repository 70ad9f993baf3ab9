'use client';

import { MeterwireError } from '@meterwire/client';
import type { UseMutationResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { fieldsMeant, firstProblem, type Problems, type Read, sameDraft } from '../../logic/form.ts';
import { type Note, useNotice } from '../Notice/Notice.tsx';
import { Form } from './Form.tsx';
import { useLeaving } from './Opened.tsx';

type NamesOf<Draft, Kind> = {
  [Name in keyof Draft]: Draft[Name] extends Kind ? Name : never;
}[keyof Draft] &
  string;

/** What is entered, and how the fields of a form are bound to it. */
export interface Fields<Draft> {
  draft: Draft;
  problems: Problems;
  change: (part: Partial<Draft>) => void;
  text: (name: NamesOf<Draft, string>) => {
    name: string;
    value: string;
    problem: string | undefined;
    onChange: (value: string) => void;
  };
  choice: <Name extends keyof Draft & string>(
    name: Name,
  ) => {
    name: string;
    value: Draft[Name];
    problem: string | undefined;
    onChange: (choice: Draft[Name]) => void;
  };
  on: (name: NamesOf<Draft, boolean>) => { name: string; on: boolean; onChange: (on: boolean) => void };
}

/** How it is sent: a mutation, or what looks like one. */
export type Saving<Wanted, Made> = Pick<
  UseMutationResult<Made, Error, Wanted>,
  'isPending' | 'error' | 'mutate'
>;

export interface ResourceFormProps<Draft extends object, Wanted, Made> {
  /** What is made or changed, such as `channel`. */
  what: string;
  /** How the one that is changed is called; without it a new one is made. */
  name?: string | undefined;
  /** Where the usual words do not fit; without a heading it stands in no frame of its own. */
  label?: string | undefined;
  heading?: string | null;
  saveLabel?: string | undefined;
  begin: Draft;
  read: (draft: Draft) => Read<Wanted>;
  /** How fields are called here that the server calls otherwise. */
  names?: Record<string, string>;
  save: Saving<Wanted, Made>;
  /** The sentence that says what was done. */
  said?: (made: Made, wanted: Wanted) => Note | string;
  /** Closes it. */
  onDone?: (() => void) | undefined;
  /** It stays open when it is saved. */
  stays?: boolean;
  onSaved?: (made: Made, wanted: Wanted) => void;
  children: (fields: Fields<Draft>) => ReactNode;
}

/**
 * Makes or changes one thing: keeps what is entered, says what is wrong at its field whether it was found here or by the
 * server, and asks before what was entered is lost.
 */
export function ResourceForm<Draft extends object, Wanted, Made>(
  props: ResourceFormProps<Draft, Wanted, Made>,
) {
  const { what, name, read, names = {}, save, said, onDone, stays = false, onSaved, children } = props;
  const isNew = name === undefined;
  const say = useNotice();
  const [before, setBefore] = useState(props.begin);
  const [draft, setDraft] = useState(before);
  const formId = useId();
  const { problems, setProblems, error, refused } = useProblems(formId, save.error, names);
  const holds = !sameDraft(before, draft);
  const { leave, release, dialog } = useLeaving({ holds, busy: save.isPending });
  const change = (part: Partial<Draft>) => {
    setDraft((now) => ({ ...now, ...part }));
    // What was wrong with it is being mended.
    const others = Object.entries(problems).filter(([field]) => field in draft && !(field in part));
    setProblems(Object.fromEntries(others));
  };
  const submit = () => {
    const found = read(draft);
    const wrong = 'problems' in found ? found.problems : {};
    setProblems(wrong, firstProblem(wrong));
    if ('problems' in found) return;
    if (!isNew && !holds && !stays) return onDone?.();
    save.mutate(found.value, {
      onSuccess: (made) => {
        release();
        setBefore(draft);
        if (!stays) onDone?.();
        if (said) say(said(made, found.value));
        onSaved?.(made, found.value);
      },
      onError: refused,
    });
  };
  const form = (
    <>
      <Form
        id={formId}
        label={props.label ?? (isNew ? `New ${what}` : `${capital(what)} ${name}`)}
        saveLabel={props.saveLabel ?? (isNew ? `Add the ${what}` : `Save ${what}`)}
        busy={save.isPending}
        error={error}
        onSave={submit}
        onCancel={onDone && (() => leave(onDone))}
      >
        {children(fieldsOf(draft, problems, change))}
      </Form>
      {dialog}
    </>
  );
  const heading = props.heading === undefined && isNew ? `New ${what}` : props.heading;
  if (!heading) return form;
  return (
    <div className="mw-inset">
      <h3 className="mw-inset-title">{heading}</h3>
      {form}
    </div>
  );
}

/** What is wrong where. What a server says of a field that is shown stands at that field, all else below. */
function useProblems(formId: string, failure: Error | null, names: Record<string, string>) {
  const [problems, setFound] = useState<Problems>({});
  const [placed, setPlaced] = useState<Error | null>(null);
  const [focus, setFocus] = useState<{ field: string } | null>(null);
  // After the words are there, so that they are read with the field.
  useEffect(() => {
    if (focus) inputOf(formId, focus.field)?.focus();
  }, [focus, formId]);
  const setProblems = (found: Problems, first?: string) => {
    setFound(found);
    if (first) setFocus({ field: first });
  };
  const refused = (error: Error) => {
    const meant = error instanceof MeterwireError && error.field ? fieldsMeant(error.field, names) : [];
    const field = meant.find((one) => inputOf(formId, one));
    if (!field) return;
    setPlaced(error);
    setProblems({ [field]: error.message }, field);
  };
  return { problems, setProblems, error: failure === placed ? null : failure, refused };
}

/** The first input of this name that is wrong, or else the first. */
function inputOf(formId: string, field: string): HTMLElement | undefined {
  const form = document.getElementById(formId);
  const inputs = [...(form instanceof HTMLFormElement ? form.elements : [])].filter(
    (one) => one.getAttribute('name') === field,
  );
  return (inputs.find((one) => one.getAttribute('aria-invalid') === 'true') ?? inputs[0]) as
    HTMLElement | undefined;
}

function fieldsOf<Draft extends object>(
  draft: Draft,
  problems: Problems,
  change: (part: Partial<Draft>) => void,
): Fields<Draft> {
  const set = (name: string) => (value: unknown) => change({ [name]: value } as Partial<Draft>);
  return {
    draft,
    problems,
    change,
    text: (name) => ({ name, value: draft[name] as string, problem: problems[name], onChange: set(name) }),
    choice: (name) => ({ name, value: draft[name], problem: problems[name], onChange: set(name) }),
    on: (name) => ({ name, on: draft[name] as boolean, onChange: set(name) }),
  };
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
