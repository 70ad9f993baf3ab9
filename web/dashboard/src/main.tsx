import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@meterwire/react/styles.css';
import './app.css';
import { createDashboardRouter } from './router.tsx';
import { applyTheme, storedTheme } from './theme.ts';

applyTheme(storedTheme());

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no element with the id "app"');
createRoot(root).render(
  <StrictMode>
    <RouterProvider router={createDashboardRouter()} />
  </StrictMode>,
);
