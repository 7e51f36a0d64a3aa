/** Every write of a simulated person or agent carries one of these; what becomes of it can be told for each. */
export class Tokens {
  readonly #prefix: string
  #count: number
  readonly #live = new Set<string>()

  constructor(prefix: string, from = 0) {
    this.#prefix = prefix
    this.#count = from
  }

  /** A new one; from now on it must be found somewhere. */
  make(): string {
    this.#count += 1
    const token = `token-${this.#prefix}-${String(this.#count).padStart(5, '0')}-end`
    this.#live.add(token)
    return token
  }

  /** The one who wrote it has taken it away himself, so nobody has to keep it. */
  drop(token: string): void {
    this.#live.delete(token)
  }

  get live(): readonly string[] {
    return [...this.#live]
  }
}
