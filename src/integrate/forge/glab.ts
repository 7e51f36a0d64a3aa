import { readFile } from 'node:fs/promises'
import type { Forge, ForgeContext, ForgeRequest } from './forge.ts'
import { clientFailure, parseList, runClient } from './run-client.ts'

/** Bytes. Linux takes 128 KiB in one argument, Windows less; the text has its own, equal cap. */
const descriptionLimit = 60_000

/** Merge requests through GitLab's `glab`. */
export function openGlab(context: ForgeContext): Forge {
  const { repository, headRepository } = context
  const target = ['--repo', repository.webUrl]
  const fork =
    headRepository !== undefined && headRepository.webUrl !== repository.webUrl ? ['--head', headRepository.webUrl] : []

  async function findOpenRequest({ base, head }: { base: string; head: string }): Promise<ForgeRequest | undefined> {
    const args = ['mr', 'list', ...target, `--source-branch=${head}`, `--target-branch=${base}`, '--output', 'json']
    const result = await runClient('glab', args, context)
    if (result.status !== 0) throw clientFailure('glab', 'look for an open merge request', result, repository.host)
    for (const entry of parseList(result.stdout)) {
      if (entry['source_branch'] !== head || entry['target_branch'] !== base) continue
      if (typeof entry['iid'] === 'number' && typeof entry['web_url'] === 'string')
        return { number: entry['iid'], url: entry['web_url'] }
    }
    return undefined
  }

  return {
    name: 'glab',
    findOpenRequest,
    async isInstalled() {
      return runClient('glab', ['--version'], context).then(
        ({ status }) => status === 0,
        () => false,
      )
    },
    async createRequest(request) {
      // glab reads no file; a lone - would open an editor
      const description = new TextDecoder().decode((await readFile(request.bodyFile)).subarray(0, descriptionLimit), {
        stream: true,
      })
      const args = ['mr', 'create', ...target, ...fork, `--target-branch=${request.base}`, `--source-branch=${request.head}`]
      args.push(`--title=${request.title}`, `--description=${description.trim() === '-' ? '' : description}`, '--yes')
      if (request.draft) args.push('--draft')
      for (const label of request.labels) args.push(`--label=${label}`)
      for (const reviewer of request.reviewers) args.push(`--reviewer=${reviewer}`)
      const result = await runClient('glab', args, context)
      const created = result.status === 0 ? findRequestUrl(`${result.stdout}\n${result.stderr}`) : undefined
      if (created !== undefined) return created
      const open = await findOpenRequest(request).catch(() => undefined)
      if (open !== undefined) return open
      throw clientFailure('glab', `open a merge request for ${request.head} into ${request.base}`, result, repository.host)
    },
  }
}

function findRequestUrl(text: string): ForgeRequest | undefined {
  const match = /https?:\/\/\S+\/merge_requests\/(\d+)\b/.exec(text)
  return match === null ? undefined : { number: Number(match[1]), url: match[0] }
}
