import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

interface Answer {
  readonly status?: number
  readonly body: unknown
}

export interface GithubServer {
  /** For the environment of `gh`. */
  readonly configDirectory: string
  /** Variables of the mutation that made a pull request, once there was one. */
  readonly created: Record<string, unknown>[]
  readonly open: { number: number; url: string; headRefName: string; headRepositoryOwner: { id: string; login: string } }[]
  /** As GitHub's schema has them. */
  readonly merged: Readonly<Record<string, unknown> & { readonly headRefName: string }>[]
  /** What was asked of lists of pull requests. */
  readonly asked: Readonly<Record<string, unknown>>[]
  refuse: Answer | null
  close(): Promise<void>
}

/** A GitHub that answers the real `gh` over a socket in `directory`: just enough to list and open pull requests. */
export async function startGithubServer(directory: string): Promise<GithubServer> {
  const configDirectory = join(directory, 'gh')
  const socket = join(directory, 'gh.sock')
  await mkdir(configDirectory, { recursive: true })
  await writeFile(join(configDirectory, 'config.yml'), `http_unix_socket: ${socket}\n`)
  const state: Omit<GithubServer, 'close'> = { configDirectory, created: [], open: [], merged: [], asked: [], refuse: null }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const answer = state.refuse ?? respond(text === '' ? {} : (JSON.parse(text) as Query), state)
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer.body))
    })
  })
  await new Promise<AddressInfo | string | null>((resolve) => server.listen(socket, () => resolve(server.address())))
  return Object.assign(state, { close: () => new Promise<void>((resolve) => server.close(() => resolve())) })
}

/** Pull request 7, as GitHub tells `gh` of it. */
const pullRequest = {
  id: 'P7',
  number: 7,
  url: 'https://github.com/acme/project/pull/7',
  title: 'Add the login',
  body: 'by hand\r\n',
  state: 'OPEN',
  isDraft: true,
  baseRefName: 'main',
  headRefName: 'auth',
  isCrossRepository: true,
  headRepositoryOwner: { id: 'U2', login: 'zoe' },
  author: { login: 'zoe' },
  labels: { nodes: [{ id: 'L2', name: 'needs review' }], totalCount: 1 },
  reviewRequests: {
    nodes: [
      { requestedReviewer: { __typename: 'User', login: 'bob' } },
      { requestedReviewer: { __typename: 'Team', name: 'Team', slug: 'team', organization: { login: 'acme' } } },
    ],
    totalCount: 2,
  },
  reviews: { nodes: [{ author: { login: 'eve' }, state: 'COMMENTED' }], pageInfo: { hasNextPage: false }, totalCount: 1 },
}

/** What a query does not ask for is not told. */
function onlyAsked(entry: Readonly<Record<string, unknown>>, query: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => new RegExp(`\\b${name}\\b`).test(query)))
}

interface Query {
  readonly query?: string
  readonly variables?: Readonly<Record<string, unknown>>
}

function respond({ query = '', variables = {} }: Query, state: Omit<GithubServer, 'close'>): Answer {
  if (/query PullRequestList|query PullRequestForBranch/.test(query)) {
    const { headBranch, headRefName } = variables
    state.asked.push(variables)
    if (JSON.stringify(variables['state'] ?? '').includes('MERGED')) {
      const found = state.merged.filter((entry) => headBranch === undefined || entry.headRefName === headBranch)
      const nodes = found.map((entry) => onlyAsked(entry, query))
      const pullRequests = { nodes, pageInfo: { hasNextPage: false }, totalCount: nodes.length }
      return { body: { data: { repository: { pullRequests } } } }
    }
    const nodes = state.open.filter((entry) => entry.headRefName === (headBranch ?? headRefName))
    const page = {
      nodes: nodes.map((node) => ({
        ...node,
        state: 'OPEN',
        baseRefName: 'main',
        isCrossRepository: node.headRepositoryOwner.login !== 'Acme',
      })),
      pageInfo: { hasNextPage: false },
      totalCount: nodes.length,
    }
    return { body: { data: { repository: { pullRequests: page } } } }
  }
  if (/query PullRequestProjectItems/.test(query)) {
    const projectItems = { nodes: [], pageInfo: { hasNextPage: false } }
    return { body: { data: { repository: { pullRequest: { projectItems } } } } }
  }
  if (/query PullRequestByNumber/.test(query)) return { body: { data: { repository: { pullRequest } } } }
  if (/query IssueByNumber/.test(query)) {
    const issue = {
      __typename: 'Issue',
      id: 'I1',
      number: 5,
      title: 'Fix',
      state: 'CLOSED',
      url: 'https://github.com/acme/project/issues/5',
    }
    return { body: { data: { repository: { hasIssuesEnabled: true, issue } } } }
  }
  if (/query RepositoryLabelList/.test(query)) {
    const labels = { nodes: [{ id: 'L1', name: 'bug' }], pageInfo: { hasNextPage: false } }
    return { body: { data: { repository: { labels } } } }
  }
  if (/query RepositoryInfo/.test(query)) {
    const repository = {
      id: 'R1',
      name: 'project',
      owner: { login: 'acme' },
      hasIssuesEnabled: true,
      viewerPermission: 'WRITE',
      defaultBranchRef: { name: 'main' },
      parent: null,
    }
    return { body: { data: { repository } } }
  }
  if (/mutation PullRequestCreate\b/.test(query)) {
    state.created.push({ ...(variables['input'] as object) })
    return { body: { data: { createPullRequest: { pullRequest: { id: 'P7', url: 'https://github.com/acme/project/pull/7' } } } } }
  }
  if (/mutation/.test(query)) {
    state.created.push({ ...variables })
    return { body: { data: {} } }
  }
  // names of labels and reviewers are looked up under made-up keys
  return { body: { data: { u000: { id: 'U1', login: 'ann' }, repository: { l000: { id: 'L1', name: 'bug' } } } } }
}
