import { Icon, type IconName } from '@meterwire/react';
import { useState } from 'react';
import { applyTheme, storedTheme, THEMES, type Theme } from '../theme.ts';

const LOOK: Record<Theme, { icon: IconName; label: string }> = {
  system: { icon: 'screen', label: 'System theme' },
  light: { icon: 'sun', label: 'Light theme' },
  dark: { icon: 'moon', label: 'Dark theme' },
};

export function ThemeSwitch() {
  const [theme, setTheme] = useState(storedTheme);
  return (
    <fieldset className="mw-segments app-themes">
      <legend className="mw-hidden">Theme</legend>
      {THEMES.map((one) => (
        <label className="mw-segment" key={one} title={LOOK[one].label}>
          <input
            type="radio"
            name="theme"
            aria-label={LOOK[one].label}
            checked={theme === one}
            onChange={() => {
              applyTheme(one);
              setTheme(one);
            }}
          />
          <span>
            <Icon name={LOOK[one].icon} />
          </span>
        </label>
      ))}
    </fieldset>
  );
}
