const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** A length of time in its largest whole unit: `12 s`, `5 min`, `2 h`, `3 d`, `5 w`. Takes milliseconds. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  if (seconds < minute) return `${seconds} s`
  if (seconds < hour) return `${Math.floor(seconds / minute)} min`
  if (seconds < day) return `${Math.floor(seconds / hour)} h`
  if (seconds < 28 * day) return `${Math.floor(seconds / day)} d`
  return `${Math.floor(seconds / (7 * day))} w`
}

/** How long ago an ISO time was: `2 h ago`; `just now` under a minute and for clocks that are ahead. */
export function formatAge(iso: string, now: Date): string {
  const then = Date.parse(iso)
  if (Number.isNaN(then)) return 'unknown'
  const elapsed = now.getTime() - then
  return elapsed < minute * 1000 ? 'just now' : `${formatDuration(elapsed)} ago`
}
