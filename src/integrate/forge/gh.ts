import type { Forge, ForgeContext, ForgeRequest } from './forge.ts'
import { clientFailure, parseList, runClient } from './run-client.ts'

/** Pull requests through GitHub's `gh`. */
export function openGh(context: ForgeContext): Forge {
  const { repository, headRepository } = context
  const host = hostOf(repository.webUrl)
  const target = ['--repo', `${host}/${repository.owner}/${repository.repo}`]
  const forkOwner = headRepository !== undefined && headRepository.owner !== repository.owner ? headRepository.owner : undefined

  async function findOpenRequest({ base, head }: { base: string; head: string }): Promise<ForgeRequest | undefined> {
    const fields = 'number,url,headRefName,headRepositoryOwner'
    const args = [
      'pr',
      'list',
      ...target,
      '--state',
      'open',
      `--head=${head}`,
      `--base=${base}`,
      '--limit',
      '50',
      '--json',
      fields,
    ]
    const result = await runClient('gh', args, context)
    if (result.status !== 0) throw clientFailure('gh', 'look for an open pull request', result, host)
    // --head knows branch names only: the same name in somebody else's fork is another request
    const owner = (forkOwner ?? repository.owner).toLowerCase()
    for (const entry of parseList(result.stdout)) {
      if (entry['headRefName'] !== head || ownerOf(entry['headRepositoryOwner'])?.toLowerCase() !== owner) continue
      if (typeof entry['number'] === 'number' && typeof entry['url'] === 'string')
        return { number: entry['number'], url: entry['url'] }
    }
    return undefined
  }

  return {
    name: 'gh',
    findOpenRequest,
    async isInstalled() {
      return runClient('gh', ['--version'], context).then(
        ({ status }) => status === 0,
        () => false,
      )
    },
    async createRequest(request) {
      const head = forkOwner === undefined ? request.head : `${forkOwner}:${request.head}`
      const args = ['pr', 'create', ...target, `--base=${request.base}`, `--head=${head}`, `--title=${request.title}`]
      args.push('--body-file', request.bodyFile)
      if (request.draft) args.push('--draft')
      for (const label of request.labels) args.push(`--label=${label}`)
      for (const reviewer of request.reviewers) args.push(`--reviewer=${reviewer}`)
      const result = await runClient('gh', args, context)
      const created = findRequestUrl(result.status === 0 ? result.stdout : existing(result.stderr))
      if (created !== undefined) return created
      // opened all the same, by us or by somebody else a moment ago: do not make a second one
      const open = result.status === 4 ? undefined : await findOpenRequest(request).catch(() => undefined)
      if (open !== undefined) return open
      throw clientFailure('gh', `open a pull request for ${request.head} into ${request.base}`, result, host)
    },
  }
}

/** `gh` ends with the address of the request; forges under other names have the same path. */
function findRequestUrl(text: string): ForgeRequest | undefined {
  const match = /https?:\/\/\S+\/pull\/(\d+)\b/.exec(text)
  return match === null ? undefined : { number: Number(match[1]), url: match[0] }
}

function existing(stderr: string): string {
  return /already exists/.test(stderr) ? stderr : ''
}

function ownerOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('login' in value)) return undefined
  return typeof value.login === 'string' ? value.login : undefined
}

function hostOf(webUrl: string): string {
  return new URL(webUrl).host
}
