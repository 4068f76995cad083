/** The colors of environments' pictures on a dark page, as declarations of their variables. */
export const DARK_PICTURE_COLORS =
  '--maxent-sky:#1a2129;--maxent-ground:#2b3641;--maxent-line:#465462;--maxent-ink:#dfe6ed;--maxent-wall:#8795a3;--maxent-agent:#4aa8e0;' +
  '--maxent-part:#e3a463;--maxent-dark:#0b0f14;--maxent-shine:#f7fafc;--maxent-goal:#33c296;--maxent-danger:#e8705f';
