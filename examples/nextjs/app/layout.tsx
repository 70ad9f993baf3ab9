import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import '@meterwire/react/styles.css';
import './app.css';

export const metadata: Metadata = { title: 'Your account' };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
