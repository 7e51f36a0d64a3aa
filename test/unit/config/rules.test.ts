import { expect, test } from 'vitest'
import { findDeclared, findTemplateProblems } from '../../../src/config/rules.ts'

function problemsOf(...files: unknown[]): { path: string; suggestion?: string }[] {
  return files.flatMap((file) => findTemplateProblems(file, findDeclared(files)))
}

test('a variable may use what the session gives, ports, other variables and those of presets and other files', () => {
  const config = {
    extends: ['compose', { name: 'x', ports: { DB: 1 } }],
    env: { A: '{session_snake} {DB} {COMPOSE_PROJECT_NAME} {LOCAL}' },
  }
  expect(problemsOf(config, { ports: { LOCAL: 2 } })).toEqual([])
})

test('an unknown name is a problem that names the nearest', () => {
  expect(problemsOf({ ports: { API_PORT: 1 }, env: { URL: 'http://x:{API_PROT}/{sesion}' } })).toMatchObject([
    { path: 'env.URL', suggestion: '{API_PORT}' },
    { path: 'env.URL', suggestion: '{session}' },
  ])
})

test('variables that need each other in a circle are a problem', () => {
  expect(problemsOf({ env: { A: '{B}', B: '{C}', C: '{A}', D: '{A}' } }).map((problem) => problem.path)).toEqual([
    'env.A',
    'env.B',
    'env.C',
  ])
})

test('content of any kind is survived', () => {
  for (const content of [null, 3, [], { env: 3 }, { extends: [null, 3] }, { env: { A: [] } }])
    expect(problemsOf(content)).toEqual([])
})
