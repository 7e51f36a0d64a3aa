import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type ForgeProject, makeForgeProject } from '../support/recording-forge.ts'
import { commitWork, startWithWork } from '../support/session-work.ts'

interface Item {
  readonly id: string
  readonly kind: string
  readonly evidence: string
  readonly done: boolean
}

/** A project whose remote nobody can be reached at: what git cannot tell only the client does. */
async function makeProject(client: 'gh' | 'glab'): Promise<ForgeProject> {
  const project = await makeForgeProject(client)
  await project.git(['config', 'http.proxy', 'http://127.0.0.1:1'])
  return project
}

/** A request that was merged, in the client's own words. */
function merged(client: 'gh' | 'glab', tip: string, head: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return client === 'gh'
    ? {
        number: 9,
        url: 'https://github.com/o/r/pull/9',
        state: 'MERGED',
        headRefOid: tip,
        headRefName: head,
        baseRefName: 'main',
        headRepositoryOwner: { login: 'O' },
        ...more,
      }
    : {
        iid: 9,
        web_url: 'https://gitlab.com/g/s/r/-/merge_requests/9',
        state: 'merged',
        sha: tip,
        source_branch: head,
        target_branch: 'main',
        source_project_id: 1,
        target_project_id: 1,
        ...more,
      }
}

async function cleanup(
  project: ForgeProject,
  ...args: string[]
): Promise<{ items: readonly Item[]; codes: string[]; text: string }> {
  const { json } = await project.json(['cleanup', '--merged', ...args])
  const { items = [] } = (json.data ?? {}) as unknown as { items?: readonly Item[] }
  return { items, codes: json.findings.map(({ code }) => code), text: JSON.stringify(json) }
}

const listings = async (project: ForgeProject): Promise<number> =>
  (await project.calls()).filter(({ argv }) => argv.includes('--merged') || argv.includes('merged')).length

/** The squash of a maintainer who changed the same line: git alone cannot know it. */
async function squashEdited(project: ForgeProject, id: string): Promise<void> {
  await commitWork(project, project.path, `squash of ${id}, edited`, { [`${id}.txt`]: 'edited by a maintainer\n' })
}

describe.concurrent.each(['gh', 'glab'] as const)('a request that %s says was merged', (client) => {
  test('exactly as the session is: the session is cleaned up, or shown as merged where somebody has to decide', async () => {
    const project = await makeProject(client)
    const tips = new Map<string, string>()
    for (const id of ['gone', 'dirty', 'ahead', 'private']) {
      const session = await startWithWork(project, id)
      tips.set(id, await project.git(['rev-parse', 'HEAD'], session))
      if (id !== 'private') expect((await project.cli(['end', id])).status).toBe(0)
    }
    for (const id of tips.keys()) await squashEdited(project, id)
    await project.write(join(project.session('dirty'), 'draft.txt'), 'draft')
    await commitWork(project, project.session('ahead'), 'one more', { 'more.txt': 'x' })
    const heads = await Promise.all(
      [...tips.keys()].map(async (id): Promise<[string, string]> => [
        id,
        await project.git(['rev-parse', `session/${id}^{commit}`]),
      ]),
    )
    await project.setMerged(
      heads.map(([id, head]) => merged(client, id === 'ahead' ? (tips.get(id) ?? '') : head, `session/${id}`)),
    )
    const before = await listings(project)
    expect((await cleanup(project, '--dry-run')).items).toEqual([])
    expect((await cleanup(project, '--no-fetch')).items).toEqual([])
    expect(await listings(project)).toBe(before)

    const { items, codes } = await cleanup(project)

    expect(items.map(({ id, kind, done }) => [id, kind, done])).toEqual([
      ['dirty', 'merged', false],
      ['gone', 'merged', true],
    ])
    expect(items[1]?.evidence).toMatch(/^its request #9 was merged as it is \(https:\/\/git.*9\), it is clean/)
    expect(codes).toContain('FETCH_FAILED')
    expect(existsSync(project.session('gone'))).toBe(false)
    const after = await listings(project)
    const states = Object.fromEntries((await project.status()).sessions.map(({ id, states }) => [id, states]))
    expect(states).toMatchObject({ dirty: ['merged'], ahead: ['active'], private: ['active'] })
    expect(await listings(project)).toBe(after)
  })

  test('ends the session without another one', async () => {
    const project = await makeProject(client)
    const session = await startWithWork(project, 'auth')
    await project.cli(['end', 'auth'])
    await squashEdited(project, 'auth')
    await project.setMerged([merged(client, await project.git(['rev-parse', 'HEAD'], session), 'session/auth')])
    const made = (await project.calls()).filter(({ argv }) => argv[1] === 'create').length
    const { json: preview } = await project.json(['end', 'auth', '--dry-run'])
    expect(JSON.stringify(preview)).toContain('remove-worktree')
    const { status, stdout, stderr } = await project.cli(['end', 'auth'])
    expect([status, stdout]).toEqual([0, expect.stringContaining('Ended session auth: its request was merged as #9')])
    expect(stderr).toContain('no other was opened')
    expect(existsSync(session)).toBe(false)
    expect((await project.calls()).filter(({ argv }) => argv[1] === 'create')).toHaveLength(made)
  })

  test('counts for nothing when it is about another commit, branch, base or owner, or makes no sense', async () => {
    const project = await makeProject(client)
    const session = await startWithWork(project, 'auth')
    await project.cli(['end', 'auth'])
    await squashEdited(project, 'auth')
    const tip = await project.git(['rev-parse', 'HEAD'], session)
    const strange: Record<string, unknown>[] = [
      merged(client, 'e'.repeat(40), 'session/auth'),
      merged(client, tip.slice(0, 12), 'session/auth'),
      merged(client, tip, 'session/auth', { baseRefName: 'release', target_branch: 'release' }),
      merged(client, tip, 'session/auth', { state: client === 'gh' ? 'CLOSED' : 'closed' }),
      merged(client, tip, 'session/auth', { number: -1, iid: '9' }),
      merged(client, tip, 'session/auth', { headRefOid: [tip], sha: { tip } }),
      ...(client === 'gh' ? [merged(client, tip, 'session/auth', { headRepositoryOwner: { login: 'stranger' } })] : []),
    ]
    for (const answer of [...strange.map((one) => [one]), { text: 'no JSON \u001b[31m' }, { text: '{"a":1}' }]) {
      await project.setMerged(answer)
      expect([answer, (await cleanup(project)).items]).toEqual([answer, []])
    }
    await project.setMerged([merged(client, tip, 'session/auth')])
    await project.fail('list', { status: 1, stderr: 'HTTP 502 from https://u:s3cret@host/x' })
    const { items, codes, text } = await cleanup(project)
    expect([items, codes]).toEqual([[], ['FETCH_FAILED', 'REQUESTS_NOT_ASKED']])
    expect(text).not.toContain('s3cret')
    expect(existsSync(session)).toBe(true)
  })
})
