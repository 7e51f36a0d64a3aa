import { FlightRulesError } from '../errors.ts'

/**
 * Fills in every `{name}`. `${name}` belongs to shells and is left alone, as are braces around anything that is no name.
 * @throws FlightRulesError UNKNOWN_TEMPLATE_VARIABLE
 */
export function expandTemplate(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/(?<!\$)\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value !== undefined) return value
    throw new FlightRulesError({
      kind: 'usage',
      code: 'UNKNOWN_TEMPLATE_VARIABLE',
      message: `{${name}} in ${JSON.stringify(text)} is not known; known there are ${
        Object.keys(values)
          .map((known) => `{${known}}`)
          .join(', ') || 'none'
      }`,
      hint: 'correct the name in the config; a variable can use ports and the variables written before it',
      details: { name, text },
    })
  })
}
