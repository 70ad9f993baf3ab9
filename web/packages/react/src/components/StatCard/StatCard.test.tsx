import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { StatCard } from './StatCard.tsx';

test('a rounded value is read with every digit', () => {
  render(
    <StatCard title="Cost" value="$47.61" exact="$47.608895" change={{ kind: 'same' }} against="9–15 Nov" />,
  );
  expect(screen.getByText('$47.608895')).toBeTruthy();
  expect(screen.getByText('$47.61').getAttribute('aria-hidden')).toBe('true');
  expect(screen.getByText('No change')).toBeTruthy();
});

test('without a period before it says so instead of a percentage', () => {
  const { container } = render(
    <StatCard title="Calls" value="3" change={{ kind: 'no-previous' }} against="9–15 Nov" />,
  );
  expect(container.textContent).toContain('No previous data');
  expect(container.textContent).not.toContain('%');
});

test('a plain number with a percentage, a trend and an icon', () => {
  const { container } = render(
    <StatCard title="API Calls" value={15847} change={12.5} trend="up" icon="chart" />,
  );
  expect(container.textContent).toContain('API Calls');
  expect(screen.getByText('15,847')).toBeTruthy();
  expect(container.querySelector('.mw-good')?.textContent).toBe('up 12.5 %');
  expect(container.querySelectorAll('svg')).toHaveLength(2);
});

test('a trend is judged by what it is called, not by its arrow', () => {
  const { container, rerender } = render(<StatCard title="Cost" value="$3" change={-4} trend="up" />);
  expect(container.querySelector('.mw-good')?.textContent).toBe('down 4.0 %');
  rerender(<StatCard title="Cost" value="$3" change={4} trend="down" />);
  expect(container.querySelector('.mw-bad')).toBeTruthy();
  rerender(<StatCard title="Cost" value="$3" change={4} trend="neutral" />);
  expect(container.querySelector('.mw-bad, .mw-good')).toBeNull();
  rerender(<StatCard title="Cost" value="$3" change={null} />);
  expect(container.textContent).toContain('No previous data');
  rerender(<StatCard title="Cost" value="$3" />);
  expect(container.querySelector('.mw-stat-change')).toBeNull();
});

test('more errors are bad news, more calls are not judged', () => {
  const up = { kind: 'changed', direction: 'up', text: '5.0 %' } as const;
  const { container, rerender } = render(
    <StatCard title="Errors" value="3" change={up} against="" badWhenMore />,
  );
  expect(container.querySelector('.mw-bad')).toBeTruthy();
  rerender(<StatCard title="Calls" value="3" change={up} against="" />);
  expect(container.querySelector('.mw-bad, .mw-good')).toBeNull();
  expect(container.textContent).toContain('up 5.0 %');
});

test('a card that chooses the chart is a pressed button', async () => {
  const onSelect = vi.fn();
  render(
    <StatCard title="Calls" value="3" change={{ kind: 'same' }} against="" selected onSelect={onSelect} />,
  );
  const button = screen.getByRole('button', { name: /^Calls/, pressed: true });
  await userEvent.click(button);
  expect(onSelect).toHaveBeenCalledOnce();
});
