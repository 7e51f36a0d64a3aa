/** Line ends, other control characters, and those that change the direction or are not seen. The joiners in an emoji are harmless. */
const misleading = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** A path as part of a sentence: as it is, or as a JSON string where it could pass for more than one line or for another path. */
export function quotePath(path: string): string {
  if (path.search(misleading) === -1) return path
  return JSON.stringify(path).replace(misleading, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}

/** The first paths of a list, for a sentence; `…` where there are more. */
export function namePaths(paths: readonly string[], limit: number): string {
  return `${paths.slice(0, limit).map(quotePath).join(', ')}${paths.length > limit ? ', …' : ''}`
}
