import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { StatCard } from './StatCard.tsx';

test('a rounded value is read with every digit', () => {
  render(
    <StatCard label="Cost" value="$47.61" exact="$47.608895" change={{ kind: 'same' }} against="9–15 Nov" />,
  );
  expect(screen.getByText('$47.608895')).toBeTruthy();
  expect(screen.getByText('$47.61').getAttribute('aria-hidden')).toBe('true');
  expect(screen.getByText('No change')).toBeTruthy();
});

test('without a period before it says so instead of a percentage', () => {
  const { container } = render(
    <StatCard label="Calls" value="3" change={{ kind: 'no-previous' }} against="9–15 Nov" />,
  );
  expect(container.textContent).toContain('No previous data');
  expect(container.textContent).not.toContain('%');
});

test('more errors are bad news, more calls are not judged', () => {
  const up = { kind: 'changed', direction: 'up', text: '5.0 %' } as const;
  const { container, rerender } = render(
    <StatCard label="Errors" value="3" change={up} against="" badWhenMore />,
  );
  expect(container.querySelector('.mw-bad')).toBeTruthy();
  rerender(<StatCard label="Calls" value="3" change={up} against="" />);
  expect(container.querySelector('.mw-bad, .mw-good')).toBeNull();
  expect(container.textContent).toContain('up 5.0 %');
});

test('a card that chooses the chart is a pressed button', async () => {
  const onSelect = vi.fn();
  render(
    <StatCard label="Calls" value="3" change={{ kind: 'same' }} against="" selected onSelect={onSelect} />,
  );
  const button = screen.getByRole('button', { name: /^Calls/, pressed: true });
  await userEvent.click(button);
  expect(onSelect).toHaveBeenCalledOnce();
});
