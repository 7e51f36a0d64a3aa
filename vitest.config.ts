import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const packed = ['./test/support/temporary-root.ts', './test/support/packed-setup.ts']

/** One project a kind of test: `npx vitest run --project unit`. */
function project(name: string, timeout: number, globalSetup: string[] = []) {
  return {
    extends: true as const,
    test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: timeout, hookTimeout: timeout, globalSetup },
  }
}

/**
 * Its files share processes: for files as short as these, starting one for each is most of the work. Not for tests that start git: a process that
 * grows takes longer for each program it starts.
 */
function together({ test, extends: base }: ReturnType<typeof project>) {
  return { extends: base, test: { ...test, isolate: false } }
}

/** `--mode faults`: every case of the fault tests, not a sample of them. */
function withMode({ test, extends: base }: ReturnType<typeof project>, mode: string) {
  return { extends: base, test: { ...test, env: { FLIGHTRULES_FAULTS: mode === 'faults' ? 'all' : 'some' } } }
}

export default defineConfig(({ mode }) => ({
  test: {
    pool: 'forks',
    // most of the time a test waits for git; one file after the other would leave the machine idle
    maxWorkers: Math.max(2, availableParallelism()),
    reporters: ['default', './test/support/summary-reporter.ts'],
    projects: [
      together(project('unit', 10_000, ['./test/support/temporary-root.ts'])),
      project('architecture', 20_000),
      project('properties', 60_000, ['./test/support/temporary-root.ts']),
      project('integration', 60_000, packed),
      project('e2e', 120_000, packed),
      withMode(project('faults', 600_000, packed), mode),
    ],
  },
}))
