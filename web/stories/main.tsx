import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@meterwire/react/styles.css';
import './stories.css';
import { collect, type StoryFile } from './collect.tsx';
import { Shelf } from './Shelf.tsx';
import { Stage } from './Stage.tsx';

export type Theme = 'light' | 'dark';

/** What a test takes hold of. */
declare global {
  interface Window {
    stories: {
      index: readonly { id: string; title: string; name: string }[];
      show: (id: string) => void;
      theme: (theme: Theme) => void;
    };
  }
}

const files = import.meta.glob<StoryFile>('../packages/react/src/components/**/*.stories.tsx', {
  eager: true,
});
const stories = collect(files);
const root = createRoot(document.getElementById('app') ?? document.body);

function show(id: string): void {
  const story = stories.find((one) => one.id === id);
  if (!story) throw new Error(`there is no story ${id}`);
  root.render(
    <StrictMode>
      <Stage story={story} />
    </StrictMode>,
  );
}

function theme(name: Theme): void {
  document.documentElement.dataset.mwTheme = name;
}

window.stories = { index: stories.map(({ id, title, name }) => ({ id, title, name })), show, theme };

const asked = new URLSearchParams(location.search);
theme(asked.get('theme') === 'dark' ? 'dark' : 'light');
const id = asked.get('story');
if (id) show(id);
else root.render(<Shelf stories={stories} />);
