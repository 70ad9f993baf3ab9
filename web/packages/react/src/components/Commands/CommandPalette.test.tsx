import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test, vi } from 'vitest';
import type { Command } from '../../logic/commands/search.ts';
import { CommandPalette } from './CommandPalette.tsx';

const ran = vi.fn();
const closed = vi.fn();

const COMMANDS: Command[] = ['Overview', 'Budgets', 'Limits'].map((label) => ({
  id: label,
  group: 'Pages',
  label,
  run: () => ran(label),
}));

function Palette() {
  const [text, setText] = useState('');
  return <CommandPalette commands={COMMANDS} text={text} onTextChange={setText} onClose={closed} />;
}

const active = () => screen.getByRole('combobox').getAttribute('aria-activedescendant') ?? '';
const activeText = () => document.getElementById(active())?.textContent;

test('arrows go round, and Enter does what is chosen', async () => {
  render(<Palette />);
  const field = screen.getByRole('combobox');
  field.focus();
  expect(activeText()).toBe('Overview');
  await userEvent.keyboard('{ArrowUp}');
  expect(activeText()).toBe('Limits');
  await userEvent.keyboard('{ArrowDown}{ArrowDown}');
  expect(activeText()).toBe('Budgets');
  await userEvent.keyboard('{Enter}');
  expect(ran).toHaveBeenCalledWith('Budgets');
  expect(closed).toHaveBeenCalled();
});

test('what is typed is looked for, and nothing found is said', async () => {
  render(<Palette />);
  screen.getByRole('combobox').focus();
  await userEvent.keyboard('lim');
  expect(screen.getAllByRole('option').map((option) => option.textContent)).toEqual(['Limits']);
  expect(screen.getByRole('status').textContent).toBe('1 command');
  await userEvent.keyboard('xyz');
  expect(screen.queryByRole('option')).toBeNull();
  expect(screen.getByText('Nothing has this name.')).toBeTruthy();
  await userEvent.keyboard('{Enter}');
  expect(screen.getByRole('combobox').getAttribute('aria-activedescendant')).toBeNull();
});
