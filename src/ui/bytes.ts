const units = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const

/** A size for people: `812 bytes`, `1.5 MB`, `78 GB`. */
export function formatBytes(bytes: number): string {
  let size = bytes
  let unit = 0
  for (; size >= 1000 && unit < units.length - 1; unit += 1) size /= 1000
  return `${size < 10 && unit > 0 ? size.toFixed(1) : Math.round(size)} ${units[unit] ?? ''}`
}
