/** The value within [-limit, limit]. */
export function clip(value: number, limit: number): number {
  return Math.min(Math.max(value, -limit), limit);
}
