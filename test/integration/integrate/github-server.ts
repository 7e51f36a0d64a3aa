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
  refuse: Answer | null
  close(): Promise<void>
}

/** A GitHub that answers the real `gh` over a socket in `directory`: just enough to list and open pull requests. */
export async function startGithubServer(directory: string): Promise<GithubServer> {
  const configDirectory = join(directory, 'gh')
  const socket = join(directory, 'gh.sock')
  await mkdir(configDirectory, { recursive: true })
  await writeFile(join(configDirectory, 'config.yml'), `http_unix_socket: ${socket}\n`)
  const state: Omit<GithubServer, 'close'> = { configDirectory, created: [], open: [], refuse: null }
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

interface Query {
  readonly query?: string
  readonly variables?: Readonly<Record<string, unknown>>
}

function respond({ query = '', variables = {} }: Query, state: Omit<GithubServer, 'close'>): Answer {
  if (/query PullRequestList|query PullRequestForBranch/.test(query)) {
    const { headBranch, headRefName } = variables
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
