import { Icon, type IconName } from '@meterwire/react';
import { useId } from 'react';
import { applyTheme, THEMES, type Theme, useTheme } from '../theme.ts';

export const THEME_LOOK: Record<Theme, { icon: IconName; label: string }> = {
  system: { icon: 'screen', label: 'System theme' },
  light: { icon: 'sun', label: 'Light theme' },
  dark: { icon: 'moon', label: 'Dark theme' },
};

export function ThemeSwitch() {
  const theme = useTheme();
  // The header may hold two of them, of which the width of the window shows one.
  const name = useId();
  return (
    <fieldset className="mw-segments app-themes">
      <legend className="mw-hidden">Theme</legend>
      {THEMES.map((one) => (
        <label className="mw-segment" key={one} title={THEME_LOOK[one].label}>
          <input
            type="radio"
            name={name}
            aria-label={THEME_LOOK[one].label}
            checked={theme === one}
            onChange={() => applyTheme(one)}
          />
          <span>
            <Icon name={THEME_LOOK[one].icon} />
          </span>
        </label>
      ))}
    </fieldset>
  );
}
