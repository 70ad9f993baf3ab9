/** What cuts stripes out of fills in charts, so that made-up shapes cannot be taken for real ones. */
export function SampleHatch() {
  return (
    <svg className="mw-sample-hatch" width="0" height="0" aria-hidden="true" focusable="false">
      <defs>
        <pattern
          id="mw-sample-stripes"
          width="7"
          height="7"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="4" height="7" fill="#fff" />
        </pattern>
        <mask id="mw-sample-mask" maskUnits="userSpaceOnUse" x="-4000" y="-4000" width="12000" height="12000">
          <rect x="-4000" y="-4000" width="12000" height="12000" fill="url(#mw-sample-stripes)" />
        </mask>
      </defs>
    </svg>
  );
}
