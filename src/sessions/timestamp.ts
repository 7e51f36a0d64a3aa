/** ISO time in UTC to the second, as records and the manifest hold it. */
export function toTimestamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`
}
