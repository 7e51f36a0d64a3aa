/** A repository on a forge, without anything secret. */
export interface RemoteRepository {
  /** Lower case, without a port. */
  readonly host: string
  /** User, organisation or nested groups: `group/subgroup`. */
  readonly owner: string
  readonly repo: string
  /** Where people look at it: `https://host/owner/repo`. */
  readonly webUrl: string
}

/** Forges offer SSH on the HTTPS port under another name. */
const sshHosts: Readonly<Record<string, string>> = {
  'ssh.github.com': 'github.com',
  'altssh.gitlab.com': 'gitlab.com',
  'altssh.bitbucket.org': 'bitbucket.org',
}

/**
 * Reads the URL of a remote: `https://…`, `ssh://…`, `git://…` or `user@host:path`. Users, passwords and tokens are dropped.
 * null for local paths and anything else that is no repository on a host.
 */
export function parseRemoteUrl(url: string): RemoteRepository | null {
  // eslint-disable-next-line no-control-regex
  if (/[\s\u0000-\u001f\u007f]/.test(url)) return null
  return url.includes('://') ? parseStandard(url) : parseScpLike(url)
}

function parseStandard(text: string): RemoteRepository | null {
  let url: URL
  try {
    url = new URL(text.replace(/^git\+/, ''))
  } catch {
    return null
  }
  if (!['https:', 'http:', 'ssh:', 'git:'].includes(url.protocol)) return null
  const web = url.protocol === 'http:' || url.protocol === 'https:'
  return build(url.hostname, url.pathname, web ? url.port : '', url.protocol === 'http:' ? 'http' : 'https')
}

function parseScpLike(text: string): RemoteRepository | null {
  const match = /^(?:[^@/\\]+@)?(\[[0-9a-f:]+\]|[^:@/\\[\]]+):([^\\]+)$/i.exec(text)
  const [, host, path] = match ?? []
  // one letter is a Windows drive
  if (host === undefined || path === undefined || /^[a-z]$/i.test(host) || host.startsWith('-')) return null
  return build(host, path.split(/[?#]/)[0] ?? '', '', 'https')
}

function build(rawHost: string, path: string, port: string, scheme: string): RemoteRepository | null {
  const lower = rawHost.toLowerCase()
  const host = sshHosts[lower] ?? lower
  const segments = path
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .split('/')
    .filter((segment) => segment !== '')
  const repo = segments.pop()
  if (host === '' || repo === undefined || segments.length === 0) return null
  if ([...segments, repo].some((segment) => segment === '.' || segment === '..' || segment.startsWith('~'))) return null
  const owner = segments.join('/')
  return { host, owner, repo, webUrl: `${scheme}://${host}${port === '' ? '' : `:${port}`}/${owner}/${repo}` }
}

/** Whether two addresses, by whatever way they go, lead to one repository. */
export function isSameRepository(one: RemoteRepository, other: RemoteRepository): boolean {
  const place = ({ host, owner, repo }: RemoteRepository): string => `${host}/${owner}/${repo}`.toLowerCase()
  return place(one) === place(other)
}
