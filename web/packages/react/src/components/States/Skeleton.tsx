/** A quiet placeholder in the shape of what is coming. Screen readers hear "Loading" once. */
export function Skeleton({ label, className = '' }: { label: string; className?: string }) {
  return (
    <div className={`mw-skeleton ${className}`} role="status">
      <span className="mw-hidden">Loading {label}</span>
    </div>
  );
}
