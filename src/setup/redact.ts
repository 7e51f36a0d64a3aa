/** Shorter values are words that occur anyway; hiding them would only make the log unreadable. */
export const shortestSecret = 8

/** Takes secrets out of a text that comes in pieces; a secret cut in two by the pieces is found as well. */
export class Redactor {
  readonly #secrets: readonly string[]
  readonly #firstLetters: ReadonlySet<string>
  #held = ''

  constructor(secrets: readonly string[]) {
    const long = secrets.filter((secret) => secret.length >= shortestSecret).flatMap(spellings)
    // one secret may begin with another
    this.#secrets = [...new Set(long)].sort((a, b) => b.length - a.length)
    this.#firstLetters = new Set(this.#secrets.map((secret) => secret.charAt(0)))
  }

  /** What can be shown of the text so far; what may be the beginning of a secret waits for more. */
  push(chunk: string): string {
    return this.#scan(this.#held + chunk, true)
  }

  /** The rest, once nothing more comes. */
  flush(): string {
    return this.#scan(this.#held, false)
  }

  #scan(text: string, moreComes: boolean): string {
    let shown = ''
    let from = 0
    let at = 0
    this.#held = ''
    while (at < text.length) {
      if (!this.#firstLetters.has(text.charAt(at))) {
        at += 1
        continue
      }
      const rest = text.length - at
      if (moreComes && this.#secrets.some((secret) => secret.length > rest && text.endsWith(secret.slice(0, rest)))) {
        this.#held = text.slice(at)
        return shown + text.slice(from, at)
      }
      const secret = this.#secrets.find((candidate) => text.startsWith(candidate, at))
      if (secret === undefined) {
        at += 1
        continue
      }
      shown += `${text.slice(from, at)}[redacted]`
      at += secret.length
      from = at
    }
    return shown + text.slice(from)
  }
}

/** A whole text without the secrets. */
export function redactText(text: string, secrets: readonly string[]): string {
  const redactor = new Redactor(secrets)
  return redactor.push(text) + redactor.flush()
}

/** A value as programs print it: as it is, in a URL, in JSON. */
function spellings(secret: string): string[] {
  return [secret, encodeURIComponent(secret.replace(/[\ud800-\udfff]/gu, '')), JSON.stringify(secret).slice(1, -1)]
}
