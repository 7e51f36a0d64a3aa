export interface PublishedPort {
  readonly service: string
  /** The variable that gives the number: `"${DB_PORT:-5432}:5432"`. undefined when the number is fixed. */
  readonly variable: string | undefined
  readonly port: number
}

/** The host ports a compose file publishes. A file that cannot be read publishes none. */
export async function composePorts(text: string): Promise<PublishedPort[]> {
  const { parse } = await import('yaml')
  let value: unknown
  try {
    value = parse(text, { merge: true })
  } catch {
    return []
  }
  const result: PublishedPort[] = []
  for (const [service, settings] of entriesOf(entriesOf(value).find(([key]) => key === 'services')?.[1])) {
    const ports = entriesOf(settings).find(([key]) => key === 'ports')?.[1]
    for (const entry of Array.isArray(ports) ? ports : []) {
      const published =
        typeof entry === 'object' ? entriesOf(entry).find(([key]) => key === 'published')?.[1] : hostPart(String(entry))
      const found = published === undefined ? undefined : readPort(String(published))
      if (found !== undefined) result.push({ service, ...found })
    }
  }
  return result
}

/** `127.0.0.1:8080:80/tcp` -> `8080`; a colon inside `${…}` separates nothing. */
function hostPart(mapping: string): string | undefined {
  const parts = mapping.match(/(?:\$\{[^}]*\}|\[[^\]]*\]|[^:])+/g) ?? []
  return parts.length < 2 ? undefined : parts.at(-2)
}

function readPort(published: string): { variable: string | undefined; port: number } | undefined {
  if (/^\d+$/.test(published)) return { variable: undefined, port: Number(published) }
  const match = /^\$\{([A-Za-z_]\w*):?-(\d+)\}$/.exec(published)
  return match === null ? undefined : { variable: match[1], port: Number(match[2]) }
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}
