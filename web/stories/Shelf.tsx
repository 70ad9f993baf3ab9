import { useState } from 'react';
import type { StoryOf } from './collect.tsx';
import type { Theme } from './main.tsx';

const WIDTHS = ['100%', '360px', '768px', '1024px'] as const;

/** All stories by their component, one of them shown at the width and in the theme that was chosen. */
export function Shelf({ stories }: { stories: readonly StoryOf[] }) {
  const [theme, setTheme] = useState<Theme>('light');
  const [width, setWidth] = useState<string>('100%');
  const [id, setId] = useState(() => decodeURIComponent(location.hash.slice(1)) || stories[0]?.id);
  const titles = [...new Set(stories.map(({ title }) => title))];
  const shown = stories.find((story) => story.id === id);
  return (
    <div className="shelf">
      <nav className="shelf-list" aria-label="Stories">
        {titles.map((title) => (
          <details key={title} open={shown?.title === title}>
            <summary>{title}</summary>
            <ul>
              {stories
                .filter((story) => story.title === title)
                .map((story) => (
                  <li key={story.id}>
                    <a
                      href={`#${story.id}`}
                      aria-current={story.id === id ? 'page' : undefined}
                      onClick={() => setId(story.id)}
                    >
                      {story.name}
                    </a>
                  </li>
                ))}
            </ul>
          </details>
        ))}
      </nav>
      <main className="shelf-shown">
        <div className="shelf-tools">
          <select
            aria-label="Theme"
            value={theme}
            onChange={({ target }) => setTheme(target.value === 'dark' ? 'dark' : 'light')}
          >
            <option value="light">Light</option>
            <option value="dark">Dark</option>
          </select>
          <select aria-label="Width" value={width} onChange={({ target }) => setWidth(target.value)}>
            {WIDTHS.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
          {id && <a href={addressOf(id, theme)}>By itself</a>}
        </div>
        {id && <iframe key={`${id} ${theme}`} title={id} src={addressOf(id, theme)} style={{ width }} />}
      </main>
    </div>
  );
}

function addressOf(id: string, theme: Theme): string {
  return `?story=${encodeURIComponent(id)}&theme=${theme}`;
}
