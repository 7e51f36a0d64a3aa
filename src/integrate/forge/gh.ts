import type { Forge, ForgeContext, ForgeRequest, RequestChange, RequestDetails } from './forge.ts'
import { mergedFields, pageSize, readMergedPull } from './merged-request.ts'
import { addressOf, isNumber, listTexts, textIn, textOf } from './read-fields.ts'
import { type ClientResult, clientFailure, isObject, parseList, requireObject, runClient, strangeAnswer } from './run-client.ts'

const requestFields =
  'number,url,title,body,state,isDraft,labels,reviewRequests,reviews,baseRefName,headRefName,isCrossRepository,headRepositoryOwner,author'

/** Pull requests through GitHub's `gh`. */
export function openGh(context: ForgeContext): Forge {
  const { repository, headRepository } = context
  const host = new URL(repository.webUrl).host
  // with the host in it, whatever GH_HOST says
  const target = ['--repo', `${host}/${repository.owner}/${repository.repo}`]
  const forkOwner = headRepository !== undefined && headRepository.owner !== repository.owner ? headRepository.owner : undefined

  async function ask(what: string, args: readonly string[]): Promise<ClientResult> {
    const result = await runClient('gh', args, context)
    if (result.status !== 0) throw clientFailure('gh', what, result, host)
    return result
  }

  async function findOpenRequest({ base, head }: { base: string; head: string }): Promise<ForgeRequest | undefined> {
    const only = ['--state', 'open', `--head=${head}`, `--base=${base}`, '--limit', '50']
    const fields = ['--json', 'number,url,headRefName,headRepositoryOwner']
    const result = await ask('look for an open pull request', ['pr', 'list', ...target, ...only, ...fields])
    // --head knows branch names only: the same name in somebody else's fork is another request
    const owner = (forkOwner ?? repository.owner).toLowerCase()
    for (const entry of parseList(result.stdout)) {
      if (entry['headRefName'] !== head || textIn(entry['headRepositoryOwner'], 'login')?.toLowerCase() !== owner) continue
      const number = entry['number']
      if (isNumber(number)) return { number, url: addressOf(repository, entry['url'], `pull/${number}`) }
    }
    return undefined
  }

  return {
    name: 'gh',
    findOpenRequest,
    async listMergedRequests(head) {
      const only = ['--state', 'merged', ...(head === null ? [] : [`--head=${head}`]), '--limit', String(pageSize)]
      const args = ['pr', 'list', ...target, ...only, '--json', mergedFields]
      const { stdout } = await ask('look for merged pull requests', args)
      return parseList(stdout).flatMap((entry) => readMergedPull(entry, repository) ?? [])
    },
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
    async readRequest(number) {
      const what = `read pull request ${number}`
      const { stdout } = await ask(what, ['pr', 'view', String(number), ...target, '--json', requestFields])
      const fields = requireObject('gh', what, stdout)
      if (fields['number'] !== number || typeof fields['body'] !== 'string') throw strangeAnswer('gh', what, 'it is another one')
      return readDetails(fields, { number, url: addressOf(repository, fields['url'], `pull/${number}`) })
    },
    async changeRequest(number, change) {
      await ask(`change pull request ${number}`, ['pr', 'edit', String(number), ...target, ...toFlags(change)])
    },
    async readIssue(number) {
      const what = `read issue ${number}`
      const { stdout } = await ask(what, ['issue', 'view', String(number), ...target, '--json', 'number,title,state,url'])
      const fields = requireObject('gh', what, stdout)
      if (fields['number'] !== number) throw strangeAnswer('gh', what, 'it is another one')
      const isOpen = textOf(fields, 'state').toUpperCase() !== 'CLOSED'
      return { number, url: addressOf(repository, fields['url'], `issues/${number}`), title: textOf(fields, 'title'), isOpen }
    },
  }
}

function readDetails(fields: Record<string, unknown>, known: ForgeRequest): RequestDetails {
  const reviews: readonly unknown[] = Array.isArray(fields['reviews']) ? fields['reviews'] : []
  const reviewed = reviews.map((one) => (isObject(one) ? one['author'] : undefined))
  const owner = textIn(fields['headRepositoryOwner'], 'login')
  return {
    ...known,
    title: textOf(fields, 'title'),
    body: textOf(fields, 'body'),
    state: textOf(fields, 'state').toLowerCase(),
    draft: fields['isDraft'] === true,
    labels: listTexts(fields['labels'], 'name'),
    reviewers: [...listTexts(fields['reviewRequests'], 'login', 'slug', 'name'), ...listTexts(reviewed, 'login')],
    base: textOf(fields, 'baseRefName'),
    head: textOf(fields, 'headRefName'),
    // what does not say that it is from here is not
    isFork: fields['isCrossRepository'] !== false,
    from: owner ?? textIn(fields['author'], 'login'),
  }
}

function toFlags({ title, bodyFile, labels = [], reviewers = [] }: RequestChange): string[] {
  return [
    ...(title === undefined ? [] : [`--title=${title}`]),
    ...(bodyFile === undefined ? [] : ['--body-file', bodyFile]),
    ...labels.map((label) => `--add-label=${label}`),
    ...reviewers.map((reviewer) => `--add-reviewer=${reviewer}`),
  ]
}

/** `gh` ends with the address of the request; forges under other names have the same path. */
function findRequestUrl(text: string): ForgeRequest | undefined {
  const match = /https?:\/\/\S+\/pull\/(\d+)\b/.exec(text)
  return match === null ? undefined : { number: Number(match[1]), url: match[0] }
}

function existing(stderr: string): string {
  return /already exists/.test(stderr) ? stderr : ''
}
