import { FlightRulesError } from '../../errors.ts'
import { readRegular } from '../../files/read-regular.ts'
import { stripInvisible } from '../../integrate/inert-text.ts'
import type { Secret } from '../../setup/load-secrets.ts'
import { redactText } from '../../setup/redact.ts'

/** More than any forge takes; bytes. */
const largest = 1 << 20

/** @throws FlightRulesError NO_FILE when there is no regular file that can be read. */
export async function loadRequestBody(path: string): Promise<string> {
  const bytes = await readRegular(path, largest).catch(() => undefined)
  if (bytes !== undefined) return bytes.toString()
  throw new FlightRulesError({
    kind: 'usage',
    code: 'NO_FILE',
    message: `--body-file: there is no file ${path} that can be read; nothing was done`,
    details: { path },
  })
}

/**
 * What a person or agent wrote to be published must hold nothing that was copied from an env file.
 * @throws FlightRulesError SECRET_IN_REQUEST, naming variable and file, never the value.
 */
export function refuseSecrets(texts: Readonly<Record<string, string | undefined>>, secrets: readonly Secret[]): void {
  for (const [flag, text] of Object.entries(texts)) {
    if (text === undefined) continue
    // what is taken out as invisible could hide it from this look
    const forms = [text, stripInvisible(text)]
    const found = secrets.filter(({ value }) => forms.some((form) => redactText(form, [value]) !== form))
    if (found.length === 0) continue
    const names = [...new Set(found.map(({ name, file }) => `${name} of ${file}`))]
    throw new FlightRulesError({
      kind: 'decision',
      code: 'SECRET_IN_REQUEST',
      message: `the text of ${flag} holds the value of ${names.join(', ')}; nothing was pushed or opened`,
      hint: 'take it out of the text, then run the same command again',
      details: { flag, secrets: [...new Set(found.map(({ name, file }) => ({ name, file })))] },
    })
  }
}
