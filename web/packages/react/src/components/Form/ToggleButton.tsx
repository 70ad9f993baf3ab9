'use client';

export interface ToggleButtonProps {
  text: string;
  /** What a screen reader says, where the text alone does not tell. */
  label?: string | undefined;
  open: boolean;
  /** The id of what it opens. */
  controls?: string;
  look?: 'small' | 'strong' | '';
  onToggle: (open: boolean) => void;
}

/** Opens something in place, and closes it again. */
export function ToggleButton({ text, label, open, controls, look = '', onToggle }: ToggleButtonProps) {
  return (
    <button
      type="button"
      className={`mw-button ${look && `mw-button-${look}`}`}
      aria-label={label}
      aria-expanded={open}
      aria-controls={open ? controls : undefined}
      onClick={() => onToggle(!open)}
    >
      {text}
    </button>
  );
}
