import { readFile } from 'node:fs/promises'
import type { Forge, ForgeContext, ForgeRequest, RequestChange, RequestDetails } from './forge.ts'
import { pageSize, readMergedMerge } from './merged-request.ts'
import { addressOf, isNumber, listTexts, textIn, textOf } from './read-fields.ts'
import { type ClientResult, clientFailure, parseList, requireObject, runClient, strangeAnswer } from './run-client.ts'

/** Bytes. Linux takes 128 KiB in one argument, Windows less; the text has its own, smaller cap. */
const descriptionLimit = 64_000

/** Merge requests through GitLab's `glab`. */
export function openGlab(context: ForgeContext): Forge {
  const { repository, headRepository } = context
  const { host } = repository
  // a whole address has the host in it, whatever GITLAB_HOST says
  const target = ['--repo', repository.webUrl]
  const fork = headRepository !== undefined && headRepository.webUrl !== repository.webUrl ? headRepository : undefined

  async function ask(what: string, args: readonly string[]): Promise<ClientResult> {
    const result = await runClient('glab', args, context)
    if (result.status !== 0) throw clientFailure('glab', what, result, host)
    return result
  }

  /** The number a merge request knows a fork by. */
  async function readProject({ owner, repo }: { owner: string; repo: string }): Promise<unknown> {
    const what = `look up ${owner}/${repo}`
    const path = `projects/${encodeURIComponent(`${owner}/${repo}`)}`
    return requireObject('glab', what, (await ask(what, ['api', '--hostname', host, path])).stdout)['id']
  }

  async function findOpenRequest({ base, head }: { base: string; head: string }): Promise<ForgeRequest | undefined> {
    const args = ['mr', 'list', ...target, `--source-branch=${head}`, `--target-branch=${base}`, '--output', 'json']
    const entries = parseList((await ask('look for an open merge request', args)).stdout).filter(
      (entry) => entry['source_branch'] === head && entry['target_branch'] === base,
    )
    // the same name in somebody else's fork is another request
    const source = fork === undefined || entries.length === 0 ? undefined : await readProject(fork)
    for (const entry of entries) {
      const isOurs = fork === undefined ? !isFromFork(entry) : entry['source_project_id'] === source
      const number = entry['iid']
      if (isOurs && isNumber(number))
        return { number, url: addressOf(repository, entry['web_url'], `-/merge_requests/${number}`) }
    }
    return undefined
  }

  return {
    name: 'glab',
    findOpenRequest,
    async listMergedRequests(head) {
      const only = ['--merged', ...(head === null ? [] : [`--source-branch=${head}`]), '--per-page', String(pageSize)]
      const args = ['mr', 'list', ...target, ...only, '--output', 'json']
      const { stdout } = await ask('look for merged merge requests', args)
      return parseList(stdout).flatMap((entry) => readMergedMerge(entry, repository) ?? [])
    },
    async isInstalled() {
      return runClient('glab', ['--version'], context).then(
        ({ status }) => status === 0,
        () => false,
      )
    },
    async createRequest(request) {
      const head = fork === undefined ? [] : ['--head', fork.webUrl]
      const args = ['mr', 'create', ...target, ...head, `--target-branch=${request.base}`, `--source-branch=${request.head}`]
      args.push(`--title=${request.title}`, await describe(request.bodyFile), '--yes')
      if (request.draft) args.push('--draft')
      for (const label of request.labels) args.push(`--label=${label}`)
      for (const reviewer of request.reviewers) args.push(`--reviewer=${reviewer}`)
      const result = await runClient('glab', args, context)
      const created = result.status === 0 ? findRequestUrl(`${result.stdout}\n${result.stderr}`) : undefined
      if (created !== undefined) return created
      const open = await findOpenRequest(request).catch(() => undefined)
      if (open !== undefined) return open
      throw clientFailure('glab', `open a merge request for ${request.head} into ${request.base}`, result, host)
    },
    async readRequest(number) {
      const what = `read merge request ${number}`
      const { stdout } = await ask(what, ['mr', 'view', String(number), ...target, '--output', 'json'])
      const fields = requireObject('glab', what, stdout)
      const text = fields['description'] ?? ''
      if (fields['iid'] !== number || typeof text !== 'string') throw strangeAnswer('glab', what, 'it is another one')
      return readDetails(fields, { number, url: addressOf(repository, fields['web_url'], `-/merge_requests/${number}`) })
    },
    async changeRequest(number, change) {
      const args = ['mr', 'update', String(number), ...target, ...(await toFlags(change))]
      await ask(`change merge request ${number}`, args)
    },
    async readIssue(number) {
      const what = `read issue ${number}`
      const { stdout } = await ask(what, ['issue', 'view', String(number), ...target, '--output', 'json'])
      const fields = requireObject('glab', what, stdout)
      if (fields['iid'] !== number) throw strangeAnswer('glab', what, 'it is another one')
      const url = addressOf(repository, fields['web_url'], `-/issues/${number}`)
      return { number, url, title: textOf(fields, 'title'), isOpen: textOf(fields, 'state') !== 'closed' }
    },
  }
}

function isFromFork(entry: Record<string, unknown>): boolean {
  return entry['source_project_id'] !== entry['target_project_id']
}

function readDetails(fields: Record<string, unknown>, known: ForgeRequest): RequestDetails {
  const state = textOf(fields, 'state')
  return {
    ...known,
    title: textOf(fields, 'title'),
    body: textOf(fields, 'description'),
    state: state === 'opened' ? 'open' : state,
    draft: fields['draft'] === true || fields['work_in_progress'] === true,
    labels: listTexts(fields['labels'], 'name'),
    reviewers: listTexts(fields['reviewers'], 'username'),
    base: textOf(fields, 'target_branch'),
    head: textOf(fields, 'source_branch'),
    isFork: typeof fields['source_project_id'] !== 'number' || isFromFork(fields),
    from: textIn(fields['author'], 'username'),
  }
}

async function toFlags({ title, bodyFile, labels = [], reviewers = [] }: RequestChange): Promise<string[]> {
  return [
    ...(title === undefined ? [] : [`--title=${title}`]),
    ...(bodyFile === undefined ? [] : [await describe(bodyFile)]),
    ...labels.map((label) => `--label=${label}`),
    // without the sign it would take the place of those who were asked before
    ...reviewers.map((reviewer) => `--reviewer=+${reviewer}`),
  ]
}

/** glab reads no file; a lone - would open an editor. */
async function describe(bodyFile: string): Promise<string> {
  const bytes = (await readFile(bodyFile)).subarray(0, descriptionLimit)
  const text = new TextDecoder().decode(bytes, { stream: true })
  return `--description=${text.trim() === '-' ? '' : text}`
}

function findRequestUrl(text: string): ForgeRequest | undefined {
  const match = /https?:\/\/\S+\/merge_requests\/(\d+)\b/.exec(text)
  return match === null ? undefined : { number: Number(match[1]), url: match[0] }
}
