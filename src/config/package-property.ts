import { packageProperty } from './config-names.ts'

/**
 * The text of package.json's own configuration, undefined where it has none. Only that property is configuration:
 * a new version or another dependency does not make anyone approve again.
 * @throws SyntaxError when the file looks as if it held a configuration and cannot be read.
 */
export function findPackageProperty(text: string): string | undefined {
  if (!text.includes(`"${packageProperty}"`)) return undefined
  let content: unknown
  try {
    content = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    if (/"flightrules"\s*:\s*\{/.test(text)) throw error
    return undefined
  }
  if (typeof content !== 'object' || content === null || !Object.hasOwn(content, packageProperty)) return undefined
  return JSON.stringify((content as Record<string, unknown>)[packageProperty], null, 2)
}
