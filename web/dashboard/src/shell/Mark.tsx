/** The product's mark: a wire with a pulse of usage on it. */
export function Mark() {
  return (
    <svg className="app-mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">
      <rect className="app-mark-ground" width="32" height="32" rx="8" />
      <path className="app-mark-wire" d="M6 21h4l3-10 5 14 4-9 1.5 5H26" />
    </svg>
  );
}
