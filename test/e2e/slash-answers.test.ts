import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commandTemplates } from '../../src/agents/slash/templates/all.ts'
import { makeProject } from '../support/flightrules-project.ts'
import { startWithWork } from '../support/session-work.ts'

const bodies = new Map(commandTemplates.map(({ name, body }) => [name, body]))

/** What agents are told to look at in an answer is named so in the template, and is in the answer. */
function expectNamed(template: string, name: string, value: unknown): void {
  expect([template, name, new RegExp(`\\b${name.replaceAll('.', '\\.')}\\b`).test(bodies.get(template) ?? '')]).toEqual([
    template,
    name,
    true,
  ])
  expect([template, name, value]).not.toEqual([template, name, undefined])
}

test('the fields of the answers that slash commands speak of are there', async () => {
  const project = await makeProject({ files: { 'README.md': 'hello\n' } })
  const { json: started } = await project.json(['start', 'auth', '--goal', 'Sign in', '--parallel'])
  const { session, next } = started.data as unknown as { session: Record<string, unknown>; next: unknown }
  expectNamed('dev-session.start', 'data.session.id', session['id'])
  expectNamed('dev-session.start', 'data.session.ports', session['ports'])
  expectNamed('dev-session.start', 'data.next', next)
  await project.commit('mine', { [join(project.session('auth'), 'README.md')]: 'mine\n' }, project.session('auth'))
  await startWithWork(project, 'other', { 'README.md': 'theirs\n' })

  const { sessions } = await project.status()
  const [first] = sessions as unknown as Record<string, unknown>[]
  for (const name of ['states', 'conflicts', 'overlaps', 'live']) expectNamed('parallel.status', name, first?.[name])
  for (const name of ['path', 'base', 'conflicts', 'behind']) expectNamed('dev-session.end', name, first?.[name])

  const radar = (await project.json(['radar', '--order'])).json.data as unknown as {
    pairs: { conflict: { kind: string }[]; documents: string[] }[]
  }
  const kind = radar.pairs[0]?.conflict[0]?.kind
  expectNamed('parallel.radar', 'documents', radar.pairs[0]?.documents)
  expectNamed('parallel.radar', String(kind), kind)

  const sync = (await project.json(['sync', 'auth'])).json.data as unknown as { results: { outcome: string }[] }
  expectNamed('parallel.sync', 'data.results', sync.results)
  expectNamed('parallel.sync', String(sync.results[0]?.outcome), sync.results[0]?.outcome)

  const { json: ended } = await project.json(['end', 'auth', '--strategy', 'merge'])
  const end = ended.data as unknown as { integrated: { into: string }; pr: unknown; worktreeRemoved: boolean }
  expectNamed('dev-session.end', 'integrated.into', end.integrated.into)
  expectNamed('dev-session.end', 'pr.url', end.pr)
  expectNamed('dev-session.end', 'worktreeRemoved', end.worktreeRemoved)

  const done = await startWithWork(project, 'done')
  await project.write(join(done, 'draft.txt'), 'x\n')
  await project.git(['merge', '--quiet', '--no-edit', 'session/done'])
  const preview = (await project.json(['cleanup', '--dry-run'])).json.data as unknown as { plan: { findings: unknown[] } }
  expectNamed('parallel.cleanup', 'data.plan.findings', preview.plan.findings[0])
  const { items } = (await project.json(['cleanup'])).json.data as unknown as { items: Record<string, unknown>[] }
  expectNamed('parallel.cleanup', 'data.items', items)
  for (const name of ['done', 'decides', 'trash']) expectNamed('parallel.cleanup', name, items[0]?.[name])
})
