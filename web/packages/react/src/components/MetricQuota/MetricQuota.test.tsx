import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { standing, UNLIMITED } from '../../testing/limitsFixtures.ts';
import { MetricQuota } from './MetricQuota.tsx';

const now = new Date('2026-11-22T17:30:00Z');

test('used, limit, share, what is left and when it starts again', () => {
  const { container } = render(
    <MetricQuota metric="deployments" standing={standing({ held: 2 })} zone="UTC" now={now} />,
  );
  expect(screen.getByRole('region', { name: 'Deployments' })).toBeTruthy();
  expect(container.textContent).toContain('7 of 10');
  expect(container.textContent).toContain('70 %');
  expect(container.textContent).toContain('3 left · 2 held');
  expect(container.textContent).toContain('Resets in 6 h 30 min, 23 Nov, 00:00 (UTC)');
  const meter = screen.getByRole('meter', { name: 'Deployments' });
  expect(meter.getAttribute('aria-valuenow')).toBe('70');
  expect(meter.getAttribute('aria-valuetext')).toBe('7 of 10, 70 %');
  expect(meter.querySelector<HTMLElement>('.mw-meter-fill')?.style.width).toBe('50%');
  expect(meter.querySelector<HTMLElement>('.mw-meter-held')?.style.width).toBe('70%');
});

test('unlimited is said, and has no meter', () => {
  const { container } = render(
    <MetricQuota
      metric="storage"
      standing={standing({ ...UNLIMITED, current: 1536, window: 'none', resets_at: null })}
      unit="bytes"
      zone="UTC"
      now={now}
    />,
  );
  expect(screen.queryByRole('meter')).toBeNull();
  expect(screen.getByText('Unlimited')).toBeTruthy();
  expect(container.textContent).toContain('1.5 KiB');
  expect(container.textContent).toContain('A level: it is not reset');
  expect(container.textContent).not.toContain('%');
});

test('a limit that is passed says by how much, and the meter stays in its bounds', () => {
  const { container } = render(
    <MetricQuota
      metric="deployments"
      standing={standing({ current: 15, remaining: 0, percentage: 150 })}
      zone="UTC"
      now={now}
    />,
  );
  expect(container.querySelector('.mw-quota-full')).toBeTruthy();
  expect(container.textContent).toContain('150 %');
  expect(container.textContent).toContain('Nothing left');
  expect(screen.getByRole('meter').getAttribute('aria-valuenow')).toBe('100');
});

test('a limit of zero is full from the beginning', () => {
  const { container } = render(
    <MetricQuota
      metric="deployments"
      standing={standing({ current: 0, limit: 0, remaining: 0, percentage: null })}
      zone="UTC"
      now={now}
    />,
  );
  expect(container.textContent).toContain('0 of 0');
  expect(container.querySelector('.mw-quota-full')).toBeTruthy();
});
