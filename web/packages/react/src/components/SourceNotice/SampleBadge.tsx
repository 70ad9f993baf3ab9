/** Stands on every card whose numbers are made up, and in its accessible name. */
export function SampleBadge() {
  return (
    <>
      {' '}
      <span className="mw-badge mw-badge-sample">Sample</span>
    </>
  );
}
