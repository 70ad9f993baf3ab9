import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { useHasUnsaved } from '../../hooks/useUnsaved.ts';
import { Refusal, show } from '../../testing/render.tsx';
import { project, recording } from '../../testing/settingsFixtures.ts';
import { ChannelForm } from '../ChannelsTable/ChannelForm.tsx';
import { NoticeProvider } from '../Notice/Notice.tsx';
import { ProjectsTable } from '../ProjectsTable/ProjectsTable.tsx';

const page = (
  <NoticeProvider>
    <ProjectsTable canChange />
  </NoticeProvider>
);

const refusal = (field: string) =>
  new Refusal(422, { error: 'Invalid', code: 'invalid', message: 'This one is taken.', field });

async function openNew(): Promise<HTMLElement> {
  await userEvent.click(await screen.findByRole('button', { name: 'Add a project' }));
  return screen.getByRole('form', { name: 'New project' });
}

test('what the server says of a field stands at that field, which gets the focus', async () => {
  const { answer } = recording(() => refusal('team'));
  show(page, { answer });
  const form = await openNew();
  await userEvent.type(within(form).getByRole('textbox', { name: 'Name in events' }), 'bot');
  await userEvent.type(within(form).getByRole('textbox', { name: 'Team' }), 'x{Enter}');
  const team = within(form).getByRole('textbox', { name: 'Team' });
  await waitFor(() => expect(document.activeElement).toBe(team));
  expect(team.getAttribute('aria-invalid')).toBe('true');
  expect(team.getAttribute('aria-describedby')).toContain('-problem');
  expect(screen.getByText('This one is taken.').className).toBe('mw-problem');
  expect(within(form).queryByRole('alert')).toBeNull();
  await userEvent.type(team, 'y');
  expect(screen.queryByText('This one is taken.')).toBeNull();
});

test('what it says of one of several in a field stands at that field', async () => {
  const { answer } = recording(() => refusal('to.1'));
  show(<ChannelForm onDone={() => {}} />, { answer });
  await userEvent.type(screen.getByRole('textbox', { name: 'Name' }), 'Ops');
  await userEvent.type(screen.getByRole('textbox', { name: 'To' }), 'a@b.c, d@e.f{Enter}');
  await waitFor(() => expect(document.activeElement?.getAttribute('name')).toBe('to'));
});

test('what it says of a field that is not shown stands below all of them', async () => {
  const { answer } = recording(() => refusal('retention'));
  show(page, { answer });
  const form = await openNew();
  await userEvent.type(within(form).getByRole('textbox', { name: 'Name in events' }), 'bot{Enter}');
  expect((await within(form).findByRole('alert')).textContent).toBe('This one is taken.');
});

test('before what was entered is lost it is asked, whichever way the form is left', async () => {
  const { answer, sent } = recording(() => project());
  show(page, { answer });
  const form = await openNew();
  const field = within(form).getByRole('textbox', { name: 'Name in events' });
  await userEvent.type(field, 'bot');
  for (const leave of [
    () => userEvent.keyboard('{Escape}'),
    () => userEvent.click(within(form).getByRole('button', { name: 'Cancel' })),
    () => userEvent.click(screen.getByRole('button', { name: 'Add a project' })),
  ]) {
    await leave();
    const dialog = screen.getByRole('dialog', { name: 'Leave without saving?' });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Keep editing' }));
    expect((field as HTMLInputElement).value).toBe('bot');
    field.focus();
  }
  await userEvent.keyboard('{Escape}');
  await userEvent.click(screen.getByRole('button', { name: 'Discard the changes' }));
  expect(screen.queryByRole('form')).toBeNull();
  expect(sent).toEqual([]);
});

test('another row is opened only after that question too', async () => {
  const { answer } = recording(() => project());
  const two = [project(), project({ slug: 'other', name: 'Other' })];
  show(page, {
    answer: (url, request) =>
      url.pathname === '/api/v1/projects' ? { items: two, nextCursor: null } : answer(url, request),
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Edit the project Support' }));
  await userEvent.type(screen.getByRole('textbox', { name: 'Team' }), 'care');
  await userEvent.click(screen.getByRole('button', { name: 'Edit the project Other' }));
  expect(screen.getByRole('form', { name: 'Project support-bot' })).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Discard the changes' }));
  expect(screen.getByRole('form', { name: 'Project other' })).toBeTruthy();
});

test('a form that holds nothing new is left and saved without a word', async () => {
  const { answer, sent } = recording(() => project());
  show(page, { answer });
  await userEvent.click(await screen.findByRole('button', { name: 'Edit the project Support' }));
  await userEvent.keyboard('{Enter}');
  expect(screen.queryByRole('form')).toBeNull();
  expect(sent).toEqual([]);
  await openNew();
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('form')).toBeNull();
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Add a project' }));
});

/** As the page around asks before it is left. */
function Asks() {
  const has = useHasUnsaved();
  const [said, setSaid] = useState('');
  return (
    <button type="button" onClick={() => setSaid(String(has()))}>
      Unsaved: {said}
    </button>
  );
}

test('the page around can tell that something is not saved, and that it is', async () => {
  const { answer } = recording(() => project());
  show(
    <>
      {page}
      <Asks />
    </>,
    { answer },
  );
  const asks = screen.getByRole('button', { name: /^Unsaved/ });
  const form = await openNew();
  await userEvent.click(asks);
  expect(asks.textContent).toBe('Unsaved: false');
  await userEvent.type(within(form).getByRole('textbox', { name: 'Name in events' }), 'bot');
  await userEvent.click(asks);
  expect(asks.textContent).toBe('Unsaved: true');
  await userEvent.click(within(form).getByRole('button', { name: 'Add the project' }));
  await screen.findByText('Added the project Support.');
  await userEvent.click(asks);
  expect(asks.textContent).toBe('Unsaved: false');
});
