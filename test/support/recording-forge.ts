import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { findOnPath } from './find-on-path.ts'
import type { TestRepository } from './repository.ts'
import { makeProject, type ProjectOptions, type TestProject } from './flightrules-project.ts'

export interface ForgeCall {
  readonly argv: readonly string[]
  readonly cwd: string
  /** Content of the file `--body-file` names. */
  readonly body: string | null
}

/** What the client says of something, in its own words; `text` is printed as it is. */
export type ForgeAnswer = Readonly<Record<string, unknown>> | { readonly text: string }

export type ForgeProject = TestProject & RecordingForge

export interface RecordingForge {
  readonly remotePath: string
  /** What the client was called with, oldest first; `--version` aside. */
  calls(): Promise<ForgeCall[]>
  /** The next calls of `create` end with this status and these words; null: they work again. */
  failCreate(failure: { readonly status: number; readonly stderr: string } | null): Promise<void>
  /** The same for any subcommand: `edit`, `view`, `list`. */
  fail(subcommand: string, failure: { readonly status: number; readonly stderr: string } | null): Promise<void>
  /** What `view` says of the open request, merged into what the client knows of it. */
  setRequest(fields: ForgeAnswer): Promise<void>
  setIssue(fields: ForgeAnswer): Promise<void>
  /** What the client says when it is asked for merged requests. */
  setMerged(entries: readonly unknown[] | { readonly text: string }): Promise<void>
  /** Somebody sends work in: commits files where a forge has those of request 7. Gives the commit. */
  sendRequest(files: Readonly<Record<string, string>>, ref?: string): Promise<string>
  /** The text the request has now. */
  requestText(): Promise<string>
}

export interface ForgePlace {
  /** Host of the forge; default github.com and gitlab.com. */
  readonly host?: string
  /** `push`: only pushing arrives anywhere; `ssh`: fetching as well. */
  readonly reach?: 'push' | 'ssh'
}

const paths = { gh: 'o/r', glab: 'g/s/r' }

/**
 * A project whose `origin` is on a forge by its address, and a folder here when it is fetched from or pushed to. `gh` and `glab` are a
 * program that writes down how it was called and answers as the client would: a request is open once it was created.
 */
export async function makeForgeProject(client: 'gh' | 'glab', options: ProjectOptions & ForgePlace = {}): Promise<ForgeProject> {
  const project = await makeProject({ ...options, remote: true })
  return { ...project, ...(await putOnForge(project, client, options)) }
}

/** The same for a repository that is there, with a remote. */
export async function putOnForge(
  project: TestRepository,
  client: 'gh' | 'glab',
  { host = client === 'gh' ? 'github.com' : 'gitlab.com', reach = 'push' }: ForgePlace = {},
): Promise<RecordingForge> {
  const remotePath = project.remotePath ?? ''
  const directory = join(project.parent, 'forge')
  await mkdir(directory)
  await writeFile(join(directory, client), program(directory, client, host))
  await chmod(join(directory, client), 0o755)
  project.env['PATH'] = `${directory}${delimiter}${project.env['PATH'] ?? ''}`
  const address = reach === 'ssh' ? `git@${host}:${paths[client]}.git` : `https://${host}/${paths[client]}.git`
  await project.git(['remote', 'set-url', 'origin', address])
  if (reach === 'push') await project.git(['config', `url.${remotePath}.pushInsteadOf`, address])
  else {
    const transport = join(directory, 'ssh')
    await writeFile(transport, transportTo(remotePath))
    await chmod(transport, 0o755)
    Object.assign(project.env, { GIT_SSH: transport, GIT_SSH_VARIANT: 'simple' })
  }
  const write = (name: string, value: unknown): Promise<void> => writeFile(join(directory, name), JSON.stringify(value))
  return {
    remotePath,
    async calls() {
      const text = await readFile(join(directory, 'calls'), 'utf8').catch(() => '')
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as ForgeCall)
    },
    failCreate: (failure) => write('fail-create.json', failure),
    fail: (subcommand, failure) => write(`fail-${subcommand}.json`, failure),
    setRequest: (fields) => write('request.json', fields),
    setIssue: (fields) => write('issue.json', fields),
    setMerged: (entries) => write('merged.json', entries),
    async sendRequest(files, ref = client === 'gh' ? 'refs/pull/7/head' : 'refs/merge-requests/7/head') {
      const theirs = join(project.parent, 'theirs')
      const git = (...args: string[]): Promise<string> => project.git(['-c', 'core.hooksPath=/dev/null', ...args], theirs)
      if (!existsSync(theirs)) {
        await project.git(['clone', '--quiet', '--no-local', remotePath, theirs])
        await git('switch', '--quiet', '--create', 'their-work')
      }
      for (const [name, content] of Object.entries(files)) {
        await project.write(join(theirs, name), content)
        await chmod(join(theirs, name), 0o755)
      }
      await git('add', '--force', '--all')
      await git('commit', '--quiet', '--message', 'An innocent change')
      await git('push', '--quiet', '--force', 'origin', `HEAD:${ref}`)
      return git('rev-parse', 'HEAD')
    },
    requestText: () => readFile(join(directory, 'text'), 'utf8'),
  }
}

/** A PATH with what git and its hooks need, and no client of any forge. */
export async function pathWithoutForges(directory: string): Promise<string> {
  const tools = join(directory, 'tools')
  await mkdir(tools)
  for (const name of ['git', 'node', 'sh', 'cat', 'env']) {
    const file = name === 'node' ? process.execPath : findOnPath(name)
    if (file !== undefined) await symlink(file, join(tools, name))
  }
  return tools
}

/** What `ssh` would reach: this folder, whichever host is asked. */
function transportTo(folder: string): string {
  return `#!/bin/sh
for last; do :; done
case $last in
  git-upload-pack*) exec git upload-pack '${folder}' ;;
  git-receive-pack*) exec git receive-pack '${folder}' ;;
esac
exit 1
`
}

function program(directory: string, client: 'gh' | 'glab', host: string): string {
  const web = `https://${host}/${paths[client]}`
  const address = client === 'gh' ? `${web}/pull/7` : `${web}/-/merge_requests/7`
  return `#!${process.execPath}
const fs = require('node:fs')
const directory = ${JSON.stringify(directory)}
const isGh = ${client === 'gh'}
const argv = process.argv.slice(2)
const value = (flag) => (argv.includes(flag) ? argv[argv.indexOf(flag) + 1] : argv.find((one) => one.startsWith(flag + '='))?.slice(flag.length + 1))
const file = value('--body-file')
const body = file === undefined ? null : fs.readFileSync(file, 'utf8')
fs.appendFileSync(directory + '/calls', JSON.stringify({ argv, cwd: process.cwd(), body }) + '\\n')
const read = (name) => (fs.existsSync(directory + '/' + name) ? JSON.parse(fs.readFileSync(directory + '/' + name, 'utf8')) : null)
const say = (answer) => console.log(typeof answer.text === 'string' ? answer.text : JSON.stringify(answer))
const failure = read('fail-' + argv[1] + '.json')
if (failure !== null) {
  console.error(failure.stderr)
  process.exit(failure.status)
}
const text = body ?? value('--description')
if (['create', 'edit', 'update'].includes(argv[1]) && text !== undefined) fs.writeFileSync(directory + '/text', text)
const isMerged = argv.includes('--merged') || value('--state') === 'merged'
if (argv[1] === 'list') say((isMerged ? read('merged.json') : read('open.json')) ?? [])
if (argv[0] === 'api') console.log(JSON.stringify({ id: 12 }))
if (argv[0] === 'issue') say(read('issue.json') ?? {})
if (argv[1] === 'view' && argv[0] !== 'issue') {
  const said = fs.existsSync(directory + '/text') ? fs.readFileSync(directory + '/text', 'utf8') : ''
  const known = isGh
    ? { number: 7, url: ${JSON.stringify(address)}, title: 'Add the login', body: said, state: 'OPEN', isDraft: false, labels: [], reviewRequests: [], reviews: [], isCrossRepository: false }
    : { iid: 7, web_url: ${JSON.stringify(address)}, title: 'Add the login', description: said, state: 'opened', draft: false, labels: [], reviewers: [], source_project_id: 1, target_project_id: 1 }
  say({ ...known, ...read('request.json') })
}
if (argv[1] === 'create') {
  const head = (value('--head') && isGh ? value('--head') : value('--source-branch')) ?? ''
  const [owner, name] = head.includes(':') ? head.split(':') : ['o', head]
  const base = value('--base') ?? value('--target-branch')
  const fork = !isGh && value('--head') !== undefined
  const entry = { number: 7, url: ${JSON.stringify(address)}, iid: 7, web_url: ${JSON.stringify(address)}, headRefName: name, headRepositoryOwner: { login: owner }, source_branch: name, target_branch: base, source_project_id: fork ? 12 : 1, target_project_id: 1 }
  fs.writeFileSync(directory + '/open.json', JSON.stringify([entry]))
  console.log(${JSON.stringify(address)})
}
`
}
